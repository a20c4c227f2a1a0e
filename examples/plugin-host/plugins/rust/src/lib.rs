//! Makes a negative.

#[path = "../bindings/plugin.rs"]
mod bindings;

use bindings::example::plugins::logger;
use bindings::exports::example::plugins::filters::{FilterError, Guest, Options};

struct Negative;

impl Guest for Negative {
    fn filter(image: Vec<u8>, options: Options) -> Result<Vec<u8>, FilterError> {
        logger::log(&format!("negative of {} pixels in rows of {}", image.len(), options.width));
        Ok(image.into_iter().map(|pixel| 255 - pixel).collect())
    }
}

bindings::export!(Negative with_types_in bindings);
