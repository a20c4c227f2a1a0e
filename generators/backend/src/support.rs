//! Joins the features of the IR with the support table of a language.

use witgen_ir::{Support, World};
use witgen_languages::{Feature, Language, Side, facts};

/// Refuses a world that uses what `language` does not support on `side`: one diagnostic per construct.
pub fn check_support(world: &World, language: Language, side: Side) -> witgen_diag::Result<()> {
    let facts = facts(language);
    witgen_ir::check_support(world, &facts.name, side.name(), |wanted| {
        let row = Feature::ALL.iter().find(|feature| feature.name() == wanted.name());
        match row.map(|feature| facts.support(side, *feature)) {
            Some(witgen_languages::Support::Yes) => Support::Yes,
            Some(witgen_languages::Support::No(reason)) => Support::No(reason.clone()),
            None => Support::No("the support table has no row for it".to_owned()),
        }
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_feature_of_the_ir_has_a_row() {
        let mut rows: Vec<&str> = super::Feature::ALL.iter().map(|feature| feature.name()).collect();
        let mut features: Vec<&str> = witgen_ir::Feature::ALL.iter().map(|feature| feature.name()).collect();
        rows.sort_unstable();
        features.sort_unstable();
        assert_eq!(rows, features);
    }
}
