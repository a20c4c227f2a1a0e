//! Wide records, and results.

use crate::Report;
use crate::bindings::witgen::conformance::records::{Point, Wide};
use crate::bindings::witgen::conformance::results::{self, Failure};

/// A record that does not fit into registers.
pub fn wide(text: &str) -> Wide {
    Wide {
        a: u8::MAX,
        b: u16::MAX,
        c: u32::MAX,
        d: u64::MAX,
        e: i8::MIN,
        f: i16::MIN,
        g: i32::MIN,
        h: i64::MIN,
        i: 0.5,
        j: -0.25,
        k: '😀',
        l: true,
        m: text.to_owned(),
        n: text.as_bytes().to_vec(),
        o: Point { x: -1, y: 1 },
    }
}

pub fn results(report: &mut Report) {
    report.equal("divide", results::divide(7, 2), Ok(3));
    report.equal("divide", results::divide(7, 0), Err("division by zero".to_owned()));
    report.equal("find", results::find("Ada"), Ok("Ada found".to_owned()));
    report.equal("find", results::find(""), Err(Failure::Denied));
    report.equal("check", results::check("").is_ok(), true);
    match results::check("naïve") {
        Ok(()) => report.lines.push("check: got no failure".to_owned()),
        Err(failure) => {
            report.equal("check", (failure.line, failure.message), (6, "naïve".to_owned()));
        }
    }
    report.equal("attempt", results::attempt(true), Ok(()));
    report.equal("attempt", results::attempt(false), Err(()));
    let produced = ["a", "", "c"].map(str::to_owned).to_vec();
    report.equal("produce", results::produce(true), Ok(produced));
    report.equal("produce", results::produce(false), Err(()));
    report.equal("echo-result", results::echo_result(Ok(u64::MAX)), Ok(u64::MAX));
    report.equal("echo-result", results::echo_result(Err("no")), Err("no".to_owned()));
    let value = [Ok(0.5), Err(Failure::Missing), Err(Failure::Denied)];
    report.equal("echo-results", results::echo_results(&value), value.to_vec());
    let value = [Ok(()), Err(())];
    report.equal("echo-bare", results::echo_bare(&value), value.to_vec());
    report.equal("echo-nested", results::echo_nested(Ok(Ok(255))), Ok(Ok(255)));
    report.equal("echo-nested", results::echo_nested(Ok(Err("in"))), Ok(Err("in".to_owned())));
    report.equal("echo-nested", results::echo_nested(Err(0.1)), Err(0.1));
}
