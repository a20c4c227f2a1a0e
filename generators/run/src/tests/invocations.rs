use insta::assert_snapshot;
use witgen_diag::Id;

use super::{failure, has_id, run_wat, shown};
use crate::Outcome;

const VALUES: &str = include_str!("values.wat");

fn value(invoke: &str) -> Option<String> {
    match run_wat(VALUES, Some(invoke)) {
        Ok(Outcome::Value(value)) => value,
        other => panic!("{invoke}: {other:?}"),
    }
}

fn prints(invoke: &str, expected: &str) {
    assert_eq!(value(invoke).as_deref(), Some(expected), "{invoke}");
}

fn refusal(invoke: &str) -> String {
    let diagnostic = failure(VALUES, Some(invoke));
    has_id(&diagnostic, Id::InvalidInvoke);
    shown(&diagnostic)
}

#[test]
fn values_of_every_shape_come_back() {
    prints("add(255, 4294967040)", "4294967295");
    prints(r#"text("Ada \u{1F642} \"x\"")"#, r#""Ada 🙂 \"x\"""#);
    prints(r#"text("")"#, r#""""#);
    prints("numbers([])", "[]");
    prints("numbers([1, 65535])", "[1, 65535]");
    prints("shift({y: -3, x: 7})", "{x: 7, y: -3}");
    prints("maybe(some(3))", "some(3)");
    prints("maybe(none)", "none");
}

#[test]
fn an_error_result_is_a_value() {
    prints("halve(8)", "ok(4)");
    prints("halve(10)", r#"err("too big")"#);
}

#[test]
fn a_function_without_result_gives_nothing() {
    assert_eq!(value("nothing()"), None);
    assert_eq!(value(" nothing ( ) "), None);
}

#[test]
fn options_at_the_end_may_be_left_out() {
    prints("maybe()", "none");
}

#[test]
fn names_may_leave_out_what_is_clear() {
    for name in ["try:out/math@1.2.0.only-here", "try:out/math.only-here", "math.only-here", "only-here"] {
        prints(&format!("{name}(1, 2)"), "3");
    }
    prints("%only-here(1, 2)", "3");
    prints("try:out/math.add(2, 2)", "4");
}

#[test]
fn the_function_of_the_world_goes_before_that_of_an_interface() {
    prints("add(1, 1)", "2");
}

#[test]
fn wrong_names_bring_suggestions() {
    assert_snapshot!(refusal("ad(1, 2)"), @r"
    invalid-invoke: the component exports no function `ad`
    ad(1, 2)
    ^^ not exported
    note: the component exports
      add: func(a: u8, b: u32) -> u32
      nothing: func()
      text: func(text: string) -> string
      numbers: func(numbers: list<u16>) -> list<u16>
      shift: func(point: record { x: u32, y: s32 }) -> record { x: u32, y: s32 }
      maybe: func(value: option<u32>) -> option<u32>
      halve: func(number: u32) -> result<u32, string>
      fail: func()
      and 2 more
    help: did you mean `add`?
    ");
    assert_snapshot!(refusal("try:out/math.ad(1, 2)"), @r"
    invalid-invoke: the component exports no function `try:out/math.ad`
    try:out/math.ad(1, 2)
    ^^^^^^^^^^^^^^^ not exported
    note: the component exports
      add: func(a: u8, b: u32) -> u32
      nothing: func()
      text: func(text: string) -> string
      numbers: func(numbers: list<u16>) -> list<u16>
      shift: func(point: record { x: u32, y: s32 }) -> record { x: u32, y: s32 }
      maybe: func(value: option<u32>) -> option<u32>
      halve: func(number: u32) -> result<u32, string>
      fail: func()
      and 2 more
    help: did you mean `try:out/math@1.2.0.add`, `try:out/math@1.2.0.only-here`?
    ");
    assert_snapshot!(refusal("(1, 2)"), @r"
    invalid-invoke: the call names no function
    (1, 2)
    ^ expected the name of a function
    note: the component exports
      add: func(a: u8, b: u32) -> u32
      nothing: func()
      text: func(text: string) -> string
      numbers: func(numbers: list<u16>) -> list<u16>
      shift: func(point: record { x: u32, y: s32 }) -> record { x: u32, y: s32 }
      maybe: func(value: option<u32>) -> option<u32>
      halve: func(number: u32) -> result<u32, string>
      fail: func()
      and 2 more
    ");
    assert_snapshot!(refusal("[method]counter.up(1)"), @r"
    invalid-invoke: methods of resources cannot be invoked
    [method]counter.up(1)
    ^^^^^^^^^^^^^^^^^^ this belongs to a resource
    note: a call from the command line has no way to hold a resource
    ");
    assert_snapshot!(refusal("try:out/math#add(1, 2)"), @r"
    invalid-invoke: the component exports no function `try:out/math#add`
    try:out/math#add(1, 2)
    ^^^^^^^^^^^^^^^^ not exported
    note: the component exports
      add: func(a: u8, b: u32) -> u32
      nothing: func()
      text: func(text: string) -> string
      numbers: func(numbers: list<u16>) -> list<u16>
      shift: func(point: record { x: u32, y: s32 }) -> record { x: u32, y: s32 }
      maybe: func(value: option<u32>) -> option<u32>
      halve: func(number: u32) -> result<u32, string>
      fail: func()
      and 2 more
    help: did you mean `try:out/math@1.2.0.add`, `try:out/math@1.2.0.only-here`?
    help: a function is separated from its interface by a dot: `ns:pkg/iface.func`
    ");
}

#[test]
fn a_wrong_number_of_arguments_points_at_them() {
    assert_snapshot!(refusal("add(1)"), @r"
    invalid-invoke: `add` takes 2 arguments and 1 is given
    add(1)
         ^ more arguments belong here
    note: add: func(a: u8, b: u32) -> u32
    ");
    assert_snapshot!(refusal("add(1, 2, 3, 4)"), @r"
    invalid-invoke: `add` takes 2 arguments and 4 are given
    add(1, 2, 3, 4)
              ^^^^ too many
    note: add: func(a: u8, b: u32) -> u32
    ");
    assert_snapshot!(refusal("nothing(1)"), @r"
    invalid-invoke: `nothing` takes 0 arguments and 1 is given
    nothing(1)
            ^ too many
    note: nothing: func()
    ");
    assert_snapshot!(refusal("add"), @r"
    invalid-invoke: the call has no arguments in parentheses
    add
       ^ expected `(`
    note: add: func(a: u8, b: u32) -> u32
    help: --invoke 'add(a, b)'
    ");
}

#[test]
fn arguments_that_do_not_parse_point_at_the_place() {
    assert_snapshot!(refusal("text(Ada Lovelace)"), @r#"
    invalid-invoke: the arguments are no valid WAVE
    text(Ada Lovelace)
          ^^ not expected here
    note: text: func(text: string) -> string
    help: strings are written in double quotes, and the call in single quotes for the shell: --invoke 'text("...")'
    "#);
    assert_snapshot!(refusal("text(\"Ada"), @r#"
    invalid-invoke: the arguments are no valid WAVE
    text("Ada
         ^^^^ the string is not closed
    note: text: func(text: string) -> string
    "#);
    assert_snapshot!(refusal("add(1, 2"), @r"
    invalid-invoke: the call ends too early
    add(1, 2
            ^ a closing bracket or quote is missing
    note: add: func(a: u8, b: u32) -> u32
    ");
    assert_snapshot!(refusal("add(1, 2) + 1"), @r"
    invalid-invoke: there is text after the call
    add(1, 2) + 1
              ^ not expected
    note: add: func(a: u8, b: u32) -> u32
    ");
    assert_snapshot!(refusal("add(1, ?)"), @r"
    invalid-invoke: the arguments are no valid WAVE
    add(1, ?)
           ^ not a part of WAVE
    note: add: func(a: u8, b: u32) -> u32
    ");
}

#[test]
fn arguments_of_another_type_point_at_the_value() {
    assert_snapshot!(refusal("add(256, 1)"), @r"
    invalid-invoke: the argument `a` does not fit its type
    add(256, 1)
        ^^^ no value of that type
    note: `a` is `u8`
    ");
    assert_snapshot!(refusal("text(Ada)"), @r#"
    invalid-invoke: the arguments are no valid WAVE
    text(Ada)
          ^^ not expected here
    note: text: func(text: string) -> string
    help: strings are written in double quotes, and the call in single quotes for the shell: --invoke 'text("...")'
    "#);
    assert_snapshot!(refusal("shift({x: 1})"), @r#"
    invalid-invoke: the argument `point` does not fit its type
    shift({x: 1})
          ^^^^^^ missing field "y"
    note: `point` is `record { x: u32, y: s32 }`
    "#);
    assert_snapshot!(refusal("shift({x: 1, y: 2, z: 3})"), @r"
    invalid-invoke: the argument `point` does not fit its type
    shift({x: 1, y: 2, z: 3})
                       ^ no such field
    note: `point` is `record { x: u32, y: s32 }`
    ");
    assert_snapshot!(refusal("numbers([1, \"2\"])"), @r#"
    invalid-invoke: the argument `numbers` does not fit its type
    numbers([1, "2"])
                ^^^ a value of another kind
    note: `numbers` is `list<u16>`
    "#);
}

#[test]
fn all_wrong_arguments_are_reported_together() {
    assert_eq!(run_wat(VALUES, Some("add(256, -1)")).unwrap_err().len(), 2);
}

#[test]
fn strange_calls_are_refused_without_a_panic() {
    let calls = [
        "",
        "(",
        ")",
        "add(",
        "add)",
        "add((((((",
        "é(1)",
        "add(é)",
        "text('\u{1F642})",
        ".()",
        "@(1)",
        "a.(1)",
    ];
    for call in calls {
        has_id(&run_wat(VALUES, Some(call)).unwrap_err()[0], Id::InvalidInvoke);
    }
    let deep = format!("numbers({})", "[".repeat(100_000));
    has_id(&failure(VALUES, Some(&deep)), Id::InvalidInvoke);
}

#[test]
fn functions_with_resources_are_refused() {
    let wat = r#"(component
        (type $thing (resource (rep i32)))
        (export $thing-export "thing" (type $thing))
        (core func $new (canon resource.new $thing))
        (core module $module
            (import "" "new" (func $new (param i32) (result i32)))
            (func (export "make") (result i32) (call $new (i32.const 1))))
        (core instance $m (instantiate $module (with "" (instance (export "new" (func $new))))))
        (func $make (result (own $thing-export)) (canon lift (core func $m "make")))
        (export "make" (func $make)))"#;
    assert_snapshot!(shown(&failure(wat, Some("make()"))), @r"
    invalid-invoke: `make` cannot be invoked from the command line
    make()
    ^^^^ 
    note: its type has a resource, which has no form in WAVE
    ");
}

#[test]
fn a_trap_names_the_function_and_shows_the_guests_frames() {
    let diagnostic = failure(VALUES, Some("fail()"));
    has_id(&diagnostic, Id::Trap);
    assert_eq!(diagnostic.message, "`fail` trapped");
    assert_eq!(diagnostic.notes[0], "wasm trap: wasm `unreachable` instruction executed");
    let backtrace = diagnostic.output.unwrap();
    assert!(backtrace.contains("echo!trap"), "{backtrace}");
    assert!(!backtrace.contains("wasmtime"), "{backtrace}");
}
