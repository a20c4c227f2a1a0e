//! Test guests: the two sides of the conformance suite, with every vector as a JavaScript expression.

use witgen_backend::testee::{Call, Cases, Expected, Group, Role, Testee};
use witgen_diag::{Diagnostic, Id, Result};
use witgen_emit::FileSet;
use witgen_ir::{Direction, Function, Interface, Type, TypeKind, World};
use witgen_languages::Case;
use witgen_templates::js::NamespaceImportView;
use witgen_templates::js::testee as view;

use crate::literals;
use crate::names::{self, Names, property};

/// The module of a test guest.
pub(crate) fn testee(world: &World, cases: &Cases, role: Role) -> Result<Testee> {
    let writer = Writer { world, names: &Names::new(world) };
    let mut imports = Vec::new();
    for interface in world.interfaces_of(Direction::Import).filter(|_| role == Role::Importer) {
        if !interface.functions.is_empty() {
            imports.push(NamespaceImportView {
                name: writer.import_name(interface),
                specifier: format!("\"./bindings/{}.js\"", writer.names.module(Some(interface.id)).path),
            });
        }
    }
    let view = view::TesteeView {
        imports,
        groups: cases.groups.iter().map(|group| writer.group(group)).collect::<Result<_>>()?,
        calls: cases.calls.iter().map(|call| writer.call(call)).collect::<Result<_>>()?,
    };
    let text = match role {
        Role::Exporter => view::ExporterView { testee: view }.to_string(),
        Role::Importer => view::ImporterView { testee: view }.to_string(),
    };
    let mut files = FileSet::new();
    files.insert("app.js", text)?;
    let support = include_str!("../../../runtime-support/js/testee/vectors.js");
    files.insert("vectors.js", support.replace("../shared/errors.js", "./bindings/errors.js"))?;
    Ok(Testee { files, source: "app.js" })
}

struct Writer<'a> {
    world: &'a World,
    names: &'a Names<'a>,
}

impl Writer<'_> {
    fn group(&self, group: &Group) -> Result<view::GroupView> {
        let interface = self.world.interface(group.interface);
        let exported: Vec<&Interface> = self.world.interfaces_of(Direction::Export).collect();
        let name = match interface.direction {
            Direction::Import => self.import_name(interface),
            Direction::Export => names::distinct(interface, &exported, Case::LowerCamel),
        };
        let values = group.values.iter().map(|value| literals::print(self.world, group.subject, value));
        Ok(view::GroupView {
            name,
            roundtrip: self.function(self.world.function(group.roundtrip)),
            check: self.function(self.world.function(group.check)),
            give: self.function(self.world.function(group.give)),
            is_result: self.is_result(group.subject),
            values: values.collect::<Result<_>>()?,
        })
    }

    fn call(&self, call: &Call) -> Result<view::CallView> {
        let function = self.world.function(call.function);
        let id = function
            .interface
            .ok_or_else(|| Diagnostic::error(Id::Internal, "a function under test has no interface"))?;
        let args = function.params.iter().zip(&call.args);
        let args = args.map(|(param, arg)| literals::print(self.world, param.ty, arg));
        let expected = match (&call.expected, function.result) {
            (Expected::Value(Some(value)), Some(ty)) => literals::print(self.world, ty, value)?,
            _ => "undefined".to_owned(),
        };
        Ok(view::CallView {
            function: format!("{}.{}", self.import_name(self.world.interface(id)), self.function(function)),
            args: args.collect::<Result<Vec<_>>>()?.join(", "),
            expected,
            is_result: function.result.is_some_and(|ty| self.is_result(ty)),
        })
    }

    /// What an imported interface is called in the module.
    fn import_name(&self, interface: &Interface) -> String {
        let place = self.world.interfaces.iter().position(|other| other.id == interface.id);
        format!("import{}", place.unwrap_or_default())
    }

    fn function(&self, function: &Function) -> String {
        match function.direction {
            Direction::Import => self.names.func_name(function).to_owned(),
            Direction::Export => property(&function.name),
        }
    }

    /// Whether a function that returns it throws instead.
    fn is_result(&self, ty: Type) -> bool {
        let Type::Id(id) = self.world.resolve_alias(ty) else { return false };
        matches!(self.world.type_def(id).kind, TypeKind::Result { .. })
    }
}
