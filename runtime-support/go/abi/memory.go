// Package abi moves values across the boundary of a component.
// It serves generated bindings; programs have no use for it.
//
// Addresses in a component have 32 bits while a Go pointer on wasm has 64, so structures that the
// other side reads are written field by field with [Store] and read with [Load].
package abi

import "unsafe"

// Number is a type that has the same bits in Go and in the component model.
type Number interface {
	~uint8 | ~uint16 | ~uint32 | ~uint64 | ~int8 | ~int16 | ~int32 | ~int64 | ~float32 | ~float64
}

// Load reads a number at an address.
func Load[T Number](base unsafe.Pointer, offset uintptr) T {
	return *(*T)(unsafe.Add(base, offset))
}

// Store writes a number to an address.
func Store[T Number](base unsafe.Pointer, offset uintptr, value T) {
	*(*T)(unsafe.Add(base, offset)) = value
}

// LoadPointer reads a pointer of 32 bits.
func LoadPointer(base unsafe.Pointer, offset uintptr) unsafe.Pointer {
	return Pointer(Load[uint32](base, offset))
}

// StorePointer writes a pointer as 32 bits.
// What it points to must be kept alive by other means until the other side has read it.
func StorePointer(base unsafe.Pointer, offset uintptr, pointer unsafe.Pointer) {
	Store(base, offset, Address(pointer))
}

// Pointer is the pointer for an address.
// Tests on other machines give it addresses that Go's checker of pointers would refuse.
//
//go:nocheckptr
func Pointer(address uint32) unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(nil), uintptr(address))
}

// Address is the address of a pointer.
// Memory that an address stands for must not be on a stack, since stacks move.
func Address(pointer unsafe.Pointer) uint32 {
	if alwaysFalse {
		escaped = pointer
	}
	return uint32(uintptr(pointer))
}

// alwaysFalse keeps [Address] from holding on to anything, while escape analysis believes that it does.
var alwaysFalse bool

//lint:ignore U1000 what matters is that it is assigned
var escaped unsafe.Pointer

// At is the address of an element.
func At(base unsafe.Pointer, index int, size uintptr) unsafe.Pointer {
	return unsafe.Add(base, uintptr(index)*size)
}

// StringData is where the bytes of a string are.
func StringData(text string) unsafe.Pointer {
	return unsafe.Pointer(unsafe.StringData(text))
}

// SliceData is where the elements of a slice are.
func SliceData[T any](list []T) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(list))
}

// LiftString is the string at an address; it shares the memory.
func LiftString(data unsafe.Pointer, length uint32) string {
	if length == 0 {
		return ""
	}
	return unsafe.String((*byte)(data), length)
}

// LiftSlice is the slice at an address; it shares the memory.
// T has no pointers, and the same layout in Go and in the component model.
func LiftSlice[T any](data unsafe.Pointer, length uint32) []T {
	if length == 0 {
		return []T{}
	}
	return unsafe.Slice((*T)(data), length)
}
