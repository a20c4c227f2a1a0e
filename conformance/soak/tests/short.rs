//! The short form of the long runs.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use witgen_conformance::{Workshop, built, languages, run_trials};
use witgen_languages::Language;
use witgen_soak::{GoOptions, Options, Traffic, in_go, project, soak, traffic, ways};

const CALLS: u64 = 2_000;
const RACE: bool = cfg!(all(target_os = "linux", target_arch = "x86_64"));
/// In several instances, with the race detector where there is one.
const IN_GO: GoOptions = GoOptions { calls: 200, instances: 8, race: RACE };
/// One instance of each component.
const TRAFFIC: Traffic = Traffic { seconds: 5, instances: 8, race: RACE };

fn main() -> ExitCode {
    run_trials(|workshop| {
        let ways = languages().into_iter().flat_map(|language| {
            ways(language).into_iter().map(move |(name, environment)| (language, name, environment))
        });
        let trials = ways.map(|(language, name, environment)| {
            let workshop = Arc::clone(workshop);
            let options = Options { calls: CALLS, environment };
            Trial::test(name, move || check(&workshop, language, &options))
        });
        let in_go = languages().into_iter().map(|language| {
            let workshop = Arc::clone(workshop);
            Trial::test(format!("go-host::{language}"), move || check_in_go(&workshop, language))
        });
        let shop = Arc::clone(workshop);
        let at_random =
            Trial::test("go-host::traffic", move || traffic(&shop, &languages(), &TRAFFIC).map(drop));
        trials.chain(in_go).chain([at_random]).collect()
    })
}

fn check(workshop: &Workshop, language: Language, options: &Options) -> Result<(), Failed> {
    let Some(component) = built(workshop.component(&project(language)))? else { return Ok(()) };
    soak(&component, options).map(drop).map_err(|reason| format!("{reason:#}").into())
}

fn check_in_go(workshop: &Workshop, language: Language) -> Result<(), Failed> {
    let Some(component) = built(workshop.component(&project(language)))? else { return Ok(()) };
    in_go(workshop, &component, &IN_GO).map(drop)
}
