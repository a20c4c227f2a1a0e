//! Prints every public item that wit-bindgen generates for a world and that a file of ours lacks.
//!
//! The arguments are triples: a path with WIT, a world, the file of ours.
//! What a file has besides is no difference, nor is what programs cannot name: hidden items, names of parameters,
//! where `Debug` comes from, and the traits behind resources.

mod items;

use std::process::ExitCode;

use wit_bindgen_core::wit_parser::Resolve;
use wit_bindgen_core::{Files, WorldGenerator};

fn theirs(wit: &str, world: &str) -> Result<String, String> {
    let mut resolve = Resolve { all_features: true, ..Resolve::default() };
    let (package, _) = resolve.push_path(wit).map_err(|reason| format!("{reason:#}"))?;
    let world = resolve.select_world(&[package], Some(world)).map_err(|reason| format!("{reason:#}"))?;
    let options = wit_bindgen_rust::Opts { generate_all: true, ..Default::default() };
    let mut files = Files::default();
    let generated = options.build().generate(&mut resolve, world, &mut files);
    generated.map_err(|reason| format!("{reason:#}"))?;
    let (_, content) = files.iter().next().ok_or("no file")?;
    Ok(String::from_utf8_lossy(content).into_owned())
}

fn missing(wit: &str, world: &str, ours: &str) -> Result<Vec<String>, String> {
    let theirs = items::public(&theirs(wit, world)?).map_err(|reason| reason.to_string())?;
    let ours = std::fs::read_to_string(ours).map_err(|reason| reason.to_string())?;
    let ours = items::public(&ours).map_err(|reason| reason.to_string())?;
    if theirs.is_empty() != ours.is_empty() {
        return Err("one of both is empty".to_owned());
    }
    Ok(theirs.difference(&ours).cloned().collect())
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut code = ExitCode::SUCCESS;
    for triple in args.chunks(3) {
        let [wit, world, ours] = triple else { return ExitCode::from(2) };
        let lines = missing(wit, world, ours).unwrap_or_else(|reason| vec![reason]);
        for line in lines {
            code = ExitCode::FAILURE;
            println!("{wit} {world}: {line}");
        }
    }
    code
}
