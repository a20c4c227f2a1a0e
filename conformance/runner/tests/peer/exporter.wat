;; The exporting peer: see peer.wit. Offsets are those of the canonical ABI, worked out by hand.
;; Padding holds 0xee, so that a reader which takes it for a value is found out.
(module
  (memory (export "memory") 2)
  (global $free (mut i32) (i32.const 65536))

  ;; holes: a at 0, b at 8, c at 16, d at 18, e at 20; 32 bytes.
  (data (i32.const 1024)
    "\ab\ee\ee\ee\ee\ee\ee\ee" "\08\07\06\05\04\03\02\01" "\ff\ee\ef\be" "\00\08\00\00\06\00\00\00" "\ee\ee\ee\ee")
  ;; shapes: the case at 0, the payload at 8; 16 bytes each.
  (data (i32.const 1104)
    "\00\ee\ee\ee\ee\ee\ee\ee" "\00\00\00\00\00\00\00\80"
    "\01\ee\ee\ee\ee\ee\ee\ee" "\ff\ff\ff\ff\ee\ee\ee\ee"
    "\02\ee\ee\ee\ee\ee\ee\ee" "\10\08\00\00\04\00\00\00"
    "\03\ee\ee\ee\ee\ee\ee\ee" "\ee\ee\ee\ee\ee\ee\ee\ee")
  (data (i32.const 1200) "\50\04\00\00\04\00\00\00")
  ;; option<option<u32>>: 12 bytes each.
  (data (i32.const 1216)
    "\00\ee\ee\ee\ee\ee\ee\ee\ee\ee\ee\ee"
    "\01\ee\ee\ee\00\ee\ee\ee\ee\ee\ee\ee"
    "\01\ee\ee\ee\01\ee\ee\ee\07\00\00\80")
  ;; result<u64, string>: 16 bytes each.
  (data (i32.const 1264)
    "\00\ee\ee\ee\ee\ee\ee\ee" "\ff\ff\ff\ff\ff\ff\ff\ff"
    "\01\ee\ee\ee\ee\ee\ee\ee" "\10\08\00\00\00\00\00\00"
    "\01\ee\ee\ee\ee\ee\ee\ee" "\10\08\00\00\04\00\00\00")
  ;; tuple<u8, s64, char>: at 0, 8 and 16.
  (data (i32.const 1312)
    "\07\ee\ee\ee\ee\ee\ee\ee" "\00\00\00\00\00\00\00\80" "\ff\ff\10\00\ee\ee\ee\ee")
  ;; Four flags of two bytes each; the last has bits that no flag has.
  (data (i32.const 1344) "\00\00" "\01\01" "\ff\01" "\01\fe")
  (data (i32.const 1352) "\40\05\00\00\04\00\00\00")
  (data (i32.const 2048) "na\c3\afve")
  (data (i32.const 2064) "\f0\9f\98\80")

  (func (export "cabi_realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at
      (i32.and
        (i32.add (global.get $free) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  ;; Whether the bytes at two places are equal.
  (func $same (param $left i32) (param $right i32) (param $count i32) (result i32)
    (block $differ
      (loop $next
        (if (i32.eqz (local.get $count)) (then (return (i32.const 1))))
        (br_if $differ (i32.ne (i32.load8_u (local.get $left)) (i32.load8_u (local.get $right))))
        (local.set $left (i32.add (local.get $left) (i32.const 1)))
        (local.set $right (i32.add (local.get $right) (i32.const 1)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (i32.const 0))

  ;; Whether a text is "naïve" (in which case it has 6 bytes) or the face (4 bytes).
  (func $is_naive (param $at i32) (param $length i32) (result i32)
    (i32.eq (local.get $length) (i32.const 6))
    (if (result i32) (then (call $same (local.get $at) (i32.const 2048) (i32.const 6))) (else (i32.const 0))))
  (func $is_face (param $at i32) (param $length i32) (result i32)
    (i32.eq (local.get $length) (i32.const 4))
    (if (result i32) (then (call $same (local.get $at) (i32.const 2064) (i32.const 4))) (else (i32.const 0))))

  (func (export "witgen:peer/values#give-holes") (result i32) (i32.const 1024))
  (func (export "witgen:peer/values#give-shapes") (result i32) (i32.const 1200))
  (func (export "witgen:peer/values#give-nested") (param $index i32) (result i32)
    (i32.add (i32.const 1216) (i32.mul (local.get $index) (i32.const 12))))
  (func (export "witgen:peer/values#give-outcome") (param $index i32) (result i32)
    (i32.add (i32.const 1264) (i32.mul (local.get $index) (i32.const 16))))
  (func (export "witgen:peer/values#give-tuple") (result i32) (i32.const 1312))
  (func (export "witgen:peer/values#give-flags") (result i32) (i32.const 1352))
  (func (export "witgen:peer/values#give-suit") (result i32) (i32.const 2))
  ;; Bits above the type are cut off, and every bool that is not 0 is true.
  (func (export "witgen:peer/values#give-byte") (result i32) (i32.const 0x7fff_ff80))
  (func (export "witgen:peer/values#give-short") (result i32) (i32.const 0x0001_8000))
  (func (export "witgen:peer/values#give-truth") (result i32) (i32.const 0x0100))
  (func (export "witgen:peer/values#give-letter") (result i32) (i32.const 0x10ffff))
  (func (export "witgen:peer/values#give-float") (result f32) (f32.const -0x1p-149))

  (func $take_holes (export "witgen:peer/values#take-holes")
    (param $a i32) (param $b i64) (param $c i32) (param $d i32) (param $e i32) (param $length i32) (result i32)
    (i32.eq (local.get $a) (i32.const 0xab))
    (i32.and (i64.eq (local.get $b) (i64.const 0x0102030405060708)))
    (i32.and (i32.eq (local.get $c) (i32.const 0xff)))
    (i32.and (i32.eq (local.get $d) (i32.const 0xbeef)))
    (i32.and (call $is_naive (local.get $e) (local.get $length))))
  ;; Two of them, 32 bytes each.
  (func (export "witgen:peer/values#take-list") (param $at i32) (param $count i32) (result i32)
    (i32.eq (local.get $count) (i32.const 2))
    (i32.and (call $take_stored (local.get $at)))
    (i32.and (call $take_stored (i32.add (local.get $at) (i32.const 32)))))
  (func $take_stored (param $at i32) (result i32)
    (call $take_holes
      (i32.load8_u (local.get $at))
      (i64.load offset=8 (local.get $at))
      (i32.load8_u offset=16 (local.get $at))
      (i32.load16_u offset=18 (local.get $at))
      (i32.load offset=20 (local.get $at))
      (i32.load offset=24 (local.get $at))))
  ;; f64, u32 and a pointer share an i64.
  (func (export "witgen:peer/values#take-shape")
    (param $index i32) (param $case i32) (param $payload i64) (param $length i32) (result i32)
    (if (i32.ne (local.get $index) (local.get $case)) (then (return (i32.const 0))))
    (block $empty (block $label (block $square (block $circle
      (br_table $circle $square $label $empty (local.get $case)))
      (return (i64.eq (local.get $payload) (i64.const 0x8000000000000000))))
      (return (i64.eq (local.get $payload) (i64.const 0xffffffff))))
      (return (call $is_face (i32.wrap_i64 (local.get $payload)) (local.get $length))))
    (i32.const 1))
  (func (export "witgen:peer/values#take-nested")
    (param $index i32) (param $outer i32) (param $inner i32) (param $value i32) (result i32)
    (i32.eq (local.get $outer) (i32.ne (local.get $index) (i32.const 0)))
    (if (i32.eq (local.get $index) (i32.const 1)) (then (return (i32.eqz (local.get $inner)))))
    (if (i32.eq (local.get $index) (i32.const 2))
      (then (return (i32.and (local.get $inner) (i32.eq (local.get $value) (i32.const 0x80000007)))))))
  ;; u64 and a pointer share an i64.
  (func (export "witgen:peer/values#take-outcome")
    (param $index i32) (param $case i32) (param $payload i64) (param $length i32) (result i32)
    (if (i32.eqz (local.get $index))
      (then (return (i32.and (i32.eqz (local.get $case)) (i64.eq (local.get $payload) (i64.const -1))))))
    (if (i32.ne (local.get $case) (i32.const 1)) (then (return (i32.const 0))))
    (if (result i32) (i32.eq (local.get $index) (i32.const 1))
      (then (i32.eqz (local.get $length)))
      (else (call $is_face (i32.wrap_i64 (local.get $payload)) (local.get $length)))))
  (func (export "witgen:peer/values#take-flags") (param $at i32) (param $count i32) (result i32)
    (i32.eq (local.get $count) (i32.const 3))
    (i32.and (call $same (local.get $at) (i32.const 1344) (i32.const 6))))
  (func (export "witgen:peer/values#take-suit") (param $case i32) (result i32)
    (i32.eq (local.get $case) (i32.const 2)))
  ;; Small signed integers come with their sign in all bits.
  (func (export "witgen:peer/values#take-small")
    (param $byte i32) (param $short i32) (param $truth i32) (param $letter i32) (result i32)
    (i32.eq (local.get $byte) (i32.const -128))
    (i32.and (i32.eq (local.get $short) (i32.const -32768)))
    (i32.and (i32.eq (local.get $truth) (i32.const 1)))
    (i32.and (i32.eq (local.get $letter) (i32.const 0x1f600))))
  (func (export "witgen:peer/values#take-floats") (param $single f32) (param $double f64) (result i32)
    (i32.eq (i32.reinterpret_f32 (local.get $single)) (i32.const 0x80000000))
    (i32.and (i64.eq (i64.reinterpret_f64 (local.get $double)) (i64.const 0x3fb999999999999a))))
  ;; 17 parameters come through memory: a at 0, b at 8, c at 16, d at 18, e at 20, the rest from 24.
  (func (export "witgen:peer/values#take-many") (param $at i32) (result i32)
    (local $index i32)
    (if (i32.eqz
          (i32.and
            (i32.and (i32.eq (i32.load8_u (local.get $at)) (i32.const 1))
              (i64.eq (i64.load offset=8 (local.get $at)) (i64.const -2)))
            (i32.and (i32.eq (i32.load8_u offset=16 (local.get $at)) (i32.const 3))
              (i32.and (i32.eq (i32.load16_u offset=18 (local.get $at)) (i32.const 0xfffc))
                (i32.eq (i32.load offset=20 (local.get $at)) (i32.const 0xfffffffb))))))
      (then (return (i32.const 0))))
    (loop $next
      (if (i32.ne (i32.load8_u offset=24 (i32.add (local.get $at) (local.get $index)))
                  (i32.add (local.get $index) (i32.const 6)))
        (then (return (i32.const 0))))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $index) (i32.const 12))))
    (i32.const 1)))
