//! Gives back what it gets.

#[path = "../bindings/provider.rs"]
mod bindings;
mod failures;
mod params;
mod results;
mod store;

use bindings::Tagged;
use bindings::exports::inline;
use bindings::exports::witgen::conformance::enums::{self, Suit};
use bindings::exports::witgen::conformance::flag_sets::{self, Full, Nine, Permissions};
use bindings::exports::witgen::conformance::lists;
use bindings::exports::witgen::conformance::options::{self, Settings};
use bindings::exports::witgen::conformance::records::{self, Person, Place, Point, Wide};
use bindings::exports::witgen::conformance::scalars;
use bindings::exports::witgen::conformance::tuples;
use bindings::exports::witgen::conformance::variants::{self, Plain, Shape};
use bindings::exports::witgen::nested::inner;
use bindings::exports::witgen::{versioned1_0_0, versioned1_1_0, versioned2_0_0};

struct Provider;

bindings::export!(Provider with_types_in bindings);

impl bindings::Guest for Provider {
    fn renamed() -> u32 {
        42
    }

    fn echo_tagged(value: Tagged) -> Tagged {
        value
    }

    fn fail(message: String) {
        panic!("{message}")
    }
}

impl scalars::Guest for Provider {
    fn echo_bool(value: bool) -> bool {
        value
    }

    fn echo_u8(value: u8) -> u8 {
        value
    }

    fn echo_u16(value: u16) -> u16 {
        value
    }

    fn echo_u32(value: u32) -> u32 {
        value
    }

    fn echo_u64(value: u64) -> u64 {
        value
    }

    fn echo_s8(value: i8) -> i8 {
        value
    }

    fn echo_s16(value: i16) -> i16 {
        value
    }

    fn echo_s32(value: i32) -> i32 {
        value
    }

    fn echo_s64(value: i64) -> i64 {
        value
    }

    fn echo_f32(value: f32) -> f32 {
        value
    }

    fn echo_f64(value: f64) -> f64 {
        value
    }

    fn echo_char(value: char) -> char {
        value
    }

    fn echo_string(value: String) -> String {
        value
    }
}

impl lists::Guest for Provider {
    fn echo_bytes(value: Vec<u8>) -> Vec<u8> {
        value
    }

    fn echo_u16s(value: Vec<u16>) -> Vec<u16> {
        value
    }

    fn echo_s64s(value: Vec<i64>) -> Vec<i64> {
        value
    }

    fn echo_f64s(value: Vec<f64>) -> Vec<f64> {
        value
    }

    fn echo_bools(value: Vec<bool>) -> Vec<bool> {
        value
    }

    fn echo_chars(value: Vec<char>) -> Vec<char> {
        value
    }

    fn echo_strings(value: Vec<String>) -> Vec<String> {
        value
    }

    fn echo_nested(value: Vec<Vec<String>>) -> Vec<Vec<String>> {
        value
    }
}

impl records::Guest for Provider {
    fn echo_point(value: Point) -> Point {
        value
    }

    fn echo_person(value: Person) -> Person {
        value
    }

    fn echo_people(value: Vec<Person>) -> Vec<Person> {
        value
    }

    fn echo_wide(value: Wide) -> Wide {
        value
    }

    fn echo_place(value: Place) -> Place {
        value
    }

    fn swap(left: Wide, right: Wide) -> Vec<Wide> {
        vec![right, left]
    }
}

impl enums::Guest for Provider {
    fn echo_suit(value: Suit) -> Suit {
        value
    }

    fn echo_suits(value: Vec<Suit>) -> Vec<Suit> {
        value
    }
}

impl options::Guest for Provider {
    fn echo_u32(value: Option<u32>) -> Option<u32> {
        value
    }

    fn echo_string(value: Option<String>) -> Option<String> {
        value
    }

    fn echo_settings(value: Settings) -> Settings {
        value
    }

    fn echo_optional_settings(value: Option<Settings>) -> Option<Settings> {
        value
    }

    fn echo_list(value: Vec<Option<String>>) -> Vec<Option<String>> {
        value
    }

    fn echo_nested(value: Option<Option<u32>>) -> Option<Option<u32>> {
        value
    }
}

impl variants::Guest for Provider {
    fn echo_shape(value: Shape) -> Shape {
        value
    }

    fn echo_shapes(value: Vec<Shape>) -> Vec<Shape> {
        value
    }

    fn echo_plain(value: Plain) -> Plain {
        value
    }
}

impl flag_sets::Guest for Provider {
    fn echo_permissions(value: Permissions) -> Permissions {
        value
    }

    fn echo_nine(value: Nine) -> Nine {
        value
    }

    fn echo_full(value: Vec<Full>) -> Vec<Full> {
        value
    }
}

/// The longest tuple of the world.
type Long = (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, String);

impl tuples::Guest for Provider {
    fn echo_pair(value: (u32, String)) -> (u32, String) {
        value
    }

    fn echo_single(value: (u8,)) -> (u8,) {
        value
    }

    fn echo_list(value: Vec<(u8, u64, String)>) -> Vec<(u8, u64, String)> {
        value
    }

    fn echo_long(value: Option<Long>) -> Option<Long> {
        value
    }
}

impl versioned1_0_0::shared::Guest for Provider {
    fn echo(value: versioned1_0_0::shared::Item) -> versioned1_0_0::shared::Item {
        value
    }
}

impl versioned1_1_0::shared::Guest for Provider {
    fn echo(value: versioned1_1_0::shared::Item) -> versioned1_1_0::shared::Item {
        value
    }
}

impl versioned2_0_0::shared::Guest for Provider {
    fn echo(value: versioned2_0_0::shared::Item) -> versioned2_0_0::shared::Item {
        value
    }
}

impl bindings::exports::witgen::nested::nothing::Guest for Provider {}

impl inner::Guest for Provider {
    fn depth() -> u32 {
        2
    }
}

impl inline::Guest for Provider {
    fn echo(value: String) -> String {
        value
    }
}
