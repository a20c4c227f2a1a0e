;; The core module of `caller`: hands on what it is given, many times.
(module
  (import "witgen:bench/peer" "add" (func $add (param i32 i32) (result i32)))
  (import "witgen:bench/peer" "take-text" (func $take-text (param i32 i32)))
  (import "witgen:bench/peer" "take-bytes" (func $take-bytes (param i32 i32)))
  (memory (export "memory") 64)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  (func (export "witgen:bench/rounds#add") (param $count i32)
    (loop $again
      (drop (call $add (i32.const 1) (local.get $count)))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
  (func (export "witgen:bench/rounds#text") (param $count i32) (param i32 i32)
    (loop $again
      (call $take-text (local.get 1) (local.get 2))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
  (func (export "witgen:bench/rounds#bytes") (param $count i32) (param i32 i32)
    (loop $again
      (call $take-bytes (local.get 1) (local.get 2))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))))
