//! The declarations of types.

use witgen_ir::{Case, Direction, Stability, TypeDef, TypeKind};
use witgen_languages::Side;
use witgen_templates::go::{
    AliasView, CaseView, ComponentResourceView, ConstantView, EnumView, ExportedResourceView, FieldView,
    FlagsView, GivenResourceView, ImportedResourceView, MethodView, RecordView, TypeView, VariantView,
};

use crate::docs::{comment, comment_or, paragraph};
use crate::internal;
use crate::types::Types;

/// The view of a named type.
pub(crate) fn view(
    types: &mut Types<'_, '_>,
    def: &TypeDef,
    methods: Vec<MethodView>,
) -> witgen_diag::Result<TypeView> {
    let names = types.names.type_names(def.id)?;
    let (name, members) = (names.name.clone(), names.members.clone());
    let comment = paragraph(&described(types, def, &name, &members)?);
    Ok(match &def.kind {
        TypeKind::Record { fields } => {
            let fields = fields
                .iter()
                .zip(&members)
                .map(|(field, name)| Ok((name.clone(), types.text(field.ty)?, docs(field.docs.as_deref()))))
                .collect::<witgen_diag::Result<Vec<_>>>()?;
            TypeView::Record(RecordView { comment, name, fields: aligned(fields) })
        }
        TypeKind::Variant { cases, .. } => TypeView::Variant(variant(types, comment, name, cases, members)?),
        TypeKind::Enum { cases, tag_size } => {
            let cases =
                cases.iter().zip(members).map(|(case, name)| (case.docs.as_deref(), name, &case.name));
            let cases = constants(cases, &format!(" {name} = iota"));
            TypeView::Enum(EnumView { comment, base: unsigned(*tag_size)?, cases, name })
        }
        TypeKind::Flags { flags } => {
            let base = unsigned(def.layout.size)?;
            let flags =
                flags.iter().zip(members).map(|(flag, name)| (flag.docs.as_deref(), name, &flag.name));
            let flags = constants(flags, &format!(" {name} = 1 << iota"));
            TypeView::Flags(FlagsView { comment, base, flags, name })
        }
        TypeKind::Alias(target) => TypeView::Alias(AliasView { comment, target: types.text(*target)?, name }),
        TypeKind::Resource => resource(types, def, comment, name, members, methods)?,
        TypeKind::List(_)
        | TypeKind::Option { .. }
        | TypeKind::Result { .. }
        | TypeKind::Tuple { .. }
        | TypeKind::Map(..)
        | TypeKind::Own(_)
        | TypeKind::Borrow(_)
        | TypeKind::FixedLengthList(..)
        | TypeKind::Future(_)
        | TypeKind::Stream(_) => TypeView::Alias(AliasView { comment, target: types.structural(def)?, name }),
    })
}

fn resource(
    types: &mut Types<'_, '_>,
    def: &TypeDef,
    comment: String,
    name: String,
    members: Vec<String>,
    methods: Vec<MethodView>,
) -> witgen_diag::Result<TypeView> {
    types.abi();
    let direction = types.names.resource(def.id)?.1;
    if types.names.side == Side::Host {
        let [kind, lift] =
            <[String; 2]>::try_from(members).map_err(|_| internal("a resource without a kind"))?;
        let wit = def.name.clone().unwrap_or_default();
        return Ok(match direction {
            Direction::Import => {
                TypeView::GivenResource(GivenResourceView { comment, name, methods, kind, wit })
            }
            Direction::Export => {
                TypeView::ComponentResource(ComponentResourceView { comment, name, kind, lift, wit })
            }
        });
    }
    let [from_handle, from_borrow, to_handle] =
        <[String; 3]>::try_from(members).map_err(|_| internal("a resource without functions"))?;
    Ok(match direction {
        Direction::Import => {
            TypeView::ImportedResource(ImportedResourceView { comment, name, from_handle, from_borrow })
        }
        Direction::Export => TypeView::ExportedResource(ExportedResourceView {
            comment,
            name,
            methods,
            from_handle,
            from_borrow,
            to_handle,
        }),
    })
}

