//! An instantiated component: what it is given, and the two ways of running it.

use std::io::Write;
use std::path::Path;

use wasmtime::component::types::{ComponentInstance, ComponentItem};
use wasmtime::component::{Component, Instance, Linker, TypedFunc, Val};
use wasmtime::{Engine, Store};
use witgen_diag::{Diagnostic, Id, Result};
use witgen_grants::{Alarm, Guard};
use witgen_wasi::State;

use crate::invoke::Call;
use crate::{Outcome, exports, load, trap, wave};

const RUN: &str = "wasi:cli/run@0.2.";
/// Hands what the guest wrote over to the operating system before anything else is printed.
pub(crate) fn flush() {
    let _ = std::io::stdout().flush();
    let _ = std::io::stderr().flush();
}

/// Fails unless `component` exports `wasi:cli/run`.
pub(crate) fn require_command(engine: &Engine, component: &Component, path: &Path) -> Result<()> {
    let mut newer = false;
    for (name, _) in component.component_type().exports(engine) {
        if name.starts_with(RUN) {
            return Ok(());
        }
        newer |= name.starts_with("wasi:cli/run@");
    }
    if is_wit_package(engine, component) {
        let message = "this is a WIT package in binary form, which holds types and no code";
        return Err(Diagnostic::error(Id::InvalidComponent, message)
            .in_path(path)
            .help(format!("look at it with: witgen inspect {}", path.display()))
            .into());
    }
    let message = "the component is no command: it does not export `wasi:cli/run@0.2.0`";
    let mut diagnostic = Diagnostic::error(Id::InvalidInvoke, message).in_path(path);
    if newer {
        return Err(diagnostic
            .note("it exports another version of `wasi:cli/run`, which is not supported")
            .into());
    }
    let functions = exports::functions(engine, component);
    diagnostic = diagnostic.note(exports::listing(&functions));
    if let Some(func) = functions.iter().find(|func| !func.is_of_resource()) {
        let params = if func.ty.params().len() == 0 { "" } else { "..." };
        diagnostic = diagnostic.help(format!("call a function: --invoke '{}({params})'", func.path()));
    }
    Err(diagnostic.into())
}

fn is_wit_package(engine: &Engine, component: &Component) -> bool {
    let ty = component.component_type();
    let mut exports = ty.exports(engine).peekable();
    exports.peek().is_some() && exports.all(|(_, export)| matches!(export.ty, ComponentItem::Component(_)))
}

/// Everything that components are given.
pub(crate) fn linker(component: &Component, path: &Path) -> Result<Linker<State>> {
    let engine = component.engine();
    let missing = missing_imports(engine, component);
    if !missing.is_empty() {
        return Err(report_missing(&missing, path).into());
    }
    let mut linker = Linker::new(engine);
    witgen_wasi::add_to_linker(&mut linker).map_err(|error| {
        Diagnostic::error(Id::Internal, format!("WASI cannot be linked: {error:#}")).in_path(path)
    })?;
    Ok(linker)
}

/// Links WASI and instantiates.
pub(crate) fn instantiate(
    engine: &Engine,
    component: &Component,
    path: &Path,
    state: State,
) -> Result<Guest> {
    let ready = linker(component, path)?.instantiate_pre(component).map_err(|error| {
        Diagnostic::error(Id::MissingImport, "an import of the component is not provided as it needs it")
            .in_path(path)
            .note(format!("{error:#}"))
            .note(provided())
    })?;
    load::make_images(component, path)?;
    let mut store = Store::new(engine, state);
    Guard::limit(&mut store);
    // A run is one call, and starting is part of it.
    let started = Guard::begin(&mut store)
        .and_then(|alarm| ready.instantiate(&mut store).map(|instance| (alarm, instance)));
    match started {
        Ok((alarm, instance)) => Ok(Guest { store, instance, _alarm: alarm }),
        Err(error) => {
            flush();
            Err(trap::diagnostic(&error, "the component trapped while it started").into())
        }
    }
}

/// A component instance that can run once.
pub(crate) struct Guest {
    store: Store<State>,
    instance: Instance,
    _alarm: Alarm,
}

impl Guest {
    /// Runs the command.
    pub(crate) fn command(&mut self) -> Result<Outcome> {
        let func = self.run_func().map_err(|error| {
            Diagnostic::error(
                Id::InvalidComponent,
                "`wasi:cli/run` does not have the type that WASI 0.2 gives it",
            )
            .note(format!("{error:#}"))
        })?;
        match func.call(&mut self.store, ()) {
            Ok((Ok(()),)) => Ok(Outcome::Exit(0)),
            Ok((Err(()),)) => Ok(Outcome::Exit(1)),
            Err(error) => ended(&error, "the command trapped"),
        }
    }

