use insta::assert_snapshot;
use witgen_diag::Id;

use super::{failure, has_id, run_wat, shown};
use crate::Outcome;

/// A command whose `run` has the body `body`.
fn command(body: &str) -> String {
    format!(
        r#"(component
            (core module $module (func (export "run") (result i32) {body}))
            (core instance $m (instantiate $module))
            (func $run (result (result)) (canon lift (core func $m "run")))
            (instance $command (export "run" (func $run)))
            (export "wasi:cli/run@0.2.3" (instance $command)))"#
    )
}

#[test]
fn a_command_that_returns_ok_exits_with_0() {
    assert_eq!(run_wat(&command("i32.const 0"), None), Ok(Outcome::Exit(0)));
}

#[test]
fn a_command_that_returns_err_exits_with_1() {
    assert_eq!(run_wat(&command("i32.const 1"), None), Ok(Outcome::Exit(1)));
}

#[test]
fn a_command_can_trap() {
    let diagnostic = failure(&command("unreachable"), None);
    has_id(&diagnostic, Id::Trap);
    assert_eq!(diagnostic.message, "the command trapped");
}

/// 32 says that the guest came to its end; the other bits would be things that it was given.
#[test]
fn a_command_gets_no_environment_no_directory_and_no_socket() {
    assert_eq!(run_wat(include_str!("denied.wat"), None), Ok(Outcome::Exit(32)));
}

#[test]
fn a_component_without_run_shows_what_can_be_invoked() {
    let diagnostic = failure(include_str!("values.wat"), None);
    assert_snapshot!(shown(&diagnostic), @r"
    invalid-invoke: the component is no command: it does not export `wasi:cli/run@0.2.0`
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
    help: call a function: --invoke 'add(...)'
    ");
}

#[test]
fn all_missing_imports_are_listed() {
    let wat = r#"(component
        (import "my:pkg/types@0.1.0" (instance (type $t u32) (export "t" (type (eq $t)))))
        (import "my:pkg/store@0.1.0" (instance (export "get" (func (result u32)))))
        (import "log" (func (param "text" string)))
        (import "wasi:nn/tensor@0.2.3" (instance (export "tensor" (type (sub resource)))))
        (import "wasi:cli/stdin@0.2.0" (instance))
        (core module $module (func (export "f")))
        (core instance $m (instantiate $module))
        (func $f (canon lift (core func $m "f")))
        (export "f" (func $f)))"#;
    let diagnostic = failure(wat, Some("f()"));
    has_id(&diagnostic, Id::MissingImport);
    assert_eq!(
        diagnostic.message,
        "the component needs 3 imports that nobody provides: `log`, `my:pkg/store@0.1.0`, `wasi:nn/tensor@0.2.3`"
    );
    assert!(diagnostic.helps[0].contains("witgen compose"), "{diagnostic:#?}");
}

#[test]
fn an_import_of_another_type_is_a_missing_import() {
    let wat = r#"(component
        (import "wasi:cli/environment@0.2.0" (instance (export "get-arguments" (func (result u32)))))
        (core module $module (func (export "f")))
        (core instance $m (instantiate $module))
        (func $f (canon lift (core func $m "f")))
        (export "f" (func $f)))"#;
    has_id(&failure(wat, Some("f()")), Id::MissingImport);
}

#[test]
fn plain_types_need_no_provider() {
    let wat = r#"(component
        (import "my:pkg/types@0.1.0" (instance (type $t u32) (export "t" (type (eq $t)))))
        (core module $module (func (export "f")))
        (core instance $m (instantiate $module))
        (func $f (canon lift (core func $m "f")))
        (export "f" (func $f)))"#;
    assert_eq!(run_wat(wat, Some("f()")), Ok(Outcome::Value(None)));
}
