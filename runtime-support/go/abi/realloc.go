package abi

import "unsafe"

// early serves the adapter, which takes 131,072 bytes before the Go runtime has started.
var early struct {
	memory [196608]byte
	used   uintptr
}

// started says that the Go runtime can allocate.
var started bool

func init() { started = true }

// reallocate is the body of cabi_realloc, which the other side calls to place values in memory.
func reallocate(old unsafe.Pointer, oldSize, align, size uint32) unsafe.Pointer {
	if !started {
		return allocateEarly(uintptr(align), uintptr(size))
	}
	if size == 0 {
		return unsafe.Pointer(&nothing)
	}
	moved := allocate(uintptr(size), uintptr(align))
	if oldSize != 0 {
		copy(unsafe.Slice((*byte)(moved), size), unsafe.Slice((*byte)(old), oldSize))
	}
	placed = append(placed, moved)
	lent += size
	return moved
}

func allocateEarly(align, size uintptr) unsafe.Pointer {
	base := unsafe.Pointer(&early.memory)
	start := (uintptr(base)+early.used+align-1)&^(align-1) - uintptr(base)
	if start+size > uintptr(len(early.memory)) {
		panic("more memory is needed before the Go runtime has started than is set aside")
	}
	early.used = start + size
	return unsafe.Add(base, start)
}
