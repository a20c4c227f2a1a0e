//! Which lints an item breaks by no fault of the bindings: names and shapes are those of the WIT.
//!
//! An item is allowed what it may break and nothing else, so that everything else in it is still checked.

use witgen_ir::{Case, Function, FunctionKind, Type, TypeDef, TypeKind, World};

use crate::docs::has_text;

/// clippy's `too-many-arguments-threshold`.
const ARGUMENTS: usize = 7;
/// clippy's `type-complexity-threshold`.
const COMPLEXITY: usize = 250;
/// The smaller of clippy's `large-error-threshold` and `enum-variant-size-threshold`, in bytes.
const LARGE: u32 = 128;
/// How much larger a Rust value may be on a 64-bit machine than in the memory of a component.
const GROWTH: u32 = 4;
/// rustfmt's `attr_fn_like_width`.
const ATTRIBUTE_WIDTH: usize = 70;

/// Methods of these names look as if they should come from a trait (`clippy::should_implement_trait`).
const TRAIT_METHODS: [&str; 30] = [
    "add",
    "as_mut",
    "as_ref",
    "bitand",
    "bitor",
    "bitxor",
    "borrow",
    "borrow_mut",
    "clone",
    "cmp",
    "default",
    "deref",
    "deref_mut",
    "div",
    "drop",
    "eq",
    "from_iter",
    "from_str",
    "hash",
    "index",
    "index_mut",
    "into_iter",
    "mul",
    "neg",
    "next",
    "not",
    "rem",
    "shl",
    "shr",
    "sub",
];

/// The lines of `#[allow(lints, reason = "...")]`, in the layout of rustfmt; none without lints.
pub(crate) fn allow(lints: &[&str], reason: &str) -> Vec<String> {
    if lints.is_empty() {
        return Vec::new();
    }
    let reason = format!("reason = {reason:?}");
    let line = format!("{}, {reason}", lints.join(", "));
    if line.len() <= ATTRIBUTE_WIDTH {
        return vec![format!("#[allow({line})]")];
    }
    let mut lines = vec!["#[allow(".to_owned()];
    lines.extend(lints.iter().map(|lint| format!("    {lint},")));
    lines.extend([format!("    {reason}"), ")]".to_owned()]);
    lines
}

/// What the author of the WIT decides.
pub(crate) fn as_in_wit(mut lints: Vec<&'static str>) -> Vec<String> {
    lints.sort_unstable();
    lints.dedup();
    allow(&lints, "as in WIT")
}

/// The lints that a function breaks; `texts` are the types of its parameters and of its result.
pub(crate) fn of_function(
    world: &World,
    function: &Function,
    name: &str,
    params: &[String],
    texts: &[String],
) -> Vec<&'static str> {
    let mut lints = Vec::new();
    if params.len() > ARGUMENTS {
        lints.push("clippy::too_many_arguments");
    }
    lints.extend(of_types(texts.iter().map(String::as_str)));
    if params.iter().any(|param| is_placeholder(param)) {
        lints.push("clippy::disallowed_names");
    }
    if let Some(Type::Id(id)) = function.result
        && let TypeKind::Result { err, .. } = world.type_def(id).kind
    {
        match err {
            None => lints.push("clippy::result_unit_err"),
            Some(err) if is_large(world, err) => lints.push("clippy::result_large_err"),
            Some(_) => {}
        }
    }
    lints.extend(of_name(world, function, name));
    lints
}

/// The lints about the names of functions.
fn of_name(world: &World, function: &Function, name: &str) -> Vec<&'static str> {
    let mut lints = Vec::new();
    let is_method = matches!(function.kind, FunctionKind::Method(_));
    if is_method && (name == "new" || ["from_", "into_", "to_"].iter().any(|start| name.starts_with(start))) {
        lints.push("clippy::wrong_self_convention");
    }
    if TRAIT_METHODS.contains(&name) {
        lints.push("clippy::should_implement_trait");
    }
    if is_method && name == "to_string" {
        lints.push("clippy::inherent_to_string");
    }
    if is_method && name == "len" {
        lints.push("clippy::len_without_is_empty");
    }
    if let FunctionKind::Constructor(resource) = function.kind {
        lints.extend(function.params.is_empty().then_some("clippy::new_without_default"));
        let repeats = world.type_def(resource).name.as_deref() == Some("new");
        lints.extend(repeats.then_some("clippy::self_named_constructors"));
    } else if name == "new" {
        lints.push("clippy::new_ret_no_self");
    }
    lints
}

/// Lints about the spelled types of a signature or of fields.
pub(crate) fn of_types<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    texts.any(|text| complexity(text) > COMPLEXITY).then_some("clippy::type_complexity")
}

/// The lints that a variant breaks; `names` are those of its cases.
pub(crate) fn of_variant(world: &World, name: &str, cases: &[Case], names: &[String]) -> Vec<&'static str> {
    let mut lints: Vec<&str> = of_cases(name, names).into_iter().collect();
    if cases.iter().filter_map(|case| case.ty).any(|ty| is_large(world, ty)) {
        lints.push("clippy::large_enum_variant");
    }
    lints
}

