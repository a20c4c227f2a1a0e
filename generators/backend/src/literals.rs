//! Literals that languages spell alike.

/// A text between double quotes: printable ASCII as it is, quotes and backslashes behind a backslash, and everything else
/// as `escape` writes its code point.
pub fn text_literal(value: &str, escape: impl Fn(u32) -> String) -> String {
    let mut text = "\"".to_owned();
    for letter in value.chars() {
        match u32::from(letter) {
            0x22 | 0x5c => text.extend(['\\', letter]),
            0x20..=0x7e => text.push(letter),
            code => text.push_str(&escape(code)),
        }
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_printable_ascii_is_escaped() {
        let escape = |code| format!("<{code:x}>");
        assert_eq!(text_literal("a \"b\"\\\n\u{7f}é🦀", escape), r#""a \"b\"\\<a><7f><e9><1f980>""#);
        assert_eq!(text_literal("", escape), "\"\"");
    }
}
