//! Parameters and results on both sides of the limits of flat values.

use crate::Provider;
use crate::bindings::exports::witgen::conformance::params::{Figure, Guest, Point, Settings};

impl Guest for Provider {
    fn sixteen(
        a: u8,
        b: u16,
        c: u32,
        d: u64,
        e: i8,
        f: i16,
        g: i32,
        h: i64,
        i: f32,
        j: f64,
        k: char,
        l: bool,
        m: String,
        n: Vec<u8>,
    ) -> String {
        let sum: u64 = n.into_iter().map(u64::from).sum();
        format!("{a},{b},{c},{d},{e},{f},{g},{h},{i:.1},{j:.1},{k},{l},{m},{sum}")
    }

    fn seventeen(
        a: u8,
        b: u16,
        c: u32,
        d: u64,
        e: i8,
        f: i16,
        g: i32,
        h: i64,
        i: f32,
        j: f64,
        k: char,
        l: bool,
        m: String,
        n: Vec<u8>,
        o: u8,
    ) -> String {
        let before = Self::sixteen(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
        format!("{before},{o}")
    }

    fn forty(
        a0: u32,
        a1: u32,
        a2: u32,
        a3: u32,
        a4: u32,
        a5: u32,
        a6: u32,
        a7: u32,
        a8: u32,
        a9: u32,
        b0: u32,
        b1: u32,
        b2: u32,
        b3: u32,
        b4: u32,
        b5: u32,
        b6: u32,
        b7: u32,
        b8: u32,
        b9: u32,
        c0: u32,
        c1: u32,
        c2: u32,
        c3: u32,
        c4: u32,
        c5: u32,
        c6: u32,
        c7: u32,
        c8: u32,
        c9: u32,
        d0: u32,
        d1: u32,
        d2: u32,
        d3: u32,
        d4: u32,
        d5: u32,
        d6: u32,
        d7: u32,
        d8: u32,
        d9: u32,
    ) -> u64 {
        let numbers = [
            [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9],
            [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9],
            [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9],
            [d0, d1, d2, d3, d4, d5, d6, d7, d8, d9],
        ];
        numbers.into_iter().flatten().map(u64::from).sum()
    }

    fn several(point: Point, settings: Settings, figure: Figure) -> (Point, Settings, Figure) {
        (point, settings, figure)
    }

    fn nothing() {}
}
