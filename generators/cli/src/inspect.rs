//! `witgen inspect`.

use std::process::ExitCode;

use crate::args;
use crate::talk::Talk;

/// Prints the IR as JSON.
pub(crate) fn inspect(args: &args::Inspect, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    let world = witgen_ir::load(&args.wit, &args.world.options())?;
    let options = witgen_ir::InspectOptions { pass: args.pass.clone(), filter: args.filter.clone() };
    talk.data(witgen_ir::inspect(&world, &options)?.as_bytes())
}
