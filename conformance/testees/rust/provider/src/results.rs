//! Results, and the failures that they carry.

use crate::Provider;
use crate::bindings::exports::witgen::conformance::results::{Failure, Guest, Report};

impl Guest for Provider {
    fn divide(left: u32, right: u32) -> Result<u32, String> {
        left.checked_div(right).ok_or_else(|| "division by zero".to_owned())
    }

    fn find(name: String) -> Result<String, Failure> {
        if name.is_empty() { Err(Failure::Denied) } else { Ok(name + " found") }
    }

    fn check(text: String) -> Result<(), Report> {
        match u32::try_from(text.len()) {
            Ok(0) => Ok(()),
            line => Err(Report { line: line.unwrap_or(u32::MAX), message: text }),
        }
    }

    fn attempt(works: bool) -> Result<(), ()> {
        if works { Ok(()) } else { Err(()) }
    }

    fn produce(works: bool) -> Result<Vec<String>, ()> {
        if works { Ok(["a", "", "c"].map(str::to_owned).to_vec()) } else { Err(()) }
    }

    fn echo_result(value: Result<u64, String>) -> Result<u64, String> {
        value
    }

    fn echo_results(value: Vec<Result<f32, Failure>>) -> Vec<Result<f32, Failure>> {
        value
    }

    fn echo_bare(value: Vec<Result<(), ()>>) -> Vec<Result<(), ()>> {
        value
    }

    fn echo_nested(value: Result<Result<u8, String>, f64>) -> Result<Result<u8, String>, f64> {
        value
    }
}
