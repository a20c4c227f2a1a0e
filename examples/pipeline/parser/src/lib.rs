//! Turns text into readings of weather stations.

#[path = "../bindings/parsing.rs"]
mod bindings;

use bindings::exports::example::pipeline::parser::{Guest, Mistake, Reading};

struct Parser;

impl Guest for Parser {
    fn parse(text: String) -> Result<Vec<Reading>, Mistake> {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        lines.map(|(number, line)| read(line).map_err(|reason| Mistake { line: number, reason })).collect()
    }
}

fn read(line: &str) -> Result<Reading, String> {
    let (station, temperature) = line.split_once(';').ok_or("there is no `;`")?;
    let temperature: f64 = temperature.trim().parse().map_err(|_| format!("`{temperature}` is no number"))?;
    if !temperature.is_finite() {
        return Err(format!("`{temperature}` is no temperature"));
    }
    Ok(Reading { station: station.trim().to_owned(), temperature })
}

bindings::export!(Parser with_types_in bindings);
