//! One HTML page that needs nothing else: the data as JSON, and a script that shows it.

use witgen_diag::{Diagnostic, Id};

use super::Report;

const PAGE: &str = include_str!("page.html");

impl Report {
    /// The report as an HTML page.
    ///
    /// # Errors
    ///
    /// `Internal` when the data has no JSON form.
    pub fn html(&self) -> witgen_diag::Result<String> {
        let data = serde_json::to_string(self).map_err(|error| {
            Diagnostic::error(Id::Internal, "the report has no JSON form").note(error.to_string())
        })?;
        // The only text that would end a script element, or hide its end.
        let data = data.replace('<', "\\u003c");
        Ok(PAGE.replace("\"REPORT\"", &data))
    }

    /// The report as JSON.
    ///
    /// # Errors
    ///
    /// `Internal` when it has no JSON form.
    pub fn json(&self) -> witgen_diag::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(|error| {
            Diagnostic::error(Id::Internal, "the report has no JSON form").note(error.to_string()).into()
        })
    }
}
