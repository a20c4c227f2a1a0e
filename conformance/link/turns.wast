;; Loops, calls and blocks in modules of every kind, which `--interruptible` rewrites.
(component definition $turns
  (core module $bare
    (func $fibonacci (export "fibonacci") (param i32) (result i32)
      (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
        (then (local.get 0))
        (else (i32.add
          (call $fibonacci (i32.sub (local.get 0) (i32.const 1)))
          (call $fibonacci (i32.sub (local.get 0) (i32.const 2))))))))
  (core module $host
    (global (export "step") (mut i32) (i32.const 3))
    (memory (export "memory") 2)
    (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
  (core module $code
    (import "host" "step" (global $step (mut i32)))
    (import "host" "twice" (func $twice (param i32) (result i32)))
    (import "host" "memory" (memory 1))
    (type $change (func (param i32) (result i32)))
    (table $changes 4 funcref)
    (global $started (mut i32) (i32.const 0))
    (elem (table $changes) (i32.const 0) func $twice $halve $both)
    (elem declare func $negate)
    (start $begin)
    (func $begin (global.set $started (i32.const 7)) (table.set $changes (i32.const 3) (ref.func $negate)))
    (func $halve (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 2)))
    (func $negate (param i32) (result i32) (i32.sub (i32.const 0) (local.get 0)))
    (func $both (param i32) (result i32) (call $halve (call $twice (local.get 0))))
    (func (export "started") (result i32) (global.get $started))
    ;; The sum of the numbers below, by a loop that keeps its values on the stack.
    (func (export "sum") (param $below i32) (result i32)
      i32.const 0
      i32.const 0
      loop $next (param i32 i32) (result i32)
        (local.set $below (i32.sub (local.get $below) (i32.const 1)))
        global.get $step
        drop
        local.get $below
        i32.add
        i32.add
        i32.const 0
        local.get $below
        br_if $next
        drop
      end)
    ;; How many turns of two loops, one in the other, and of blocks that are left on the way.
    (func (export "turns") (param $outer i32) (param $inner i32) (result i32)
      (local $turns i32) (local $left i32)
      (block $done
        (loop $rows
          (br_if $done (i32.eqz (local.get $outer)))
          (local.set $left (local.get $inner))
          (loop $columns
            (local.set $turns (i32.add (local.get $turns) (i32.const 1)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (block $other
              (br_table $other $columns (i32.ne (local.get $left) (i32.const 0)))))
          (local.set $outer (i32.sub (local.get $outer) (i32.const 1)))
          (br $rows)))
      (local.get $turns))
    (func (export "change") (param $which i32) (param $value i32) (result i32)
      (call_indirect $changes (type $change) (local.get $value) (local.get $which)))
    ;; Fills a block, copies it, and gives the last byte of the copy.
    (func (export "move") (param $byte i32) (param $size i32) (result i32)
      (memory.fill (i32.const 0) (local.get $byte) (local.get $size))
      (memory.copy (i32.const 65536) (i32.const 0) (local.get $size))
      (i32.load8_u (i32.add (i32.const 65535) (local.get $size)))))
  (core instance $bare (instantiate $bare))
  (core instance $host (instantiate $host))
  (core instance $code (instantiate $code (with "host" (instance $host))))
  (func (export "fibonacci") (param "n" u32) (result u32) (canon lift (core func $bare "fibonacci")))
  (func (export "started") (result u32) (canon lift (core func $code "started")))
  (func (export "sum") (param "below" u32) (result u32) (canon lift (core func $code "sum")))
  (func (export "turns") (param "outer" u32) (param "inner" u32) (result u32)
    (canon lift (core func $code "turns")))
  (func (export "change") (param "which" u32) (param "value" s32) (result s32)
    (canon lift (core func $code "change")))
  (func (export "move") (param "byte" u32) (param "size" u32) (result u32)
    (canon lift (core func $code "move")))
)
(component instance $turns $turns)

(assert_return (invoke "fibonacci" (u32.const 20)) (u32.const 6765))
(assert_return (invoke "started") (u32.const 7))
(assert_return (invoke "sum" (u32.const 50000)) (u32.const 1249975000))
(assert_return (invoke "turns" (u32.const 300) (u32.const 200)) (u32.const 60000))
(assert_return (invoke "change" (u32.const 0) (s32.const 21)) (s32.const 42))
(assert_return (invoke "change" (u32.const 1) (s32.const 21)) (s32.const 10))
(assert_return (invoke "change" (u32.const 2) (s32.const 21)) (s32.const 21))
(assert_return (invoke "change" (u32.const 3) (s32.const 21)) (s32.const -21))
(assert_return (invoke "move" (u32.const 200) (u32.const 65536)) (u32.const 200))
(assert_return (invoke "move" (u32.const 7) (u32.const 1)) (u32.const 7))
(assert_trap (invoke "move" (u32.const 7) (u32.const 65537)) "out of bounds")
(component instance $turns $turns)
(assert_trap (invoke "change" (u32.const 4) (s32.const 1)) "out of bounds")
