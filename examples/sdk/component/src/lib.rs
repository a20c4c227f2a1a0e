//! The library itself: what programs of every language call.

#[path = "../bindings/textkit.rs"]
mod bindings;

use bindings::exports::example::textkit::text::{Guest, SlugError, Statistics};

struct Text;

impl Guest for Text {
    fn slug(text: String) -> Result<String, SlugError> {
        let words = text.split(|character: char| !character.is_alphanumeric());
        let words: Vec<_> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
        if words.is_empty() { Err(SlugError::NothingLeft) } else { Ok(words.join("-")) }
    }

    fn measure(text: String) -> Statistics {
        let characters = |word: &str| u32::try_from(word.chars().count()).unwrap_or(u32::MAX);
        let mut found = Statistics { words: 0, characters: characters(&text), longest: None };
        for word in text.split_whitespace() {
            found.words += 1;
            if found.longest.as_deref().is_none_or(|longest| characters(longest) < characters(word)) {
                found.longest = Some(word.to_owned());
            }
        }
        found
    }
}

bindings::export!(Text with_types_in bindings);
