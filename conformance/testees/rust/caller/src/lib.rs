//! Calls every function of the provider and compares.

#[path = "../bindings/caller.rs"]
mod bindings;
mod params;
mod values;

use std::fmt::Debug;

use bindings::witgen::conformance::{enums, flag_sets, lists, options, records, scalars, tuples, variants};
use bindings::witgen::nested::inner;
use bindings::witgen::{versioned1_0_0, versioned1_1_0, versioned2_0_0};

struct Caller;

bindings::export!(Caller with_types_in bindings);

impl bindings::Guest for Caller {
    fn run() -> Vec<String> {
        let mut report = Report::default();
        scalars(&mut report);
        lists(&mut report);
        records(&mut report);
        enums_and_flags(&mut report);
        options(&mut report);
        variants(&mut report);
        tuples(&mut report);
        versions(&mut report);
        values::results(&mut report);
        params::params(&mut report);
        report.equal("depth", inner::depth(), 2);
        report.equal("renamed", bindings::renamed(), 42);
        report.lines
    }
}

/// What came back different.
#[derive(Default)]
struct Report {
    lines: Vec<String>,
}

impl Report {
    /// Compares by text, which tells NaN and the zeros apart where `==` does not, and works for every type.
    fn equal<T: Debug>(&mut self, function: &str, got: T, wanted: T) {
        let (got, wanted) = (format!("{got:?}"), format!("{wanted:?}"));
        if got != wanted {
            self.lines.push(format!("{function}: got {got}, wanted {wanted}"));
        }
    }
}

fn scalars(report: &mut Report) {
    for value in [false, true] {
        report.equal("echo-bool", scalars::echo_bool(value), value);
    }
    for value in [u8::MIN, 1, u8::MAX] {
        report.equal("echo-u8", scalars::echo_u8(value), value);
    }
    for value in [u16::MIN, 256, u16::MAX] {
        report.equal("echo-u16", scalars::echo_u16(value), value);
    }
    for value in [u32::MIN, 1 << 31, u32::MAX] {
        report.equal("echo-u32", scalars::echo_u32(value), value);
    }
    for value in [u64::MIN, 1 << 53, (1 << 53) + 1, 1 << 63, u64::MAX] {
        report.equal("echo-u64", scalars::echo_u64(value), value);
    }
    for value in [i8::MIN, -1, 0, i8::MAX] {
        report.equal("echo-s8", scalars::echo_s8(value), value);
    }
    for value in [i16::MIN, -1, 0, i16::MAX] {
        report.equal("echo-s16", scalars::echo_s16(value), value);
    }
    for value in [i32::MIN, -1, 0, i32::MAX] {
        report.equal("echo-s32", scalars::echo_s32(value), value);
    }
    for value in [i64::MIN, -1, 0, (1 << 53) + 1, i64::MAX] {
        report.equal("echo-s64", scalars::echo_s64(value), value);
    }
    for value in [0.0, -0.0, 1.5, f32::MIN, f32::MAX, f32::MIN_POSITIVE, f32::INFINITY, f32::NAN] {
        report.equal("echo-f32", scalars::echo_f32(value), value);
    }
    for value in [0.0, -0.0, 0.1, f64::MIN, f64::MAX, f64::MIN_POSITIVE, f64::NEG_INFINITY, f64::NAN] {
        report.equal("echo-f64", scalars::echo_f64(value), value);
    }
    for value in ['\0', 'a', 'é', '\u{d7ff}', '\u{e000}', '😀', char::MAX] {
        report.equal("echo-char", scalars::echo_char(value), value);
    }
    for value in ["", "Ada", "zero\0inside", "naïve 😀", &"long ".repeat(20_000)] {
        report.equal("echo-string", scalars::echo_string(value), value.to_owned());
    }
}

