//! The short form of the long runs.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{Workshop, built, languages, run_trials};
use witgen_languages::Language;
use witgen_soak::{Options, project, soak, ways};

const CALLS: u64 = 2_000;

fn main() -> ExitCode {
    run_trials(|workshop| {
        let ways = languages().into_iter().flat_map(|language| {
            ways(language).into_iter().map(move |(name, environment)| (language, name, environment))
        });
        ways.map(|(language, name, environment)| {
            let workshop = Arc::clone(workshop);
            let options = Options { calls: CALLS, environment };
            Trial::test(name, move || check(&workshop, language, &options))
        })
        .collect()
    })
}

fn check(workshop: &Workshop, language: Language, options: &Options) -> Result<(), Failed> {
    let Some(component) = built(workshop.component(&project(language)))? else { return Ok(()) };
    soak(&component, options).map(drop).map_err(|reason| format!("{reason:#}").into())
}
