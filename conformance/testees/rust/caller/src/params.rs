//! Many parameters.

use crate::Report;
use crate::bindings::witgen::conformance::options::Settings;
use crate::bindings::witgen::conformance::params;
use crate::bindings::witgen::conformance::records::Point;
use crate::bindings::witgen::conformance::variants::Shape;

pub fn params(report: &mut Report) {
    with_and_without_memory(report);
    together(report);
}

fn with_and_without_memory(report: &mut Report) {
    let wanted = "255,65535,4294967295,18446744073709551615,-128,-32768,-2147483648,-9223372036854775808,\
                  0.5,-0.5,😀,true,text,6";
    let got = params::sixteen(
        u8::MAX,
        u16::MAX,
        u32::MAX,
        u64::MAX,
        i8::MIN,
        i16::MIN,
        i32::MIN,
        i64::MIN,
        0.5,
        -0.5,
        '😀',
        true,
        "text",
        &[1, 2, 3],
    );
    report.equal("sixteen", got.as_str(), wanted);
    let got = params::seventeen(
        u8::MAX,
        u16::MAX,
        u32::MAX,
        u64::MAX,
        i8::MIN,
        i16::MIN,
        i32::MIN,
        i64::MIN,
        0.5,
        -0.5,
        '😀',
        true,
        "text",
        &[1, 2, 3],
        9,
    );
    report.equal("seventeen", got, format!("{wanted},9"));
}

fn together(report: &mut Report) {
    let sum = params::forty(
        u32::MAX,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12,
        13,
        14,
        15,
        16,
        17,
        18,
        19,
        20,
        21,
        22,
        23,
        24,
        25,
        26,
        27,
        28,
        29,
        30,
        31,
        32,
        33,
        34,
        35,
        36,
        37,
        38,
        39,
        40,
    );
    report.equal("forty", sum, u64::from(u32::MAX) + (2..=40).sum::<u64>());
    let point = Point { x: -1, y: 1 };
    let settings = Settings { name: Some("both".to_owned()), size: None };
    for figure in [Shape::Circle(0.5), Shape::Label("here".to_owned()), Shape::Empty] {
        let got = params::several(point, &settings, &figure);
        report.equal("several", got, (point, settings.clone(), figure));
    }
    params::nothing();
}
