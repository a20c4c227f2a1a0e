//! Test guests: the two sides of the conformance suite, with every vector as a Python expression.

use witgen_backend::testee::{Call, Cases, Expected, Group, Role, Testee};
use witgen_diag::{Diagnostic, Id, Result};
use witgen_emit::FileSet;
use witgen_ir::{Direction, Function, InterfaceId, World};
use witgen_templates::python::testee as view;

use crate::guest::print;
use crate::literals::Literals;
use crate::names::{self, Module, Names, WORLD_CLASS};

/// The module of a test guest.
pub(crate) fn testee(world: &World, cases: &Cases, role: Role) -> Result<Testee> {
    let names = Names::new(world);
    let writer = Writer { world, names: &names, literals: Literals::new(world, &names) };
    let mut modules: Vec<String> =
        names.modules.iter().filter(|module| !module.is_world()).map(|module| module.name.clone()).collect();
    modules.sort();
    let view = view::TesteeView {
        modules,
        groups: cases
            .groups
            .iter()
            .enumerate()
            .map(|(index, group)| writer.group(index, group))
            .collect::<Result<_>>()?,
        calls: cases.calls.iter().map(|call| writer.call(call)).collect::<Result<_>>()?,
        world_class: WORLD_CLASS.to_owned(),
    };
    let text = match role {
        Role::Exporter => print(&view::ExporterView { testee: view }),
        Role::Importer => print(&view::ImporterView { testee: view }),
    };
    let mut files = FileSet::new();
    files.insert("app.py", text)?;
    let support = include_str!("../../../runtime-support/python/testee/vectors.py");
    files.insert("vectors.py", support.replace("witgen_guest", "bindings"))?;
    Ok(Testee { files, source: "app.py" })
}

struct Writer<'a> {
    world: &'a World,
    names: &'a Names,
    literals: Literals<'a>,
}

impl Writer<'_> {
    fn group(&self, index: usize, group: &Group) -> Result<view::GroupView> {
        let module = self.module(group.interface)?;
        let function = |id| self.world.function(id);
        let values = group.values.iter().map(|value| self.literals.print(group.subject, value));
        Ok(view::GroupView {
            name: module.name.clone(),
            class: module.class.clone(),
            roundtrip: module.function(function(group.roundtrip)).to_owned(),
            check: module.function(function(group.check)).to_owned(),
            give: module.function(function(group.give)).to_owned(),
            roundtrip_result: self.returned(module, function(group.roundtrip), "value"),
            give_result: self.returned(module, function(group.give), &format!("VALUES_{index}[index]()")),
            roundtrip_call: self.called(module, function(group.roundtrip)),
            give_call: self.called(module, function(group.give)),
            values: values.collect::<Result<_>>()?,
        })
    }

    fn call(&self, call: &Call) -> Result<view::CallView> {
        let function = self.world.function(call.function);
        let module = function.interface.map(|id| self.module(id)).transpose()?;
        let path = match module {
            Some(module) => self.called(module, function),
            None => format!("bindings.{}", self.names.modules[0].function(function)),
        };
        let args = names::arguments(function).iter().zip(&call.args);
        let args = args.map(|(param, arg)| self.literals.print(param.ty, arg)).collect::<Result<Vec<_>>>()?;
        let expected = match (&call.expected, function.result) {
            (Expected::Value(Some(value)), Some(ty)) => self.literals.print(ty, value)?,
            _ => "None".to_owned(),
        };
        Ok(view::CallView { function: path, args: args.join(", "), expected })
    }

    /// What an exported function returns; one whose whole result is a `result` returns or raises what it holds.
    fn returned(&self, module: &Module, function: &Function, value: &str) -> String {
        let has_payload = names::whole_result(self.world, function).is_some_and(|(_, err)| err.is_some());
        match module.error(function) {
            Some(error) if has_payload => format!("unwrap({value}, {}.{error})", module.name),
            Some(error) => format!("unwrap({value}, lambda _: {}.{error}())", module.name),
            None => value.to_owned(),
        }
    }

    /// An imported function that gives a `result` as a value.
    fn called(&self, module: &Module, function: &Function) -> String {
        let path = format!("{}.{}", module.name, module.function(function));
        match module.error(function) {
            Some(error) => format!("wrap({}.{error}, {path})", module.name),
            None => path,
        }
    }

    fn module(&self, id: InterfaceId) -> Result<&Module> {
        let direction = self.world.interface(id).direction;
        let found = self.names.modules.iter().find(|module| match direction {
            Direction::Import => module.import == Some(id),
            Direction::Export => module.export == Some(id),
        });
        found.ok_or_else(|| Diagnostic::error(Id::Internal, "an interface has no module").into())
    }
}
