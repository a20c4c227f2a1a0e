//! The two sides of the conformance suite, as guests and as host programs, with every vector as a Python expression.

use witgen_backend::testee::{Call, Cases, Expected, Group, Misuse, MisuseKind, Role, Testee};
use witgen_diag::{Diagnostic, Id, Result};
use witgen_emit::FileSet;
use witgen_ir::{Direction, Function, InterfaceId, Type, World};
use witgen_templates::python::testee as view;

use crate::HostOptions;
use crate::guest::print;
use crate::host::roles::Roles;
use crate::literals::Literals;
use crate::names::{self, Module, Names, WORLD_CLASS};

/// The module of a test guest.
pub(crate) fn testee(world: &World, cases: &Cases, role: Role) -> Result<Testee> {
    let names = Names::new(world);
    let writer = Writer { world, names: &names, literals: Literals::new(world, &names), host: None };
    let view = writer.testee(cases)?;
    let text = match role {
        Role::Exporter => print(&view::ExporterView { testee: view }),
        Role::Importer => print(&view::ImporterView { testee: view }),
    };
    let mut files = FileSet::new();
    files.insert("app.py", text)?;
    files.insert("vectors.py", VECTORS.replace("witgen_guest", "bindings"))?;
    Ok(Testee { files, source: "app.py" })
}

/// The program of a host.
pub(crate) fn host_testee(world: &World, cases: &Cases, role: Role) -> Result<Testee> {
    let mut names = Names::for_host(world);
    let roles = Roles::new(world, &mut names, &HostOptions::default());
    let writer = Writer { world, names: &names, literals: Literals::new(world, &names), host: Some(&roles) };
    let testee = writer.testee(cases)?;
    let class = roles.world.clone();
    let text = match role {
        Role::Importer => {
            let misuses = cases.misuses.iter().map(|misuse| writer.misuse(cases, *misuse));
            let misuses = misuses.collect::<Result<_>>()?;
            print(&view::HostImporterView { testee, world: class, misuses })
        }
        Role::Exporter => {
            let method = |name: &str| {
                let function = world.functions_of(Direction::Export).find(|function| function.name == name);
                function.map_or_else(String::new, |function| roles.method(function).to_owned())
            };
            print(&view::HostExporterView {
                testee,
                world: class,
                imports: roles.imports.clone(),
                run: method("run"),
                call: method("call"),
            })
        }
    };
    let mut files = program(world, &text)?;
    files.insert("vectors.py", VECTORS.replace("witgen_guest", "bindings"))?;
    Ok(Testee { files, source: "main.py" })
}

/// What all programs of hosts have, with `main` as the one that is started.
pub(crate) fn program(world: &World, main: &str) -> Result<FileSet> {
    let mut files = FileSet::new();
    files.insert("main.py", main)?;
    files.insert("serving.py", include_str!("../../../runtime-support/python/testee/serving.py"))?;
    files.insert_under("bindings", crate::host(world, &HostOptions::default())?)?;
    Ok(files)
}

const VECTORS: &str = include_str!("../../../runtime-support/python/testee/vectors.py");

struct Writer<'a> {
    world: &'a World,
    names: &'a Names,
    literals: Literals<'a>,
    /// The classes of a host's bindings.
    host: Option<&'a Roles>,
}

