//! What of a plan a language can take part in.

use crate::plan::Plan;

/// The types and calls that something supports; for the others the reason.
#[derive(Clone)]
pub(crate) struct Supported {
    pub(crate) types: Vec<Result<(), String>>,
    pub(crate) calls: Vec<Result<(), String>>,
}

impl Supported {
    /// Everything.
    pub(crate) fn all(plan: &Plan) -> Self {
        Self { types: vec![Ok(()); plan.types.len()], calls: vec![Ok(()); plan.calls.len()] }
    }

    /// Keeps what `other` supports, too.
    pub(crate) fn narrow(&mut self, other: Self) {
        let mine = self.types.iter_mut().chain(&mut self.calls);
        for (mine, other) in mine.zip(other.types.into_iter().chain(other.calls)) {
            if mine.is_ok() {
                *mine = other;
            }
        }
    }
}

/// The ones that are supported.
pub(crate) fn indices(supported: &[Result<(), String>]) -> Vec<usize> {
    supported.iter().enumerate().filter(|(_, ty)| ty.is_ok()).map(|(index, _)| index).collect()
}
