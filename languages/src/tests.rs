use super::*;

#[test]
fn every_table_reads_and_names_its_own_language() {
    for language in Language::ALL {
        let facts: Facts =
            toml::from_str(language.table()).unwrap_or_else(|error| panic!("{language}: {error}"));
        assert_eq!(facts.id, language);
    }
}

#[test]
fn languages_are_listed_rust_python_js_go() {
    assert_eq!(Language::ALL.map(Language::id), ["rust", "python", "js", "go"]);
}

#[test]
fn ids_find_their_language() {
    for language in Language::ALL {
        assert_eq!(Language::from_id(language.id()), Some(language));
    }
    assert_eq!(Language::from_id("Rust"), None);
}

#[test]
fn word_lists_are_sorted_and_unique() {
    for language in Language::ALL {
        let facts = facts(language);
        assert_sorted(language, "keywords", &facts.keywords);
        assert_sorted(language, "soft-keywords", &facts.soft_keywords);
        assert_sorted(language, "fixed-statics", &facts.fixed_statics);
        for role in Role::ALL {
            assert_sorted(language, &format!("reserved {role:?}"), facts.reserved.get(role));
        }
    }
}

fn assert_sorted(language: Language, list: &str, words: &[String]) {
    for pair in words.windows(2) {
        assert!(pair[0] < pair[1], "{language} {list}: `{}` comes after `{}`", pair[0], pair[1]);
    }
}

#[test]
fn a_word_is_a_keyword_or_a_soft_keyword_but_not_both() {
    for language in Language::ALL {
        let facts = facts(language);
        for word in &facts.soft_keywords {
            assert!(!facts.is_keyword(word), "{language}: `{word}`");
        }
    }
}

#[test]
fn escaped_keywords_are_free() {
    for language in Language::ALL {
        let facts = facts(language);
        for word in &facts.keywords {
            let escaped = facts.escape.apply(word);
            assert!(!facts.is_keyword(&escaped), "{language}: `{escaped}`");
            for role in Role::ALL {
                assert!(!facts.is_reserved(role, &escaped), "{language}: `{escaped}`");
            }
        }
    }
}

#[test]
fn known_words_are_found() {
    for (language, keyword) in
        [(Language::Rust, "gen"), (Language::Python, "None"), (Language::Js, "await"), (Language::Go, "chan")]
    {
        assert!(facts(language).is_keyword(keyword), "{language}: `{keyword}`");
    }
    for (language, role, name) in [
        (Language::Rust, Role::Type, "Guest"),
        (Language::Python, Role::Func, "list"),
        (Language::Js, Role::Type, "Promise"),
        (Language::Go, Role::Param, "string"),
    ] {
        assert!(facts(language).is_reserved(role, name), "{language}: `{name}`");
    }
}

#[test]
fn every_feature_has_a_row_on_both_sides_and_every_no_a_reason() {
    for language in Language::ALL {
        for side in Side::ALL {
            for &feature in Feature::ALL {
                if let Support::No(reason) = facts(language).support(side, feature) {
                    let place = format!("{language} {side} {feature}");
                    assert!(!reason.is_empty(), "{place}: no reason");
                    assert!(!reason.ends_with('.'), "{place}: a reason ends without a full stop");
                }
            }
        }
    }
}

#[test]
fn feature_names_are_those_of_the_table() {
    let table: toml::Table = toml::from_str(Language::Rust.table()).unwrap();
    let guest = table["support"]["guest"].as_table().unwrap();
    let mut names: Vec<&str> = Feature::ALL.iter().map(|feature| feature.name()).collect();
    names.sort_unstable();
    let mut rows: Vec<&str> = guest.keys().map(String::as_str).collect();
    rows.sort_unstable();
    assert_eq!(names, rows);
}

#[test]
fn a_missing_row_and_an_unknown_row_are_errors() {
    let table = Language::Go.table();
    let missing = table.replacen("tuple = ", "# tuple = ", 1);
    assert!(toml::from_str::<Facts>(&missing).unwrap_err().to_string().contains("tuple"));
    let unknown = table.replacen("tuple = ", "tupel = 'yes'\ntuple = ", 1);
    assert!(toml::from_str::<Facts>(&unknown).unwrap_err().to_string().contains("tupel"));
}

#[test]
fn every_tool_can_be_overridden_and_installed() {
    for language in Language::ALL {
        let toolchain = &facts(language).toolchain;
        assert!(!toolchain.tools.is_empty());
        assert_eq!(toolchain.targets.is_empty(), toolchain.install_target.is_none());
        for tool in &toolchain.tools {
            assert!(tool.env.starts_with("WITGEN_"), "{language}: {}", tool.env);
            assert!(!tool.install.is_empty(), "{language}: {}", tool.name);
            assert!(tool.program.is_some() || tool.path.is_some(), "{language}: {} is nowhere", tool.name);
            assert!(tool.program.is_some() || tool.version_args.is_empty(), "{language}: {}", tool.name);
            assert_eq!(tool.minimum.is_some(), !tool.version_args.is_empty(), "{language}: {}", tool.name);
            assert_eq!(toolchain.tool(&tool.name), Some(tool), "two tools have one name");
        }
    }
}

#[test]
fn facts_survive_serialisation() {
    for language in Language::ALL {
        let text = toml::to_string(facts(language)).unwrap();
        assert_eq!(&toml::from_str::<Facts>(&text).unwrap(), facts(language));
    }
}
