;; A command without grants: its exit code is a bit per thing that it was given.
(component
  (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-environment" (func (result (list (tuple string string)))))))
  (import "wasi:filesystem/types@0.2.3" (instance $filesystem (export "descriptor" (type (sub resource)))))
  (alias export $filesystem "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.3" (instance $preopens
    (alias outer 1 $descriptor (type $outer))
    (export "descriptor" (type $own (eq $outer)))
    (export "get-directories" (func (result (list (tuple (own $own) string)))))))
  (import "wasi:sockets/network@0.2.12" (instance $network
    (export "network" (type (sub resource)))
    (type $code (enum "unknown" "access-denied" "not-supported" "invalid-argument" "out-of-memory" "timeout"
      "concurrency-conflict" "not-in-progress" "would-block" "invalid-state" "new-socket-limit"
      "address-not-bindable" "address-in-use" "remote-unreachable" "connection-refused" "connection-reset"
      "connection-aborted" "datagram-too-large" "name-unresolvable" "temporary-resolver-failure"
      "permanent-resolver-failure"))
    (export "error-code" (type (eq $code)))
    (type $family (enum "ipv4" "ipv6"))
    (export "ip-address-family" (type (eq $family)))))
  (alias export $network "error-code" (type $code))
  (alias export $network "ip-address-family" (type $family))
  (import "wasi:sockets/tcp@0.2.12" (instance $tcp (export "tcp-socket" (type (sub resource)))))
  (alias export $tcp "tcp-socket" (type $socket))
  (import "wasi:sockets/tcp-create-socket@0.2.12" (instance $create
    (alias outer 1 $code (type $outer-code))
    (export "error-code" (type $own-code (eq $outer-code)))
    (alias outer 1 $family (type $outer-family))
    (export "ip-address-family" (type $own-family (eq $outer-family)))
    (alias outer 1 $socket (type $outer-socket))
    (export "tcp-socket" (type $own-socket (eq $outer-socket)))
    (export "create-tcp-socket"
      (func (param "address-family" $own-family) (result (result (own $own-socket) (error $own-code)))))))
  (import "wasi:cli/exit@0.2.12" (instance $exit
    (export "exit-with-code" (func (param "status-code" u8)))))
  (core module $memory-module
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096)))
  (core instance $m (instantiate $memory-module))
  (alias core export $m "memory" (core memory $memory))
  (alias core export $m "realloc" (core func $realloc))
  (core func $get-environment
    (canon lower (func $environment "get-environment") (memory $memory) (realloc $realloc)))
  (core func $get-directories
    (canon lower (func $preopens "get-directories") (memory $memory) (realloc $realloc)))
  (core func $create-tcp-socket (canon lower (func $create "create-tcp-socket") (memory $memory)))
  (core func $exit-with-code (canon lower (func $exit "exit-with-code")))
  (core module $main
    (import "host" "memory" (memory 1))
    (import "host" "get-environment" (func $get-environment (param i32)))
    (import "host" "get-directories" (func $get-directories (param i32)))
    (import "host" "create-tcp-socket" (func $create-tcp-socket (param i32 i32)))
    (import "host" "exit-with-code" (func $exit-with-code (param i32)))
    (func (export "run") (result i32)
      (local $given i32)
      (call $get-environment (i32.const 0))
      (if (i32.load (i32.const 4)) (then (local.set $given (i32.or (local.get $given) (i32.const 1)))))
      (call $get-directories (i32.const 16))
      (if (i32.load (i32.const 20)) (then (local.set $given (i32.or (local.get $given) (i32.const 2)))))
      (call $create-tcp-socket (i32.const 0) (i32.const 32))
      (if (i32.eqz (i32.load8_u (i32.const 32)))
        (then (local.set $given (i32.or (local.get $given) (i32.const 4)))))
      (if (i32.ne (i32.load8_u (i32.const 36)) (i32.const 1))
        (then (local.set $given (i32.or (local.get $given) (i32.const 8)))))
      (call $exit-with-code (i32.add (local.get $given) (i32.const 32)))
      (unreachable)))
  (core instance $i (instantiate $main (with "host" (instance
    (export "memory" (memory $memory))
    (export "get-environment" (func $get-environment))
    (export "get-directories" (func $get-directories))
    (export "create-tcp-socket" (func $create-tcp-socket))
    (export "exit-with-code" (func $exit-with-code))))))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command))
)