fn lists(report: &mut Report) {
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(100_000).collect();
    for value in [&[] as &[u8], &[0, 255], &bytes] {
        report.equal("echo-bytes", lists::echo_bytes(value), value.to_vec());
    }
    let value = [0, 1, u16::MAX];
    report.equal("echo-u16s", lists::echo_u16s(&value), value.to_vec());
    let value = [i64::MIN, -1, 0, i64::MAX];
    report.equal("echo-s64s", lists::echo_s64s(&value), value.to_vec());
    let value = [-0.0, 0.1, f64::INFINITY, f64::NAN];
    report.equal("echo-f64s", lists::echo_f64s(&value), value.to_vec());
    let value = [true, false, true];
    report.equal("echo-bools", lists::echo_bools(&value), value.to_vec());
    let value = ['a', '😀', '\0'];
    report.equal("echo-chars", lists::echo_chars(&value), value.to_vec());
    for value in [vec![], strings(&["", "a", "naïve 😀"])] {
        report.equal("echo-strings", lists::echo_strings(&value), value);
    }
    let value = [vec![], strings(&["", "b"]), strings(&["c"])];
    report.equal("echo-nested", lists::echo_nested(&value), value.to_vec());
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn records(report: &mut Report) {
    use records::{Person, Point};

    let point = Point { x: i32::MIN, y: i32::MAX };
    report.equal("echo-point", records::echo_point(point), point);
    report.equal("echo-place", records::echo_place(point), point);
    let person = |name: &str, nicknames: &[&str]| Person {
        name: name.to_owned(),
        age: 255,
        home: point,
        nicknames: strings(nicknames),
    };
    let value = person("Ada", &["Countess", ""]);
    report.equal("echo-person", records::echo_person(&value), value);
    let value = [person("", &[]), person("Grace", &["Amazing"])];
    report.equal("echo-people", records::echo_people(&value), value.to_vec());
    report.equal("echo-people", records::echo_people(&[]), Vec::new());
    let (left, right) = (values::wide("left"), values::wide(""));
    report.equal("echo-wide", records::echo_wide(&left), left.clone());
    report.equal("swap", records::swap(&left, &right), vec![right, left]);
}

fn enums_and_flags(report: &mut Report) {
    use enums::Suit;
    use flag_sets::{Full, Nine, Permissions};

    let suits = [Suit::Hearts, Suit::Diamonds, Suit::Clubs, Suit::Spades];
    for value in suits {
        report.equal("echo-suit", enums::echo_suit(value), value);
    }
    report.equal("echo-suits", enums::echo_suits(&suits), suits.to_vec());
    let value = Permissions::READ | Permissions::RUN_IT;
    for value in [Permissions::empty(), value, Permissions::all()] {
        report.equal("echo-permissions", flag_sets::echo_permissions(value), value);
    }
    for value in [Nine::empty(), Nine::A | Nine::I, Nine::all()] {
        report.equal("echo-nine", flag_sets::echo_nine(value), value);
    }
    let value = [Full::empty(), Full::B0 | Full::B31, Full::all()];
    report.equal("echo-full", flag_sets::echo_full(&value), value.to_vec());
}

fn options(report: &mut Report) {
    use options::Settings;

    for value in [None, Some(0), Some(u32::MAX)] {
        report.equal("echo-u32", options::echo_u32(value), value);
    }
    for value in [None, Some(""), Some("text")] {
        report.equal("echo-string", options::echo_string(value), value.map(str::to_owned));
    }
    let settings = [
        Settings { name: None, size: None },
        Settings { name: Some(String::new()), size: Some(0) },
        Settings { name: Some("big".to_owned()), size: Some(u64::MAX) },
    ];
    for value in settings {
        report.equal("echo-settings", options::echo_settings(&value), value.clone());
        let got = options::echo_optional_settings(Some(&value));
        report.equal("echo-optional-settings", got, Some(value));
    }
    report.equal("echo-optional-settings", options::echo_optional_settings(None), None);
    let value = [None, Some(String::new()), Some("text".to_owned())];
    report.equal("echo-list", options::echo_list(&value), value.to_vec());
    for value in [None, Some(None), Some(Some(7))] {
        report.equal("echo-nested", options::echo_nested(value), value);
    }
}

fn variants(report: &mut Report) {
    use variants::{Plain, Shape};

    let shapes =
        [Shape::Circle(1.5), Shape::Rectangle((0, u32::MAX)), Shape::Label("here".to_owned()), Shape::Empty];
    for value in &shapes {
        report.equal("echo-shape", variants::echo_shape(value), value.clone());
    }
    report.equal("echo-shapes", variants::echo_shapes(&shapes), shapes.to_vec());
    for value in [Plain::Yes, Plain::No] {
        report.equal("echo-plain", variants::echo_plain(value), value);
    }
}

fn tuples(report: &mut Report) {
    report.equal("echo-pair", tuples::echo_pair((7, "seven")), (7, "seven".to_owned()));
    report.equal("echo-single", tuples::echo_single((8,)), (8,));
    let value = [(0, u64::MAX, String::new()), (255, 0, "text".to_owned())];
    report.equal("echo-list", tuples::echo_list(&value), value.to_vec());
    match tuples::echo_long(Some((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, "end"))) {
        Some((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, end)) if end == "end" => {}
        _ => report.lines.push("echo-long: got something else".to_owned()),
    }
    report.equal("echo-long", tuples::echo_long(None).is_none(), true);
}

fn versions(report: &mut Report) {
    let value = versioned1_0_0::shared::Item { x: u32::MAX };
    report.equal("shared@1.0.0", versioned1_0_0::shared::echo(value), value);
    let value = versioned1_1_0::shared::Item { x: "x".to_owned() };
    report.equal("shared@1.1.0", versioned1_1_0::shared::echo(&value), value);
    let value = versioned2_0_0::shared::Item { x: u64::MAX, y: "two".to_owned() };
    report.equal("shared@2.0.0", versioned2_0_0::shared::echo(&value), value);
}
