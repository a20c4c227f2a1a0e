;; The importing peer: see peer.wit. It lowers by hand, and reads what it gets back byte by byte.
(module
  (import "witgen:conformance/scalars" "echo-bool" (func $bool (param i32) (result i32)))
  (import "witgen:conformance/scalars" "echo-u8" (func $u8 (param i32) (result i32)))
  (import "witgen:conformance/scalars" "echo-s8" (func $s8 (param i32) (result i32)))
  (import "witgen:conformance/scalars" "echo-s16" (func $s16 (param i32) (result i32)))
  (import "witgen:conformance/scalars" "echo-u32" (func $u32 (param i32) (result i32)))
  (import "witgen:conformance/scalars" "echo-u64" (func $u64 (param i64) (result i64)))
  (import "witgen:conformance/scalars" "echo-f32" (func $f32 (param f32) (result f32)))
  (import "witgen:conformance/scalars" "echo-f64" (func $f64 (param f64) (result f64)))
  (import "witgen:conformance/scalars" "echo-char" (func $char (param i32) (result i32)))
  (import "witgen:conformance/scalars" "echo-string" (func $string (param i32 i32 i32)))
  (import "witgen:conformance/lists" "echo-u16s" (func $u16s (param i32 i32 i32)))
  (import "witgen:conformance/lists" "echo-strings" (func $strings (param i32 i32 i32)))
  (import "witgen:conformance/records" "echo-person" (func $person (param i32 i32 i32 i32 i32 i32 i32 i32)))
  (import "witgen:conformance/variants" "echo-shape" (func $shape (param i32 i64 i32 i32)))
  (import "witgen:conformance/flag-sets" "echo-nine" (func $nine (param i32) (result i32)))
  (import "witgen:conformance/options" "echo-nested" (func $nested (param i32 i32 i32 i32)))
  (import "witgen:conformance/options" "echo-settings" (func $settings (param i32 i32 i32 i32 i64 i32)))
  (import "witgen:conformance/results" "echo-result" (func $result (param i32 i64 i32 i32)))
  (import "witgen:conformance/results" "divide" (func $divide (param i32 i32 i32)))
  (import "witgen:conformance/params" "forty" (func $forty (param i32) (result i64)))
  (memory (export "memory") 2)
  (global $free (mut i32) (i32.const 65536))
  ;; The number of the check that comes next, and of the first that failed.
  (global $number (mut i32) (i32.const 0))
  (global $failed (mut i32) (i32.const 0))

  (data (i32.const 1024) "na\c3\afve")
  (data (i32.const 1040) "\f0\9f\98\80")
  (data (i32.const 1056) "\00\00\01\00\ff\ff")
  ;; Two strings: the face, and an empty one with an address that nothing is at.
  (data (i32.const 1072) "\10\04\00\00\04\00\00\00" "\ff\ff\00\00\00\00\00\00")
  (data (i32.const 1088) "division by zero")

  (func (export "cabi_realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at
      (i32.and
        (i32.add (global.get $free) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  (func $check (param $fine i32)
    (global.set $number (i32.add (global.get $number) (i32.const 1)))
    (if (i32.and (i32.eqz (local.get $fine)) (i32.eqz (global.get $failed)))
      (then (global.set $failed (global.get $number)))))

  ;; Whether the pointer and length at $stored lead to these bytes.
  (func $holds (param $stored i32) (param $at i32) (param $length i32) (result i32)
    (local $got i32)
    (local.set $got (i32.load (local.get $stored)))
    (if (i32.ne (i32.load offset=4 (local.get $stored)) (local.get $length)) (then (return (i32.const 0))))
    (block $equal
      (loop $next
        (br_if $equal (i32.eqz (local.get $length)))
        (if (i32.ne (i32.load8_u (local.get $got)) (i32.load8_u (local.get $at))) (then (return (i32.const 0))))
        (local.set $got (i32.add (local.get $got) (i32.const 1)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $length (i32.sub (local.get $length) (i32.const 1)))
        (br $next)))
    (i32.const 1))

  ;; The results are written to 512, on top of what the one before left there.
  (func (export "run") (result i32)
    (local $index i32)
    ;; 1 to 9: scalars.
    (call $check (i32.eq (call $bool (i32.const 1)) (i32.const 1)))
    (call $check (i32.eq (call $u8 (i32.const 255)) (i32.const 255)))
    (call $check (i32.eq (call $s8 (i32.const -128)) (i32.const -128)))
    (call $check (i32.eq (call $s16 (i32.const -32768)) (i32.const -32768)))
    (call $check (i32.eq (call $u32 (i32.const -1)) (i32.const -1)))
    (call $check (i64.eq (call $u64 (i64.const 0x8000000000000001)) (i64.const 0x8000000000000001)))
    (call $check (i32.eq (i32.reinterpret_f32 (call $f32 (f32.const -0x1p-149))) (i32.const 0x80000001)))
    (call $check (i64.eq (i64.reinterpret_f64 (call $f64 (f64.const -0.0))) (i64.const 0x8000000000000000)))
    (call $check (i32.eq (call $char (i32.const 0x10ffff)) (i32.const 0x10ffff)))
    ;; 10 to 12: texts.
    (call $string (i32.const 1024) (i32.const 6) (i32.const 512))
    (call $check (call $holds (i32.const 512) (i32.const 1024) (i32.const 6)))
    (call $string (i32.const 0xffff) (i32.const 0) (i32.const 512))
    (call $check (call $holds (i32.const 512) (i32.const 0) (i32.const 0)))
    (call $strings (i32.const 1072) (i32.const 2) (i32.const 512))
    (call $check
      (i32.and
        (i32.eq (i32.load (i32.const 516)) (i32.const 2))
        (i32.and
          (call $holds (i32.load (i32.const 512)) (i32.const 1040) (i32.const 4))
          (call $holds (i32.add (i32.load (i32.const 512)) (i32.const 8)) (i32.const 0) (i32.const 0)))))
    ;; 13: numbers of two bytes; the length counts numbers.
    (call $u16s (i32.const 1056) (i32.const 3) (i32.const 512))
    (i32.store (i32.const 516) (i32.mul (i32.load (i32.const 516)) (i32.const 2)))
    (call $check (call $holds (i32.const 512) (i32.const 1056) (i32.const 6)))
    ;; 14: name at 0, age at 8, home at 12 and 16, nicknames at 20.
    (call $person
      (i32.const 1024) (i32.const 6) (i32.const 200) (i32.const -1) (i32.const 0x7fffffff) (i32.const 1072) (i32.const 2)
      (i32.const 512))
    (call $check
      (i32.and
        (i32.and
          (call $holds (i32.const 512) (i32.const 1024) (i32.const 6))
          (i32.eq (i32.load8_u (i32.const 520)) (i32.const 200)))
        (i32.and
          (i32.and
            (i32.eq (i32.load (i32.const 524)) (i32.const -1))
            (i32.eq (i32.load (i32.const 528)) (i32.const 0x7fffffff)))
          (i32.and
            (i32.eq (i32.load (i32.const 536)) (i32.const 2))
            (call $holds (i32.load (i32.const 532)) (i32.const 1040) (i32.const 4))))))
    ;; 15 to 18: f64, u32 and a pointer share an i64; the payload is at 8.
    (call $shape (i32.const 0) (i64.const 0x3ff8000000000000) (i32.const 0) (i32.const 512))
    (call $check
      (i32.and (i32.eqz (i32.load8_u (i32.const 512))) (i64.eq (i64.load (i32.const 520)) (i64.const 0x3ff8000000000000))))
    (call $shape (i32.const 1) (i64.const 0xffffffff) (i32.const -2) (i32.const 512))
    (call $check
      (i32.and
        (i32.eq (i32.load8_u (i32.const 512)) (i32.const 1))
        (i64.eq (i64.load (i32.const 520)) (i64.const 0xfffffffeffffffff))))
    (call $shape (i32.const 2) (i64.const 1040) (i32.const 4) (i32.const 512))
    (call $check
      (i32.and (i32.eq (i32.load8_u (i32.const 512)) (i32.const 2)) (call $holds (i32.const 520) (i32.const 1040) (i32.const 4))))
    (call $shape (i32.const 3) (i64.const -1) (i32.const -1) (i32.const 512))
    (call $check (i32.eq (i32.load8_u (i32.const 512)) (i32.const 3)))
    ;; 19 and 20: bits that no flag has are nothing.
    (call $check (i32.eq (i32.and (call $nine (i32.const 0x1ff)) (i32.const 0x1ff)) (i32.const 0x1ff)))
    (call $check (i32.eq (i32.and (call $nine (i32.const 0xfe01)) (i32.const 0x1ff)) (i32.const 1)))
    ;; 21 to 23: the outer option at 0, the inner one at 4, the value at 8.
    (call $nested (i32.const 0) (i32.const -1) (i32.const -1) (i32.const 512))
    (call $check (i32.eqz (i32.load8_u (i32.const 512))))
    (call $nested (i32.const 1) (i32.const 0) (i32.const -1) (i32.const 512))
    (call $check (i32.and (i32.load8_u (i32.const 512)) (i32.eqz (i32.load8_u (i32.const 516)))))
    (call $nested (i32.const 1) (i32.const 1) (i32.const -7) (i32.const 512))
    (call $check
      (i32.and
        (i32.and (i32.load8_u (i32.const 512)) (i32.load8_u (i32.const 516)))
        (i32.eq (i32.load (i32.const 520)) (i32.const -7))))
    ;; 24: option<string> at 0 with its pointer at 4, option<u64> at 16 with its number at 24.
    (call $settings (i32.const 1) (i32.const 1024) (i32.const 6) (i32.const 1) (i64.const -3) (i32.const 512))
    (call $check
      (i32.and
        (i32.and (i32.load8_u (i32.const 512)) (call $holds (i32.const 516) (i32.const 1024) (i32.const 6)))
        (i32.and (i32.load8_u (i32.const 528)) (i64.eq (i64.load (i32.const 536)) (i64.const -3)))))
    ;; 25 to 28: failures; result<u64, string> has its payload at 8, result<u32, string> at 4.
    (call $result (i32.const 0) (i64.const -1) (i32.const 0) (i32.const 512))
    (call $check (i32.and (i32.eqz (i32.load8_u (i32.const 512))) (i64.eq (i64.load (i32.const 520)) (i64.const -1))))
    (call $result (i32.const 1) (i64.const 1024) (i32.const 6) (i32.const 512))
    (call $check
      (i32.and (i32.eq (i32.load8_u (i32.const 512)) (i32.const 1)) (call $holds (i32.const 520) (i32.const 1024) (i32.const 6))))
    (call $divide (i32.const 7) (i32.const 2) (i32.const 512))
    (call $check (i32.and (i32.eqz (i32.load8_u (i32.const 512))) (i32.eq (i32.load (i32.const 516)) (i32.const 3))))
    (call $divide (i32.const 7) (i32.const 0) (i32.const 512))
    (call $check
      (i32.and (i32.eq (i32.load8_u (i32.const 512)) (i32.const 1)) (call $holds (i32.const 516) (i32.const 1088) (i32.const 16))))
    ;; 29: forty parameters through memory, each the largest.
    (loop $next
      (i32.store (i32.add (i32.const 2048) (i32.shl (local.get $index) (i32.const 2))) (i32.const -1))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $index) (i32.const 40))))
    (call $check (i64.eq (call $forty (i32.const 2048)) (i64.const 171798691800)))
    ;; All checks were made.
    (if (i32.and (i32.eqz (global.get $failed)) (i32.ne (global.get $number) (i32.const 29)))
      (then (return (i32.const -1))))
    (global.get $failed)))
