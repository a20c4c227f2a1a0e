//! Calls of the provider that every language answers alike, at least one for each construct.

/// A call from the command line.
pub struct Call {
    /// What follows `--invoke`.
    pub invoke: &'static str,
    /// What is printed.
    pub expected: &'static str,
}

macro_rules! calls {
    ($($invoke:literal => $expected:literal,)*) => {
        &[$(Call { invoke: $invoke, expected: concat!($expected, "\n") },)*]
    };
}

/// The calls.
pub const CALLS: &[Call] = calls! {
    "echo-bool(true)" => "true",
    "echo-u8(255)" => "255",
    "witgen:conformance/scalars.echo-u32(4294967295)" => "4294967295",
    "echo-u64(18446744073709551615)" => "18446744073709551615",
    "echo-s8(-128)" => "-128",
    "echo-s64(-9223372036854775808)" => "-9223372036854775808",
    "echo-f32(-0.5)" => "-0.5",
    "echo-f32(nan)" => "nan",
    "echo-f64(-inf)" => "-inf",
    "echo-char('🦀')" => "'🦀'",
    r#"scalars.echo-string("a\"\n\u{e9}")"# => r#""a\"\né""#,
    "echo-bytes([0, 255])" => "[0, 255]",
    "echo-f64s([0.1, -0.0])" => "[0.1, -0]",
    r#"lists.echo-nested([[], ["", "a"]])"# => r#"[[], ["", "a"]]"#,
    r#"witgen:conformance/records.echo-person({name: "Ada", age: 36, home: {x: -1, y: 2}, nicknames: ["A", ""]})"# =>
        r#"{name: "Ada", age: 36, home: {x: -1, y: 2}, nicknames: ["A", ""]}"#,
    "witgen:conformance/records.echo-place({x: 1, y: 2})" => "{x: 1, y: 2}",
    r#"echo-wide({a: 255, b: 65535, c: 4294967295, d: 18446744073709551615, e: -128, f: -32768, g: -2147483648, h: -9223372036854775808, i: 1.5, j: -0.1, k: 'z', l: true, m: "text", n: [1, 2], o: {x: 0, y: 0}})"# =>
        r#"{a: 255, b: 65535, c: 4294967295, d: 18446744073709551615, e: -128, f: -32768, g: -2147483648, h: -9223372036854775808, i: 1.5, j: -0.1, k: 'z', l: true, m: "text", n: [1, 2], o: {x: 0, y: 0}}"#,
    "echo-suits([spades, hearts])" => "[spades, hearts]",
    "options.echo-u32(none)" => "none",
    r#"options.echo-string(some(""))"# => r#"some("")"#,
    r#"options.echo-settings({name: some("a")})"# => r#"{name: some("a")}"#,
    "options.echo-nested(some(none))" => "some(none)",
    "options.echo-nested(some(some(7)))" => "some(some(7))",
    "divide(1, 0)" => r#"err("division by zero")"#,
    "divide(7, 2)" => "ok(3)",
    r#"find("")"# => "err(denied)",
    r#"check("bäd")"# => r#"err({line: 4, message: "bäd"})"#,
    r#"check("")"# => "ok",
    "attempt(false)" => "err",
    "produce(true)" => r#"ok(["a", "", "c"])"#,
    "produce(false)" => "err",
    "echo-result(ok(18446744073709551615))" => "ok(18446744073709551615)",
    "echo-results([ok(0.5), err(denied)])" => "[ok(0.5), err(denied)]",
    "echo-bare([ok, err])" => "[ok, err]",
    r#"results.echo-nested(ok(err("inner")))"# => r#"ok(err("inner"))"#,
    r#"echo-shapes([circle(0.5), rectangle((1, 2)), label("x"), empty])"# =>
        r#"[circle(0.5), rectangle((1, 2)), label("x"), empty]"#,
    "echo-plain(yes)" => "yes",
    "echo-permissions({read, run-it})" => "{read, run-it}",
    "echo-nine({a, i})" => "{a, i}",
    "echo-full([{b0, b31}, {}])" => "[{b0, b31}, {}]",
    r#"echo-pair((4294967295, "pair"))"# => r#"(4294967295, "pair")"#,
    "echo-single((255))" => "(255)",
    r#"echo-long(some((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255, "end")))"# =>
        r#"some((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255, "end"))"#,
    r#"sixteen(1, 2, 3, 4, -5, -6, -7, -8, 1.5, -2.5, 'k', true, "m", [1, 2, 3])"# =>
        r#""1,2,3,4,-5,-6,-7,-8,1.5,-2.5,k,true,m,6""#,
    r#"seventeen(255, 2, 3, 18446744073709551615, -5, -6, -7, -9223372036854775808, 1.5, -2.5, '🦀', false, "", [255, 255], 9)"# =>
        r#""255,2,3,18446744073709551615,-5,-6,-7,-9223372036854775808,1.5,-2.5,🦀,false,,510,9""#,
    "params.several({x: 1, y: 2}, {size: some(3)}, empty)" => "({x: 1, y: 2}, {size: some(3)}, empty)",
    r#"inline.echo("in")"# => r#""in""#,
    r#"echo-tagged({at: {x: 1, y: 2}, label: "tag"})"# => r#"{at: {x: 1, y: 2}, label: "tag"}"#,
    "renamed()" => "42",
    "witgen:versioned/shared@1.0.0.echo({x: 4294967295})" => "{x: 4294967295}",
    r#"witgen:versioned/shared@2.0.0.echo({x: 18446744073709551615, y: "two"})"# =>
        r#"{x: 18446744073709551615, y: "two"}"#,
    "store.live()" => "0",
};