    /// Calls one function.
    pub(crate) fn invoke(&mut self, call: &Call) -> Result<Outcome> {
        let lost = || Diagnostic::error(Id::Internal, format!("the export `{}` vanished", call.path));
        let parent = match &call.interface {
            Some(name) => Some(self.instance.get_export_index(&mut self.store, None, name).ok_or_else(lost)?),
            None => None,
        };
        let index = self.instance.get_export_index(&mut self.store, parent.as_ref(), &call.name);
        let func = index.and_then(|index| self.instance.get_func(&mut self.store, index)).ok_or_else(lost)?;
        let mut results = vec![Val::Bool(false); call.results];
        if let Err(error) = func.call(&mut self.store, &call.arguments, &mut results) {
            return ended(&error, &format!("`{}` trapped", call.path));
        }
        match results.first() {
            Some(value) => wave::print(value).map(|text| Outcome::Value(Some(text))),
            None => Ok(Outcome::Value(None)),
        }
    }

    fn run_func(&mut self) -> wasmtime::Result<TypedFunc<(), (std::result::Result<(), ()>,)>> {
        let component = self.instance.instance_pre(&self.store).component().clone();
        let engine = component.engine().clone();
        let ty = component.component_type();
        let name = ty.exports(&engine).map(|(name, _)| name).find(|name| name.starts_with(RUN));
        let name = name.ok_or_else(|| wasmtime::Error::msg("the export is missing"))?;
        let interface = self.instance.get_export_index(&mut self.store, None, name);
        let index = self.instance.get_export_index(&mut self.store, interface.as_ref(), "run");
        let index = index.ok_or_else(|| wasmtime::Error::msg("the interface has no function `run`"))?;
        self.instance.get_typed_func(&mut self.store, index)
    }
}

/// An exit that the guest asked for, or a trap.
fn ended(error: &wasmtime::Error, message: &str) -> Result<Outcome> {
    flush();
    match error.downcast_ref::<wasmtime_wasi::I32Exit>() {
        Some(exit) => Ok(Outcome::Exit(u8::try_from(exit.0).unwrap_or(1))),
        None => Err(trap::diagnostic(error, message).into()),
    }
}

/// What components are given, for those who read an error.
fn provided() -> String {
    let mut stable = Vec::new();
    let mut drafts = Vec::new();
    for (package, versions) in witgen_wasi::PROVIDED {
        let name = package.trim_start_matches("wasi:");
        match versions {
            ["0.2"] => stable.push(name.to_owned()),
            versions => drafts.push(format!("{name} ({})", versions.join(", ").trim_start_matches(", "))),
        }
    }
    format!(
        "of WASI there are 0.2.0 to 0.2.12 of {}, and the drafts {}",
        stable.join(", "),
        drafts.join(", ")
    )
}

fn missing_imports(engine: &Engine, component: &Component) -> Vec<String> {
    let mut missing: Vec<String> = component
        .component_type()
        .imports(engine)
        .filter(|(name, import)| !witgen_wasi::provides(name) && needs_implementation(engine, &import.ty))
        .map(|(name, _)| name.to_owned())
        .collect();
    missing.sort();
    missing
}

/// Interfaces of plain types are imported too, and nobody has to provide those.
fn needs_implementation(engine: &Engine, item: &ComponentItem) -> bool {
    match item {
        ComponentItem::Type(_) => false,
        ComponentItem::ComponentInstance(instance) => instance_needs_implementation(engine, instance),
        _ => true,
    }
}

fn instance_needs_implementation(engine: &Engine, instance: &ComponentInstance) -> bool {
    instance.exports(engine).any(|(_, export)| needs_implementation(engine, &export.ty))
}

fn report_missing(missing: &[String], path: &Path) -> Diagnostic {
    let list: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
    let message = match list.len() {
        1 => format!("the component imports {}, which nobody provides", list[0]),
        count => format!("the component needs {count} imports that nobody provides: {}", list.join(", ")),
    };
    let mut diagnostic = Diagnostic::error(Id::MissingImport, message).in_path(path);
    if missing.iter().any(|name| !name.starts_with("wasi:")) {
        diagnostic = diagnostic.help(format!(
            "compose it with a component that exports {}: witgen compose {} PROVIDER.wasm -o OUT.wasm",
            if missing.len() == 1 { "it" } else { "them" },
            path.display(),
        ));
    }
    if missing.iter().any(|name| name.starts_with("wasi:")) {
        diagnostic = diagnostic.note(provided());
    }
    diagnostic
}
