;; The core module of `provider`: takes what it is given and forgets it.
(module
  (memory (export "memory") 64)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  (func (export "witgen:bench/peer#add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1)))
  (func (export "witgen:bench/peer#take-text") (param i32 i32))
  (func (export "witgen:bench/peer#take-bytes") (param i32 i32)))
