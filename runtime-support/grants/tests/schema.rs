//! The published schema is the one of the code.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use witgen_grants::Grants;

#[test]
fn published_schema_is_current() {
    let published = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/grants.schema.json");
    let current = format!("{:#}\n", Grants::schema());
    if std::env::var_os("WITGEN_BLESS").is_some() {
        std::fs::write(published, &current).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(published).unwrap_or_default(),
        current,
        "write it anew with WITGEN_BLESS=1"
    );
}
