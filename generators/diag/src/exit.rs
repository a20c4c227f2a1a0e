//! The exit code that diagnostics lead to.

use crate::{Class, Diagnostic, Severity};

/// 0 when there is no error, 2 when an error kept the run from taking place, else 1.
///
/// Warnings never fail a run.
pub fn exit_code(diagnostics: &[Diagnostic]) -> u8 {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let codes = errors.map(|diagnostic| match diagnostic.id.class() {
        Class::Finding => 1,
        Class::CannotRun => 2,
    });
    codes.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::exit_code;
    use crate::{Diagnostic, Id};

    #[test]
    fn the_worst_error_decides_and_warnings_do_not_count() {
        let finding = Diagnostic::error(Id::WitSyntax, "");
        let cannot_run = Diagnostic::error(Id::Io, "");
        let warning = Diagnostic::warning(Id::Io, "");
        assert_eq!(exit_code(&[]), 0);
        assert_eq!(exit_code(std::slice::from_ref(&warning)), 0);
        assert_eq!(exit_code(&[warning.clone(), finding.clone()]), 1);
        assert_eq!(exit_code(&[cannot_run, finding, warning]), 2);
    }
}
