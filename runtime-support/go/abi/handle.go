package abi

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Handle is a handle of an imported resource.
// The zero value is no handle.
type Handle struct {
	number  uint32
	open    bool
	drop    func(uint32)
	cleanup runtime.Cleanup
}

// forgotten is handles whose owner the collector found unreachable.
// They are dropped where imports may be called, which a cleanup cannot know.
var forgotten struct {
	sync.Mutex
	handles []Handle
	// waiting tells without the lock whether there are any.
	waiting atomic.Bool
}

// borrows is handles that an export was lent until it returns.
var borrows []*Handle

// Own makes h hold a handle that drop gives back.
func (h *Handle) Own(number uint32, drop func(uint32)) {
	dropForgotten()
	*h = Handle{number: number, open: true, drop: drop}
	h.cleanup = runtime.AddCleanup(h, forget, Handle{number: number, open: true, drop: drop})
}

// Borrow makes h hold a handle that [ReturnBorrows] gives back.
func (h *Handle) Borrow(number uint32, drop func(uint32)) {
	*h = Handle{number: number, open: true, drop: drop}
	borrows = append(borrows, h)
}

// Lend is the number of the handle, which h keeps; it panics when h has been closed or moved.
func (h *Handle) Lend() uint32 {
	dropForgotten()
	if h == nil || !h.open {
		panic("a resource is used after it was closed or given away")
	}
	return h.number
}

// Move is the number of the handle, which h has no longer.
func (h *Handle) Move() uint32 {
	number := h.Lend()
	h.open = false
	h.cleanup.Stop()
	return number
}

// Moves is the handles that a call of an import gives away.
// A call that does not come about, since its arguments make it panic, gives them back to their owners.
// The zero value is ready.
type Moves struct {
	few  [4]*Handle
	used int
	more []*Handle
}

// Take is the number of the handle, which h has no longer.
func (moves *Moves) Take(h *Handle) uint32 {
	number := h.Lend()
	h.open = false
	if moves.used < len(moves.few) {
		moves.few[moves.used] = h
		moves.used++
	} else {
		moves.more = append(moves.more, h)
	}
	return number
}

// Done is called when all arguments are there, right before the call.
func (moves *Moves) Done() {
	for _, h := range moves.few[:moves.used] {
		h.cleanup.Stop()
	}
	for _, h := range moves.more {
		h.cleanup.Stop()
	}
	moves.used, moves.more = 0, nil
}

// Restore is deferred; it does nothing after Done.
func (moves *Moves) Restore() {
	for _, h := range moves.few[:moves.used] {
		h.open = true
	}
	for _, h := range moves.more {
		h.open = true
	}
}

// Close gives the handle back; it does nothing when h has none.
func (h *Handle) Close() error {
	if h.open {
		h.drop(h.Move())
	}
	return nil
}

// ReturnBorrows gives back what was lent to the export that returns.
func ReturnBorrows() {
	for _, h := range borrows {
		if h.open {
			h.open = false
			h.drop(h.number)
		}
	}
	clear(borrows)
	borrows = borrows[:0]
}

func forget(h Handle) {
	forgotten.Lock()
	defer forgotten.Unlock()
	forgotten.handles = append(forgotten.handles, h)
	forgotten.waiting.Store(true)
}

func dropForgotten() {
	if !forgotten.waiting.Load() {
		return
	}
	forgotten.Lock()
	handles := forgotten.handles
	forgotten.handles = nil
	forgotten.waiting.Store(false)
	forgotten.Unlock()
	for _, h := range handles {
		h.drop(h.number)
	}
}

// Table holds the values of an exported resource by their numbers, which start at 1.
type Table[T any] struct {
	entries []entry[T]
	free    []uint32
}

type entry[T any] struct {
	value T
	held  bool
}

// Add is the number of a new entry.
func (t *Table[T]) Add(value T) uint32 {
	if last := len(t.free) - 1; last >= 0 {
		number := t.free[last]
		t.free = t.free[:last]
		t.entries[number-1] = entry[T]{value, true}
		return number
	}
	t.entries = append(t.entries, entry[T]{value, true})
	return uint32(len(t.entries))
}

// Get is the value of an entry.
func (t *Table[T]) Get(number uint32) T {
	return t.entries[number-1].value
}

// Take is the value of an entry whose handle is about to be dropped, while the value lives on.
func (t *Table[T]) Take(number uint32) T {
	value := t.entries[number-1].value
	t.entries[number-1] = entry[T]{}
	return value
}

// Drop ends an entry, and closes its value when that can be closed.
func (t *Table[T]) Drop(number uint32) {
	ended := t.entries[number-1]
	t.entries[number-1] = entry[T]{}
	t.free = append(t.free, number)
	if !ended.held {
		return
	}
	switch value := any(ended.value).(type) {
	case interface{ Close() error }:
		if err := value.Close(); err != nil {
			panic(err)
		}
	case interface{ Close() }:
		value.Close()
	}
}
