package abi

import (
	"runtime"
	"unsafe"
)

// What the collector cannot see otherwise: memory of which only an address exists.
//
// A component runs one goroutine at a time and switches only where Go code allocates or blocks.
// Each function here leaves the variables in order before it does either.
var (
	// placed is what the other side placed in memory for the call that it is making.
	placed []unsafe.Pointer
	// results is what the result of an export points to until the other side has read it.
	results []unsafe.Pointer
	// spare is an empty list with room.
	spare []unsafe.Pointer
	// lent counts bytes handed out since the collector last had a chance to run.
	lent uint32
	// ballast is what [nudge] allocated last.
	ballast []byte
)

const (
	// lentLimit is how much is handed out before the collector gets a chance to run.
	lentLimit = 1 << 20
	// roomLimit is how many pointers of room a list keeps between calls.
	roomLimit = 1 << 16
	// ballastSize is more than the largest size class (32 KiB): only such an allocation tests
	// whether a collection is due.
	ballastSize = 33 << 10
)

// Roots holds what the other side placed in memory during one call of an import.
type Roots struct {
	pointers []unsafe.Pointer
}

// Enter begins a call of an import whose result is in memory.
// What the export that is running got as arguments stays in the returned value meanwhile.
func Enter() Roots {
	reserveStack(false)
	outer := Roots{placed}
	placed, spare = spare, nil
	return outer
}

// stackRoom is more than cabi_realloc needs.
const stackRoom = 16 << 10

// reserveStack makes the stack grow now if it has to grow at all.
//
// The other side calls cabi_realloc on the stack of the goroutine that called the import.
// If that moved the stack, the address that the import got for its result would be that of the old one.
// A function has its whole frame from the start, and clears a variable where it is declared: nothing is cleared here.
//
//go:noinline
func reserveStack(never bool) {
	if never {
		var room [stackRoom]byte
		touch(&room)
	}
}

//go:noinline
func touch(room *[stackRoom]byte) { room[0] = 1 }

// Leave ends the call that began with outer; the result of the call is rooted by the returned value.
func Leave(outer Roots) Roots {
	inner := Roots{placed}
	placed = outer.pointers
	return inner
}

// Release is called when the lifted values root their memory themselves.
func (roots Roots) Release() {
	emptied := empty(roots.pointers)
	if cap(emptied) > cap(spare) {
		spare = emptied
	}
	nudge()
}

// Lifted is called when the arguments of an export root their memory themselves.
func Lifted() {
	placed = empty(placed)
	nudge()
}

// KeepString roots a string of a result and is where its bytes are.
func KeepString(text string) unsafe.Pointer {
	return keep(StringData(text))
}

// KeepSlice roots a slice of a result and is where its elements are.
func KeepSlice[T any](list []T) unsafe.Pointer {
	return keep(SliceData(list))
}

// KeepNew is new memory for a list in a result.
func KeepNew(length int, size, align uintptr) unsafe.Pointer {
	return keep(allocate(uintptr(length)*size, align))
}

// DropResults is called when the other side has read the result of an export.
func DropResults() {
	results = empty(results)
}

func keep(pointer unsafe.Pointer) unsafe.Pointer {
	results = append(results, pointer)
	return pointer
}

func empty(pointers []unsafe.Pointer) []unsafe.Pointer {
	if cap(pointers) > roomLimit {
		return nil
	}
	clear(pointers)
	return pointers[:0]
}

// nudge gives the collector its turn, at a place where the component may call imports.
// Allocations of [realloc] never start it, so without this memory would grow without end.
func nudge() {
	if lent < lentLimit {
		return
	}
	lent = 0
	dropForgotten()
	ballast = make([]byte, ballastSize)
	runtime.Gosched()
}

// Arena holds the lists that the arguments of an import call are lowered to.
// The zero value is ready; it must be kept alive until the call has returned.
type Arena struct {
	few  [4]unsafe.Pointer
	used int
	more []unsafe.Pointer
}

// New is new memory for a list.
func (arena *Arena) New(length int, size, align uintptr) unsafe.Pointer {
	pointer := allocate(uintptr(length)*size, align)
	if arena.used < len(arena.few) {
		arena.few[arena.used] = pointer
		arena.used++
	} else {
		arena.more = append(arena.more, pointer)
	}
	return pointer
}

// nothing is where memory of no bytes is.
// Stacks that move and the collector refuse a pointer to a low address, such as one that is only aligned.
var nothing uint64

// allocate is zeroed memory in which the collector looks for no pointers.
func allocate(size, align uintptr) unsafe.Pointer {
	switch {
	case size == 0:
		return unsafe.Pointer(&nothing)
	case align <= 1:
		return SliceData(make([]byte, size))
	case align <= 4:
		return SliceData(make([]uint32, (size+3)/4))
	default:
		return SliceData(make([]uint64, (size+7)/8))
	}
}
