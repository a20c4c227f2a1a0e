//! Texts from outside, made safe for a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// The visible stand-in of a character that would steer a terminal, or `None` for an ordinary character.
pub(super) fn stand_in(character: char) -> Option<char> {
    match character {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)),
        '\u{7f}' => Some('\u{2421}'),
        // C1 controls: U+009B starts an escape sequence in some terminals.
        '\u{80}'..='\u{9f}' => Some(char::REPLACEMENT_CHARACTER),
        // Direction overrides make source look like what it is not.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(char::REPLACEMENT_CHARACTER),
        _ => None,
    }
}

/// `text` in one line.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    let text = text.trim_end();
    if !text.chars().any(|character| stand_in(character).is_some()) {
        return Cow::Borrowed(text);
    }
    let joined = text.split('\n').map(str::trim).collect::<Vec<_>>().join(" ");
    Cow::Owned(joined.chars().map(|character| stand_in(character).unwrap_or(character)).collect())
}

/// `text` with its lines kept and tabs as four spaces.
pub(super) fn lines(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for character in text.trim_end().replace("\r\n", "\n").chars() {
        match (character, stand_in(character)) {
            ('\n', _) => cleaned.push('\n'),
            ('\t', _) => cleaned.push_str("    "),
            (_, Some(replacement)) => cleaned.push(replacement),
            (_, None) => cleaned.push(character),
        }
    }
    cleaned
}

/// Another tool's output without its colours and without what it overwrote by carriage returns.
pub(super) fn output(text: &str) -> String {
    let plain = anstream::adapter::strip_str(text).to_string();
    let mut kept = String::with_capacity(plain.len());
    for line in plain.lines() {
        let line = line.trim_end_matches('\r');
        let shown = line.rsplit('\r').next().unwrap_or(line);
        kept.push_str(shown);
        kept.push('\n');
    }
    lines(kept.trim_start_matches('\n'))
}

/// `json` with the control characters that JSON allows raw in a string written as escapes.
pub(super) fn json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '\n' || stand_in(character).is_none() {
            escaped.push(character);
        } else {
            // Writing to a string does not fail.
            let _ = write!(escaped, "\\u{:04x}", u32::from(character));
        }
    }
    escaped
}
