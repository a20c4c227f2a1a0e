//! How test guests compare values.

use std::fmt::Debug;

/// The form in which values are compared: it tells `-0.0` from `0.0`, and takes every NaN as one.
///
/// The lines of a value with maps are sorted, because maps have no order.
fn text(value: &impl Debug, holds_map: bool) -> String {
    if !holds_map {
        return format!("{value:?}");
    }
    let text = format!("{value:#?}");
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n")
}

/// Whether two values are the same.
pub fn same(left: &impl Debug, right: &impl Debug, holds_map: bool) -> bool {
    text(left, holds_map) == text(right, holds_map)
}

/// How two values differ, if they do.
pub fn differ<T: Debug>(got: &T, wanted: &T, holds_map: bool) -> Option<String> {
    let (got, wanted) = (text(got, holds_map), text(wanted, holds_map));
    (got != wanted).then(|| format!("got {}, wanted {}", short(&got), short(&wanted)))
}

/// What the importer says when the exporter does not know a value.
pub fn unknown(wanted: &impl Debug) -> Option<String> {
    Some(format!("the exporter holds another value than {}", short(&text(wanted, false))))
}

fn short(text: &str) -> String {
    text.chars().take(200).collect()
}
