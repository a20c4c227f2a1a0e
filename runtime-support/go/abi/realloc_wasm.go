package abi

import "unsafe"

//go:linkname procPin runtime.procPin
func procPin() int

//go:linkname procUnpin runtime.procUnpin
func procUnpin()

// setPaused makes the adapter answer with the last time it saw instead of asking the host.
//
//go:wasmimport wasi_snapshot_preview1 adapter_monotonic_clock_set_paused
func setPaused(paused bool)

// cabiRealloc must not call any import: a component that is being lent memory may not leave.
// While the goroutine is pinned the allocator neither starts a collection nor helps with one nor
// switches goroutines; the clock is the only import it still asks for.
//
//go:wasmexport cabi_realloc
func cabiRealloc(old unsafe.Pointer, oldSize, align, size uint32) unsafe.Pointer {
	if !started {
		return reallocate(old, oldSize, align, size)
	}
	procPin()
	setPaused(true)
	pointer := reallocate(old, oldSize, align, size)
	setPaused(false)
	procUnpin()
	return pointer
}
