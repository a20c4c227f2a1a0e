//! Builds python components.

use crate::Job;

pub(crate) fn build(job: &Job<'_>) -> witgen_diag::Result<Vec<u8>> {
    let _ = (job.project, job.wit, job.bindings, job.scratch, job.tools, job.cache);
    Err(witgen_diag::Diagnostic::error(witgen_diag::Id::Usage, "python components cannot be built yet")
        .into())
}