/// The comment of a type: what WIT says, or that it is there.
fn described(
    types: &mut Types<'_, '_>,
    def: &TypeDef,
    name: &str,
    members: &[String],
) -> witgen_diag::Result<Vec<String>> {
    let wit = def.name.as_deref().unwrap_or_default();
    let mut more = None;
    let otherwise = match &def.kind {
        TypeKind::Record { .. } => format!("{name} is the record {wit}."),
        TypeKind::Variant { .. } => {
            let cases = members.join(", ");
            more = def.docs.is_some().then(|| format!("One of {cases}."));
            format!("{name} is one of {cases}.")
        }
        TypeKind::Enum { .. } => format!("{name} is the enum {wit}."),
        TypeKind::Flags { .. } => format!("{name} is a set of the flags {wit}."),
        TypeKind::Resource if types.names.resource(def.id)?.1 == types.own_direction() => {
            more = (types.names.side == Side::Host).then(|| {
                format!("When a component drops one that it owns, its Close method is called, if a {name} has one.")
            });
            format!("{name} is the resource {wit}, which the program implements.")
        }
        TypeKind::Resource => format!("{name} is the resource {wit}."),
        TypeKind::Alias(target) => format!("{name} is another name of {}.", types.text(*target)?),
        _ => format!("{name} is another name of {}.", types.structural(def)?),
    };
    Ok(comment_or(&otherwise, def.docs.as_deref(), more, &def.stability))
}

fn variant(
    types: &mut Types<'_, '_>,
    comment: String,
    name: String,
    cases: &[Case],
    members: Vec<String>,
) -> witgen_diag::Result<VariantView> {
    let mut views = Vec::new();
    for (case, case_name) in cases.iter().zip(members) {
        let payload = case.ty.map(|ty| types.text(ty)).transpose()?;
        let otherwise = format!("{case_name} is the case {} of {name}.", case.name);
        let comment = paragraph(&comment_or(&otherwise, case.docs.as_deref(), None, &Stability::default()));
        let seal = seal(&format!("func ({case_name}) is{name}()"));
        views.push(CaseView { comment, name: case_name, payload, seal });
    }
    Ok(VariantView { comment, private: format!("is{name}"), name, cases: views })
}

/// An empty method as gofmt lays it out: on one line when it begins with at most a hundred letters.
fn seal(signature: &str) -> String {
    match signature.len() {
        ..=100 => format!("{signature} {{}}"),
        _ => format!("{signature} {{\n}}"),
    }
}

fn docs(text: Option<&str>) -> Vec<String> {
    comment(text, &Stability::default())
}

/// Constants of which the first has a value and the others count on from it.
fn constants<'a>(
    members: impl Iterator<Item = (Option<&'a str>, String, &'a String)>,
    first: &str,
) -> Vec<ConstantView> {
    let view = |(index, (text, name, wit)): (usize, (Option<&str>, String, &String))| ConstantView {
        comment: docs(text),
        name,
        value: if index == 0 { first.to_owned() } else { String::new() },
        wit: wit.clone(),
    };
    members.enumerate().map(view).collect()
}

fn unsigned(bytes: u32) -> witgen_diag::Result<&'static str> {
    match bytes {
        0 | 1 => Ok("uint8"),
        2 => Ok("uint16"),
        4 => Ok("uint32"),
        other => Err(internal(format!("an unsigned type of {other} bytes"))),
    }
}

/// Pads names as gofmt does: in each run of lines without a comment between them.
fn aligned(fields: Vec<(String, String, Vec<String>)>) -> Vec<FieldView> {
    let mut views = Vec::new();
    let mut start = 0;
    while start < fields.len() {
        let run = 1 + fields[start + 1..].iter().take_while(|(_, _, comment)| comment.is_empty()).count();
        let width =
            fields[start..start + run].iter().map(|(name, _, _)| name.len()).max().unwrap_or_default();
        for (index, (name, ty, comment)) in fields[start..start + run].iter().enumerate() {
            views.push(FieldView {
                gap: start + index > 0 && !comment.is_empty(),
                comment: comment.clone(),
                name: format!("{name:width$}"),
                ty: ty.clone(),
            });
        }
        start += run;
    }
    views
}
