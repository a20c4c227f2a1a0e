//! Test guests: the two sides of the conformance suite, with every vector as a Rust expression.

use witgen_backend::testee::{Call, Cases, Expected, Group, Role, Testee};
use witgen_diag::Result;
use witgen_emit::FileSet;
use witgen_ir::{Type, TypeKind, World};
use witgen_templates::rust as view;

use crate::facts::Facts;
use crate::guest::render;
use crate::literals::Literals;
use crate::names::{self, Names};
use crate::types::Context;

/// How test guests and host programs reach their bindings.
pub(crate) const ROOT: &str = "bindings::";

pub(crate) const VECTORS: &str = include_str!("../../../runtime-support/rust/testee/vectors.rs");

/// The crate of a test guest.
pub(crate) fn testee(world: &World, cases: &Cases, role: Role) -> Result<Testee> {
    let names = Names::new(world);
    let facts = Facts::new(world);
    let ctx = Context::root(world, &names, &facts);
    let writer = Writer { ctx, literals: Literals::new(ctx, ROOT) };
    let view = view::TesteeView {
        bindings: names::module_name(&world.name),
        groups: cases.groups.iter().map(|group| writer.group(group)).collect::<Result<_>>()?,
        calls: cases.calls.iter().map(|call| writer.call(call)).collect::<Result<_>>()?,
    };
    let text = match role {
        Role::Exporter => render(&view::ExporterView { testee: view })?,
        Role::Importer => render(&view::ImporterView { testee: view })?,
    } + "\n";
    let mut files = FileSet::new();
    files.insert("src/lib.rs", text.as_str())?;
    files.insert("src/vectors.rs", VECTORS)?;
    files.insert("Cargo.toml", render(&view::ManifestView { package: package(&text) })? + "\n")?;
    Ok(Testee { files, source: "." })
}

/// A name for the package with this source: what is built from packages of one name overwrites each other in a target
/// directory that they share.
pub(crate) fn package(text: &str) -> String {
    format!("testee-{:016x}", fingerprint(text))
}

/// FNV-1a, which is the same on every machine.
fn fingerprint(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

struct Writer<'a> {
    ctx: Context<'a>,
    literals: Literals<'a>,
}

impl Writer<'_> {
    fn group(&self, group: &Group) -> Result<view::GroupView> {
        let world = self.ctx.world;
        let module = self.ctx.names.module(group.interface);
        let param = self.ctx.text(group.subject, self.ctx.borrowed_mode(group.subject));
        let function = |id| self.ctx.names.function(id).to_owned();
        let values = group.values.iter().map(|value| self.literals.owned(group.subject, value));
        Ok(view::GroupView {
            name: module.last().cloned().unwrap_or_default(),
            module: format!("{ROOT}{}", module.join("::")),
            subject: format!("{ROOT}{}", self.ctx.owned(group.subject)),
            borrows: param.starts_with('&'),
            holds_map: holds_map(world, group.subject),
            roundtrip: function(group.roundtrip),
            check: function(group.check),
            give: function(group.give),
            values: values.collect::<Result<_>>()?,
        })
    }

    fn call(&self, call: &Call) -> Result<view::CallView> {
        let function = self.ctx.world.function(call.function);
        let module = function.interface.map(|id| self.ctx.names.module(id).join("::") + "::");
        let path = format!("{ROOT}{}{}", module.unwrap_or_default(), self.ctx.names.function(call.function));
        let args =
            function.params.iter().zip(&call.args).map(|(param, arg)| self.literals.argument(param.ty, arg));
        let args = args.collect::<Result<Vec<_>>>()?.join(", ");
        let expected = match (&call.expected, function.result) {
            (Expected::Value(Some(value)), Some(ty)) => Some(self.literals.owned(ty, value)?),
            _ => None,
        };
        let holds_map = function.result.is_some_and(|ty| holds_map(self.ctx.world, ty));
        Ok(view::CallView { call: format!("{path}({args})"), expected, holds_map })
    }
}

/// Whether the debug text of a value has parts without an order.
pub(crate) fn holds_map(world: &World, ty: Type) -> bool {
    let Type::Id(id) = ty else { return false };
    let holds = |ty: &Type| holds_map(world, *ty);
    match &world.type_def(id).kind {
        TypeKind::Map(..) => true,
        TypeKind::Record { fields } => fields.iter().any(|field| holds(&field.ty)),
        TypeKind::Variant { cases, .. } => cases.iter().any(|case| case.ty.as_ref().is_some_and(holds)),
        TypeKind::Tuple { types, .. } => types.iter().any(holds),
        TypeKind::Result { ok, err, .. } => [ok, err].into_iter().flatten().any(holds),
        TypeKind::Option { some: ty, .. }
        | TypeKind::List(ty)
        | TypeKind::FixedLengthList(ty, _)
        | TypeKind::Alias(ty) => holds(ty),
        TypeKind::Enum { .. }
        | TypeKind::Flags { .. }
        | TypeKind::Resource
        | TypeKind::Own(_)
        | TypeKind::Borrow(_)
        | TypeKind::Future(_)
        | TypeKind::Stream(_) => false,
    }
}