impl Writer<'_> {
    fn testee(&self, cases: &Cases) -> Result<view::TesteeView> {
        let modules = self.names.modules.iter().filter(|module| !module.is_world());
        let mut modules: Vec<String> = modules.map(|module| module.name.clone()).collect();
        modules.sort();
        let groups = cases.groups.iter().enumerate().map(|(index, group)| self.group(index, group));
        Ok(view::TesteeView {
            modules,
            groups: groups.collect::<Result<_>>()?,
            calls: cases.calls.iter().map(|call| self.call(call)).collect::<Result<_>>()?,
            world_class: WORLD_CLASS.to_owned(),
        })
    }

    /// A wrong argument for a type, and a good one.
    fn misuse(&self, cases: &Cases, misuse: Misuse) -> Result<view::MisuseView> {
        let group = &cases.groups[misuse.group];
        let module = self.module(group.interface)?;
        let argument = match misuse.kind {
            MisuseKind::Above => above(self.world.resolve_alias(group.subject)),
            MisuseKind::Below => below(self.world.resolve_alias(group.subject)),
            MisuseKind::WrongType | MisuseKind::UnknownCase => "object()",
            MisuseKind::LoneSurrogate => "\"\\ud800\"",
        };
        let good = group.values.first().map(|value| self.literals.print(group.subject, value));
        Ok(view::MisuseView {
            call: self.called(module, self.world.function(group.roundtrip)),
            argument: argument.to_owned(),
            good: good.transpose()?.unwrap_or_default(),
        })
    }

    fn group(&self, index: usize, group: &Group) -> Result<view::GroupView> {
        let module = self.module(group.interface)?;
        let function = |id| self.world.function(id);
        let values = group.values.iter().map(|value| self.literals.print(group.subject, value));
        Ok(view::GroupView {
            name: module.name.clone(),
            class: module.class.clone(),
            attribute: self.field(module).to_owned(),
            roundtrip: module.function(function(group.roundtrip)).to_owned(),
            check: module.function(function(group.check)).to_owned(),
            give: module.function(function(group.give)).to_owned(),
            roundtrip_result: self.returned(module, function(group.roundtrip), "value"),
            give_result: self.returned(module, function(group.give), &format!("VALUES_{index}[index]()")),
            roundtrip_call: self.called(module, function(group.roundtrip)),
            check_call: self.called(module, function(group.check)),
            give_call: self.called(module, function(group.give)),
            values: values.collect::<Result<_>>()?,
        })
    }

    fn call(&self, call: &Call) -> Result<view::CallView> {
        let function = self.world.function(call.function);
        let module = function.interface.map(|id| self.module(id)).transpose()?;
        let path = match (module, self.host) {
            (Some(module), _) => self.called(module, function),
            (None, Some(roles)) => self.wrapped(&self.names.modules[0], function, "bindings", |_| {
                format!("app.{}", roles.method(function))
            }),
            (None, None) => format!("bindings.{}", self.names.modules[0].function(function)),
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

    /// A function of another component that gives a `result` as a value.
    fn called(&self, module: &Module, function: &Function) -> String {
        self.wrapped(module, function, &module.name, |name| match self.host {
            Some(_) => format!("app.{}.{name}", self.field(module)),
            None => format!("{}.{name}", module.name),
        })
    }

    fn wrapped(
        &self,
        module: &Module,
        function: &Function,
        errors: &str,
        path: impl Fn(&str) -> String,
    ) -> String {
        let path = path(module.function(function));
        match module.error(function) {
            Some(error) => format!("wrap({errors}.{error}, {path})"),
            None => path,
        }
    }

    /// The attribute of a host that holds an interface.
    fn field(&self, module: &Module) -> &str {
        let index = self.names.modules.iter().position(|other| other.name == module.name);
        let member = self.host.zip(index).and_then(|(roles, index)| {
            let role = roles.of(index);
            role.class.as_ref().or(role.protocol.as_ref())
        });
        member.map_or("", |member| member.attribute.as_str())
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

/// One more than the largest integer of a type.
fn above(ty: Type) -> &'static str {
    match ty {
        Type::U8 => "2**8",
        Type::S8 => "2**7",
        Type::U16 => "2**16",
        Type::S16 => "2**15",
        Type::U32 => "2**32",
        Type::S32 => "2**31",
        Type::S64 => "2**63",
        _ => "2**64",
    }
}

/// One less than the smallest.
fn below(ty: Type) -> &'static str {
    match ty {
        Type::S8 => "-(2**7) - 1",
        Type::S16 => "-(2**15) - 1",
        Type::S32 => "-(2**31) - 1",
        Type::S64 => "-(2**63) - 1",
        _ => "-1",
    }
}
