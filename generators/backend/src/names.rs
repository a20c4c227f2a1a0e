//! One scope allocator for all languages: case, then keyword, then reserved, then collision.

use std::collections::BTreeSet;

use heck::{ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use witgen_languages::{Case, Facts, Language, Role, facts};

/// The names of one place of generated code: a module, a class body, a parameter list.
///
/// A name depends on those that were made before it in the same scope and on nothing else,
/// so it stays the same when unrelated items are added.
#[derive(Clone, Debug)]
pub struct Scope {
    facts: &'static Facts,
    taken: BTreeSet<String>,
}

impl Scope {
    /// An empty scope of `language`.
    pub fn new(language: Language) -> Self {
        Self { facts: facts(language), taken: BTreeSet::new() }
    }

    /// A name for `wit` that is legal and new in this scope.
    pub fn name(&mut self, role: Role, wit: &str) -> String {
        let name = self.spelled(role, wit);
        self.unique(name)
    }

    /// `name`, which is no keyword, or the next free form of it: `name2`, `name3`.
    pub fn unique(&mut self, name: String) -> String {
        if self.taken.insert(name.clone()) {
            return name;
        }
        let stem = match name.ends_with(|last: char| last.is_ascii_digit()) {
            true => format!("{name}_"),
            false => name,
        };
        let mut number = 2u32;
        loop {
            let candidate = format!("{stem}{number}");
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
            number += 1;
        }
    }

    /// Takes `name`, so that nothing else gets it.
    pub fn reserve(&mut self, name: impl Into<String>) {
        self.taken.insert(name.into());
    }

    /// Whether `name` is taken.
    pub fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// The cased and escaped form of `wit`, before collisions.
    fn spelled(&self, role: Role, wit: &str) -> String {
        let word = cased(self.facts.casing.get(role), wit);
        if self.facts.is_keyword(&word) || self.facts.is_reserved(role, &word) {
            return self.facts.escape.apply(&word);
        }
        word
    }
}

/// `wit` in `case`. WIT names start with a letter and hold letters, digits and hyphens.
pub fn cased(case: Case, wit: &str) -> String {
    match case {
        Case::UpperCamel => wit.to_upper_camel_case(),
        Case::LowerCamel => wit.to_lower_camel_case(),
        Case::Snake => wit.to_snake_case(),
        Case::UpperSnake => wit.to_shouty_snake_case(),
        Case::Kebab => wit.to_owned(),
        Case::Flat => wit.replace('-', "").to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: Language, role: Role, wit: &str, expected: &str) {
        assert_eq!(Scope::new(language).name(role, wit), expected);
    }

    #[test]
    fn keyword_is_escaped_after_casing() {
        check(Language::Python, Role::Param, "from", "from_");
        check(Language::Python, Role::EnumCase, "from", "FROM");
        check(Language::Go, Role::Param, "type", "type_");
        check(Language::Go, Role::Func, "type", "Type");
    }

    #[test]
    fn second_of_two_equal_names_gets_a_number() {
        let mut scope = Scope::new(Language::Python);
        assert_eq!(scope.name(Role::Func, "a-b"), "a_b");
        assert_eq!(scope.name(Role::Func, "a-b"), "a_b2");
        assert_eq!(scope.name(Role::Func, "a-b2"), "a_b2_2");
    }

    #[test]
    fn reserved_name_of_a_scope_is_not_given_away() {
        let mut scope = Scope::new(Language::Go);
        scope.reserve("Exports");
        assert_eq!(scope.name(Role::Type, "exports"), "Exports2");
    }
}
