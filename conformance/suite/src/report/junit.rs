//! JUnit XML: a test suite for each cell.

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};
use witgen_diag::{Diagnostic, Id};

use super::Report;

impl Report {
    /// The report as JUnit XML.
    ///
    /// # Errors
    ///
    /// `Internal` when the XML cannot be written.
    pub fn junit(&self) -> witgen_diag::Result<String> {
        let mut junit = Junit::new("witgen conformance");
        for cell in &self.cells {
            let mut suite = TestSuite::new(cell.path());
            suite.set_time(std::time::Duration::from_secs_f64(cell.seconds.max(0.0)));
            for (case, letter) in self.cases.iter().zip(cell.outcomes.chars()) {
                let path = format!("{}/{}", case.path(), cell.path());
                let status = match letter {
                    '-' => continue,
                    'p' => TestCaseStatus::success(),
                    'f' => {
                        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                        if let Some(failure) = self.failures.iter().find(|failure| failure.case == path) {
                            status.set_message(format!("expected {}, got {}", failure.expected, failure.got));
                            status.set_description(format!("{}\n{}", failure.vector, failure.command));
                        }
                        status
                    }
                    _ => {
                        let mut status = TestCaseStatus::skipped();
                        status.set_message(if letter == 'k' {
                            "a known failure"
                        } else {
                            "not supported here"
                        });
                        status
                    }
                };
                let mut test = TestCase::new(case.name.clone(), status);
                test.set_classname(format!("{}.{}-{}", case.suite, cell.caller(), cell.called()));
                suite.add_test_case(test);
            }
            junit.add_test_suite(suite);
        }
        junit.to_string().map_err(|error| {
            Diagnostic::error(Id::Internal, "the JUnit report cannot be written")
                .note(error.to_string())
                .into()
        })
    }
}
