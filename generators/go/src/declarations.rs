//! The declarations of types.

use witgen_ir::{Direction, TypeDef, TypeKind};
use witgen_templates::go::{
    AliasView, CaseView, ConstantView, EnumView, ExportedResourceView, FieldView, FlagsView,
    ImportedResourceView, MethodView, RecordView, TypeView, VariantView,
};

use crate::docs::comment;
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
    let comment = comment(def.docs.as_deref(), &def.stability);
    Ok(match &def.kind {
        TypeKind::Record { fields } => {
            let fields = fields
                .iter()
                .zip(&members)
                .map(|(field, name)| Ok((name.clone(), types.text(field.ty)?, docs(field.docs.as_deref()))))
                .collect::<witgen_diag::Result<Vec<_>>>()?;
            TypeView::Record(RecordView { comment, name, fields: aligned(fields) })
        }
        TypeKind::Variant { cases, .. } => {
            let cases = cases
                .iter()
                .zip(members)
                .map(|(case, case_name)| {
                    let payload = case.ty.map(|ty| types.text(ty)).transpose()?;
                    let comment = docs_or(
                        case.docs.as_deref(),
                        &format!("{case_name} is the case {} of {name}.", case.name),
                    );
                    Ok(CaseView { comment, name: case_name, payload })
                })
                .collect::<witgen_diag::Result<Vec<_>>>()?;
            let private = format!("is{name}");
            let texts: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
            let list = format!("One of {}.", texts.join(", "));
            let comment = if comment.is_empty() {
                vec![format!("// {name} is one of {}.", texts.join(", "))]
            } else {
                [comment, vec!["//".to_owned(), format!("// {list}")]].concat()
            };
            TypeView::Variant(VariantView { comment, name, private, cases })
        }
        TypeKind::Enum { cases, tag_size } => {
            let cases = cases
                .iter()
                .zip(members)
                .map(|(case, name)| constant(case.docs.as_deref(), name, &case.name));
            TypeView::Enum(EnumView { comment, base: unsigned(*tag_size)?, cases: cases.collect(), name })
        }
        TypeKind::Flags { flags } => {
            let base = unsigned(def.layout.size)?;
            let flags = flags
                .iter()
                .zip(members)
                .map(|(flag, name)| constant(flag.docs.as_deref(), name, &flag.name));
            TypeView::Flags(FlagsView { comment, base, flags: flags.collect(), name })
        }
        TypeKind::Alias(target) => TypeView::Alias(AliasView { comment, target: types.text(*target)?, name }),
        TypeKind::Resource => {
            types.abi();
            let [from_handle, from_borrow, to_handle] =
                <[String; 3]>::try_from(members).map_err(|_| internal("a resource without functions"))?;
            match types.names.resource(def.id)?.1 {
                Direction::Import => TypeView::ImportedResource(ImportedResourceView {
                    comment,
                    name,
                    from_handle,
                    from_borrow,
                }),
                Direction::Export => TypeView::ExportedResource(ExportedResourceView {
                    comment,
                    name,
                    methods,
                    from_handle,
                    from_borrow,
                    to_handle,
                }),
            }
        }
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

fn docs(text: Option<&str>) -> Vec<String> {
    comment(text, &witgen_ir::Stability::default())
}

fn docs_or(text: Option<&str>, otherwise: &str) -> Vec<String> {
    let lines = docs(text);
    if lines.is_empty() { vec![format!("// {otherwise}")] } else { lines }
}

fn constant(docs_text: Option<&str>, name: String, wit: &str) -> ConstantView {
    ConstantView { comment: docs(docs_text), name, wit: wit.to_owned() }
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
