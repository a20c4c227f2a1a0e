//! Does what a plugin should not do; the strength says what.

#[path = "../bindings/plugin.rs"]
mod bindings;

use bindings::exports::example::plugins::filters::{FilterError, Guest, Options};

struct Naughty;

impl Guest for Naughty {
    fn filter(image: Vec<u8>, options: Options) -> Result<Vec<u8>, FilterError> {
        let mut hoard = vec![image];
        match options.strength {
            0 => panic!("this plugin gives up"),
            1 => loop {
                std::hint::spin_loop();
            },
            _ => loop {
                hoard.push(vec![1; 1 << 20]);
            },
        }
    }
}

bindings::export!(Naughty with_types_in bindings);
