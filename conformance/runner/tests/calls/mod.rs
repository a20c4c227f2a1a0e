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
    "witgen:nested/inner.depth()" => "2",
    "renamed()" => "42",
    "witgen:versioned/shared@1.0.0.echo({x: 4294967295})" => "{x: 4294967295}",
    r#"witgen:versioned/shared@2.0.0.echo({x: 18446744073709551615, y: "two"})"# =>
        r#"{x: 18446744073709551615, y: "two"}"#,
    "store.live()" => "0",
};

/// A function of the provider of misfits.
pub struct Misfit {
    /// What it is called.
    pub func: &'static str,
    /// What a Python guest says of the result.
    pub python: &'static str,
    /// What a JavaScript guest says of it.
    pub js: &'static str,
}

macro_rules! misfits {
    ($($func:literal => $python:literal, $js:literal;)*) => {
        &[$(Misfit { func: $func, python: $python, js: $js },)*]
    };
}

/// The functions, each of which has to end in a trap.
pub const MISFITS: &[Misfit] = misfits! {
    "byte" => "OverflowError: the result of `byte` is 300, which does not fit u8 (0 to 255)",
        "RangeError: witgen:testees/misfits#byte: the result must be an integer from 0 to 255, got 300";
    "small" => "OverflowError: the result of `small` is -129, which does not fit s8 (-128 to 127)",
        "RangeError: witgen:testees/misfits#small: the result must be an integer from -128 to 127, got -129";
    "short" => "TypeError: the result of `short` must be an int that fits s16, not float",
        "RangeError: witgen:testees/misfits#short: the result must be an integer from -32768 to 32767, got 0.5";
    "count" => "OverflowError: the result of `count` is -1, which does not fit u32 (0 to 4294967295)",
        "RangeError: witgen:testees/misfits#count: the result must be an integer from 0 to 4294967295, got -1";
    "difference" => "OverflowError: the result of `difference` is 2147483648, which does not fit s32",
        "RangeError: witgen:testees/misfits#difference: the result must be an integer from -2147483648 to 2147483647, got 2147483648";
    "huge" => "OverflowError: the result of `huge` is 18446744073709551616, which does not fit u64",
        "RangeError: witgen:testees/misfits#huge: the result must be a bigint from 0n to 18446744073709551615n, got 18446744073709551616n";
    "deep" => "OverflowError: the result of `deep` is 9223372036854775808, which does not fit s64",
        "TypeError: witgen:testees/misfits#deep: the result must be a bigint from -9223372036854775808n to 9223372036854775807n, got 1";
    "real" => "TypeError: the result of `real` must be a float, not str",
        "TypeError: witgen:testees/misfits#real: the result must be a number, got \"0.5\"";
    "truth" => "TypeError: the result of `truth` must be a bool, not int",
        "TypeError: witgen:testees/misfits#truth: the result must be a boolean, got 1";
    "letter" => "ValueError: the result of `letter` must be one character, not 2",
        "TypeError: witgen:testees/misfits#letter: the result must be a string of one character, got \"ab\"";
    "half" => "ValueError: the result of `half` has a lone surrogate at index 0",
        "TypeError: witgen:testees/misfits#half: the result must be a string of one character, got \"\\ud83e\"";
    "text" => "ValueError: the result of `text` has a lone surrogate at index 1",
        "TypeError: witgen:testees/misfits#text: the result must be a string without lone surrogates, got \"a\\udd80\"";
    "which" => "TypeError: the result of `which` must be a Level, not str",
        "TypeError: witgen:testees/misfits#which: the result must be one of \"low\", \"high\", got \"middle\"";
    "marked" => "TypeError: the result of `marked` must be a Marks, not Level",
        "TypeError: witgen:testees/misfits#marked: the result.tall must be no property: there is no such flag, got true";
    "place" => "OverflowError: `Dot.y` is 65536, which does not fit u16 (0 to 65535), in the result of `place`",
        "RangeError: witgen:testees/misfits#place: the result.y must be an integer from 0 to 65535, got 65536";
    "radius" => "OverflowError: the value of ShapeCircle in the result of `radius` is -1, which does not fit u8 (0 to 255)",
        "RangeError: witgen:testees/misfits#radius: the result.val must be an integer from 0 to 255, got -1";
    "points" => "OverflowError: `Dot.x` is 128, which does not fit s8 (-128 to 127), in an element, at index 1 of the value of ShapePath in the result of `points`",
        "RangeError: witgen:testees/misfits#points: the result.val[1].x must be an integer from -128 to 127, got 128";
    "unknown" => "TypeError: the result of `unknown` must be a case of Shape, not Dot",
        "TypeError: witgen:testees/misfits#unknown: the result.tag must be one of \"none\", \"circle\", \"path\", got \"square\"";
    "octets" => "TypeError: the result of `octets` must be bytes, not list",
        "RangeError: witgen:testees/misfits#octets: the result[1] must be an integer from 0 to 255, got 256";
    "numbers" => "OverflowError: an element is -32769, which does not fit s16 (-32768 to 32767), at index 1 of the result of `numbers`",
        "RangeError: witgen:testees/misfits#numbers: the result[1] must be an integer from -32768 to 32767, got -32769";
    "maybe" => "OverflowError: the result of `maybe` is 256, which does not fit u8 (0 to 255)",
        "RangeError: witgen:testees/misfits#maybe: the result must be an integer from 0 to 255, got 256";
    "pair" => "TypeError: an element must be a str, not NoneType, at index 1 of the result of `pair`",
        "TypeError: witgen:testees/misfits#pair: the result[1] must be a string, got undefined";
    "succeeds" => "OverflowError: the result of `succeeds` is 256, which does not fit u8 (0 to 255)",
        "RangeError: witgen:testees/misfits#succeeds: the result must be an integer from 0 to 255, got 256";
    "fails" => "OverflowError: the payload of the error of `fails` is 256, which does not fit u8 (0 to 255)",
        "RangeError: witgen:testees/misfits#fails: the payload of the error must be an integer from 0 to 255, got 256";
};
