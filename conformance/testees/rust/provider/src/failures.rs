//! Failures of each kind.

use crate::Provider;
use crate::bindings::exports::witgen::testees::failures::{Failure, Guest, Reason, Report, Rights};

impl Guest for Provider {
    fn number(value: Result<u8, u64>) -> Result<u8, u64> {
        value
    }

    fn real(value: Result<u8, f64>) -> Result<u8, f64> {
        value
    }

    fn truth(value: Result<u8, bool>) -> Result<u8, bool> {
        value
    }

    fn letter(value: Result<u8, char>) -> Result<u8, char> {
        value
    }

    fn text(value: Result<u8, String>) -> Result<u8, String> {
        value
    }

    fn octets(value: Result<u8, Vec<u8>>) -> Result<u8, Vec<u8>> {
        value
    }

    fn texts(value: Result<u8, Vec<String>>) -> Result<u8, Vec<String>> {
        value
    }

    fn both(value: Result<u8, (u32, String)>) -> Result<u8, (u32, String)> {
        value
    }

    fn details(value: Result<u8, Report>) -> Result<u8, Report> {
        value
    }

    fn why(value: Result<u8, Reason>) -> Result<u8, Reason> {
        value
    }

    fn which(value: Result<u8, Failure>) -> Result<u8, Failure> {
        value
    }

    fn lacking(value: Result<u8, Rights>) -> Result<u8, Rights> {
        value
    }

    fn perhaps(value: Result<u8, Option<String>>) -> Result<u8, Option<String>> {
        value
    }

    fn nested(value: Result<u8, Result<u8, String>>) -> Result<u8, Result<u8, String>> {
        value
    }

    fn bare(value: Result<u8, ()>) -> Result<u8, ()> {
        value
    }

    fn nothing(value: Result<(), ()>) -> Result<(), ()> {
        value
    }

    fn only(value: Result<(), String>) -> Result<(), String> {
        value
    }
}
