//! `witgen serve`.

use std::process::ExitCode;

use crate::args;
use crate::talk::Talk;

/// Serves until the process is told to end.
#[cfg(feature = "run")]
pub(crate) fn serve(args: &args::Serve, talk: &Talk) -> witgen_diag::Result<ExitCode> {
    use std::sync::Arc;

    use witgen_run::{LogTarget, ServeOptions, Server};

    use crate::run::grants;
    use crate::{talk, watch};

    let failures = talk.clone();
    let options = ServeOptions {
        grants: Arc::new(grants(&args.grants)?),
        on_denial: |what| talk::say(&format!("witgen: {what}\n")),
        on_failure: Arc::new(move |failure| {
            failures.report(&[failure]);
        }),
        audit: args.grants.audit.clone(),
        address: args.addr,
        concurrency: usize::from(args.concurrency),
        reuse: args.reuse,
        access_log: args.access_log.clone().map(|target| target.map_or(LogTarget::Stderr, LogTarget::File)),
        ..ServeOptions::default()
    };
    let server = Server::bind(&args.component, options)?;
    talk::say(&format!("listening on http://{}\n", server.address()));
    if args.watch {
        let inputs = [Some(args.component.clone()), args.grants.grants.clone()];
        let changes = watch::Changes::of(&inputs.into_iter().flatten().collect::<Vec<_>>())?;
        let again = Arc::clone(&server);
        let talk = talk.clone();
        let args = args.grants.clone();
        std::thread::spawn(move || {
            while changes.wait() {
                match grants(&args).and_then(|grants| again.reload(Arc::new(grants))) {
                    Ok(()) => talk::say("reloaded\n"),
                    Err(findings) => drop(talk.report(&findings)),
                }
            }
        });
    }
    server.run();
    Ok(ExitCode::SUCCESS)
}

/// Says what is missing.
#[cfg(not(feature = "run"))]
pub(crate) fn serve(_: &args::Serve, _: &Talk) -> witgen_diag::Result<ExitCode> {
    Err(crate::run::without_runner().into())
}
