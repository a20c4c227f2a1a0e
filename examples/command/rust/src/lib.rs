//! Counts the words of the files in `/texts`, and of the standard input.

#[path = "../bindings/command.rs"]
mod bindings;

use std::{env, fs, io};

use bindings::exports::wasi::cli::run::Guest;

struct Command;

impl Guest for Command {
    fn run() -> Result<(), ()> {
        count().map_err(|error| eprintln!("cannot read /texts: {error}"))
    }
}

fn count() -> io::Result<()> {
    println!("{}", env::var("TITLE").unwrap_or_default());
    let mut entries = fs::read_dir("/texts")?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let text = fs::read_to_string(entry.path())?;
        println!("{}: {}", entry.file_name().display(), words(&text));
    }
    println!("input: {}", words(&io::read_to_string(io::stdin())?));
    Ok(())
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

bindings::export!(Command with_types_in bindings);
