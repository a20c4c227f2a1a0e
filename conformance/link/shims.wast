;; Modules that only pass calls on, as `wit-component` makes them, and what becomes of calls through them.
;; All that this shim calls is there in time: nothing of it is left in a plan.
(component
  (core module $shim
    (type $drop (func (param i32)))
    (type $new (func (param i32) (result i32)))
    (table (export "$imports") 2 2 funcref)
    (func (export "0") (type $drop) (call_indirect (type $drop) (local.get 0) (i32.const 0)))
    (func (export "1") (type $new) (call_indirect (type $new) (local.get 0) (i32.const 1))))
  (core instance $shim (instantiate $shim))
  (type $item (resource (rep i32) (dtor (core func $shim "0"))))
  (core func $new (canon resource.new $item))
  (core func $drop (canon resource.drop $item))
  (core module $code
    (import "item" "new" (func $new (param i32) (result i32)))
    (import "item" "drop" (func $drop (param i32)))
    (global $sum (mut i32) (i32.const 0))
    (func (export "dropped") (param i32) (global.set $sum (i32.add (global.get $sum) (local.get 0))))
    (func (export "new") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "drop-both") (param i32 i32) (result i32)
      (call $drop (call $new (local.get 0)))
      (call $drop (call $new (local.get 1)))
      (global.get $sum)))
  (core instance $code
    (instantiate $code
      (with "item" (instance (export "new" (func $shim "1")) (export "drop" (func $drop))))))
  (core module $filler
    (import "" "0" (func $dropped (param i32)))
    (import "" "1" (func $new (param i32) (result i32)))
    (import "" "$imports" (table 2 2 funcref))
    (elem (i32.const 0) func $dropped $new))
  (core instance (instantiate $filler
    (with "" (instance
      (export "0" (func $code "dropped"))
      (export "1" (func $new))
      (export "$imports" (table $shim "$imports"))))))
  (export $exported "item" (type $item))
  (func (export "make") (param "value" u32) (result (own $exported)) (canon lift (core func $code "new")))
  (func (export "drop-both") (param "first" u32) (param "second" u32) (result u32)
    (canon lift (core func $code "drop-both"))))
(assert_return (invoke "drop-both" (u32.const 40) (u32.const 2)) (u32.const 42))

;; A function of another type, an empty place, and one that is there too late: the shim stays for them.
(component definition $some
  (core module $shim
    (type $add (func (param i32 i32) (result i32)))
    (type $get (func (result i32)))
    (table (export "table") 4 4 funcref)
    (func (export "add") (type $add) (call_indirect (type $add) (local.get 0) (local.get 1) (i32.const 0)))
    (func (export "other") (type $get) (call_indirect (type $get) (i32.const 1)))
    (func (export "empty") (type $get) (call_indirect (type $get) (i32.const 2)))
    (func (export "late") (type $get) (call_indirect (type $get) (i32.const 3))))
  (core instance $shim (instantiate $shim))
  (core module $first
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
  (core instance $first (instantiate $first))
  (core module $code
    (import "shim" "add" (func $add (param i32 i32) (result i32)))
    (import "shim" "other" (func $other (result i32)))
    (import "shim" "empty" (func $empty (result i32)))
    (import "shim" "late" (func $late (result i32)))
    (func (export "add") (param i32 i32) (result i32) (call $add (local.get 0) (local.get 1)))
    (func (export "other") (result i32) (call $other))
    (func (export "empty") (result i32) (call $empty))
    (func (export "late") (result i32) (call $late)))
  (core instance $code (instantiate $code (with "shim" (instance $shim))))
  (core module $last (func (export "get") (result i32) (i32.const 7)))
  (core instance $last (instantiate $last))
  (core module $filler
    (import "" "add" (func $add (param i32 i32) (result i32)))
    (import "" "get" (func $get (result i32)))
    (import "" "table" (table 4 4 funcref))
    (elem (i32.const 0) func $add $add)
    (elem (i32.const 3) func $get))
  (core instance (instantiate $filler
    (with "" (instance
      (export "add" (func $first "add"))
      (export "get" (func $last "get"))
      (export "table" (table $shim "table"))))))
  (func (export "add") (param "left" u32) (param "right" u32) (result u32) (canon lift (core func $code "add")))
  (func (export "other") (result u32) (canon lift (core func $code "other")))
  (func (export "empty") (result u32) (canon lift (core func $code "empty")))
  (func (export "late") (result u32) (canon lift (core func $code "late"))))
(component instance $some $some)
(assert_return (invoke "add" (u32.const 40) (u32.const 2)) (u32.const 42))
(assert_return (invoke "late") (u32.const 7))
(component instance $some $some)
(assert_trap (invoke "other") "mismatch")
(component instance $some $some)
(assert_trap (invoke "empty") "")