/// The lint about the names of cases: they repeat that of the type, or one word is in all of them.
pub(crate) fn of_cases(name: &str, names: &[String]) -> Option<&'static str> {
    let repeats = |case: &String| case.starts_with(name) || case.ends_with(name);
    let shared = |word: fn(&str) -> &str| {
        let mut words = names.iter().map(|name| word(name));
        let first = words.next();
        names.len() > 2 && words.all(|word| Some(word) == first)
    };
    let alike = names.iter().any(repeats) || shared(first_word) || shared(last_word);
    alike.then_some("clippy::enum_variant_names")
}

fn first_word(name: &str) -> &str {
    let end = name.char_indices().skip(1).find(|(_, letter)| letter.is_uppercase());
    &name[..end.map_or(name.len(), |(at, _)| at)]
}

fn last_word(name: &str) -> &str {
    &name[name.rfind(char::is_uppercase).unwrap_or(0)..]
}

/// The lints that the function behind an export breaks.
pub(crate) fn of_glue(params: usize, lines: &[String]) -> Vec<&'static str> {
    let mut lints = Vec::new();
    lints.extend((params > ARGUMENTS).then_some("clippy::too_many_arguments"));
    let words = |line: &str, find: fn(&str) -> bool| {
        line.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(find)
    };
    let named = lines.iter().any(|line| words(line, is_placeholder));
    lints.extend(named.then_some("clippy::disallowed_names"));
    lints
}

/// Whether clippy takes a name for one that was only meant to be there for a while.
fn is_placeholder(name: &str) -> bool {
    ["foo", "baz", "quux"].contains(&name)
}

/// Whether a Rust value of the type may be so large that clippy wants it in a box.
fn is_large(world: &World, ty: Type) -> bool {
    match world.resolve_alias(ty) {
        Type::Id(id) => world.type_def(id).layout.size * GROWTH >= LARGE,
        _ => false,
    }
}

/// What clippy counts: each type weighs ten times its depth, a reference only its depth.
fn complexity(text: &str) -> usize {
    let (mut score, mut depth, mut in_path) = (0, 1, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => while letters.next_if(|letter| letter.is_alphanumeric() || *letter == '_').is_some() {},
            '<' | '(' | '[' => {
                if letter != '<' {
                    score += 10 * depth;
                }
                depth += 1;
                in_path = false;
            }
            '>' | ')' | ']' => {
                depth -= 1;
                in_path = false;
            }
            '&' => score += depth,
            ':' => {}
            letter if letter.is_alphanumeric() || letter == '_' => {
                if !in_path {
                    score += 10 * depth;
                }
                in_path = true;
            }
            _ => in_path = false,
        }
    }
    score
}

/// Whether everything in `types` and `functions` is documented, cases and fields included.
pub(crate) fn is_documented<'a>(
    mut types: impl Iterator<Item = &'a TypeDef>,
    mut functions: impl Iterator<Item = &'a Function>,
) -> bool {
    let inside = |def: &TypeDef| match &def.kind {
        TypeKind::Record { fields } => fields.iter().all(|field| has_text(&field.docs)),
        TypeKind::Variant { cases, .. } => cases.iter().all(|case| has_text(&case.docs)),
        TypeKind::Enum { cases, .. } => cases.iter().all(|case| has_text(&case.docs)),
        TypeKind::Flags { flags } => flags.iter().all(|flag| has_text(&flag.docs)),
        _ => true,
    };
    types.all(|def| def.name.is_none() || (has_text(&def.docs) && inside(def)))
        && functions.all(|function| has_text(&function.docs))
}

#[cfg(test)]
mod tests {
    use super::{allow, complexity, of_cases};

    #[test]
    fn types_weigh_what_clippy_counts() {
        assert_eq!(complexity("u8"), 10);
        assert_eq!(complexity("Option<(u8, String)>"), 10 + 20 + 30 + 30);
        assert_eq!(complexity("&[super::super::a::B<'_>]"), 1 + 10 + 20);
    }

    #[test]
    fn cases_repeat_words() {
        let cases = |names: [&str; 3]| names.map(str::to_owned);
        assert!(of_cases("Kind", &cases(["KindA", "B", "C"])).is_some());
        assert!(of_cases("Kind", &cases(["ReadFile", "WriteFile", "DropFile"])).is_some());
        assert!(of_cases("Kind", &cases(["Red", "Green", "Blue"])).is_none());
    }

    #[test]
    fn long_attributes_are_broken() {
        assert_eq!(allow(&["a"], "b"), ["#[allow(a, reason = \"b\")]"]);
        let lints = ["clippy::too_many_arguments", "clippy::type_complexity"];
        insta::assert_snapshot!(allow(&lints, "as in WIT").join("\n"), @r#"
        #[allow(
            clippy::too_many_arguments,
            clippy::type_complexity,
            reason = "as in WIT"
        )]
        "#);
        assert!(allow(&[], "b").is_empty());
    }
}
