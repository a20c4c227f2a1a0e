package abi

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"unsafe"
)

func TestNumbersAreWrittenAndReadAtTheirOffset(t *testing.T) {
	var area [4]uint64
	base := unsafe.Pointer(&area)
	Store[uint8](base, 3, 0xfe)
	Store(base, 8, int64(-5))
	Store(base, 16, float32(1.5))
	if got := Load[int8](base, 3); got != -2 {
		t.Errorf("int8: %d", got)
	}
	if got := Load[int64](base, 8); got != -5 {
		t.Errorf("int64: %d", got)
	}
	if got := Load[uint32](base, 16); got != math.Float32bits(1.5) {
		t.Errorf("float32 bits: %x", got)
	}
	if got := At(base, 3, 8); got != unsafe.Pointer(&area[3]) {
		t.Errorf("element: %p", got)
	}
}

func TestEmptyStringsAndListsHaveNoAddress(t *testing.T) {
	nowhere := Pointer(4)
	if LiftString(nowhere, 0) != "" || LiftSlice[uint32](nowhere, 0) == nil {
		t.Error("not empty")
	}
}

func TestLiftedStringSharesItsMemory(t *testing.T) {
	bytes := []byte("text")
	text := LiftString(SliceData(bytes), 4)
	if StringData(text) != SliceData(bytes) {
		t.Error("copied")
	}
}

func TestSurrogateIsNoRune(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	FromRune(0xd800)
}

type failure struct{ text string }

func (f *failure) Error() string { return f.text }

func TestErrorIsFoundWhenItIsWrapped(t *testing.T) {
	wrapped := fmt.Errorf("outer: %w", &failure{"inner"})
	if As[*failure](wrapped).text != "inner" {
		t.Error("another error")
	}
}

func TestOtherErrorIsThePanic(t *testing.T) {
	other := errors.New("other")
	defer func() {
		err, ok := recover().(error)
		if !ok || !errors.Is(err, other) || !strings.HasSuffix(err.Error(), ": other") {
			t.Errorf("panic with %v", err)
		}
	}()
	As[*failure](other)
}

func TestReallocationKeepsTheContent(t *testing.T) {
	defer Lifted()
	old := reallocate(nil, 0, 1, 3)
	copy(unsafe.Slice((*byte)(old), 3), "abc")
	grown := reallocate(old, 3, 1, 100)
	shrunk := reallocate(grown, 100, 1, 2)
	if got := LiftString(shrunk, 2); got != "ab" {
		t.Errorf("%q", got)
	}
	empty := reallocate(nil, 0, 8, 0)
	if len(placed) != 3 {
		t.Errorf("%d roots", len(placed))
	}
	if address := uintptr(empty); address < 4096 || address%8 != 0 {
		t.Errorf("no bytes are at %#x, which stacks and the collector refuse", address)
	}
}

func TestMemoryIsAligned(t *testing.T) {
	defer Lifted()
	for _, align := range []uint32{1, 2, 4, 8} {
		for size := range uint32(40) {
			if size == 0 {
				continue
			}
			if pointer := reallocate(nil, 0, align, size); uintptr(pointer)%uintptr(align) != 0 {
				t.Errorf("%d bytes at %p, not aligned to %d", size, pointer, align)
			}
		}
	}
}

func TestWhatIsPlacedSurvivesUntilItIsLifted(t *testing.T) {
	collected := false
	func() {
		memory := new([64]byte)
		runtime.AddCleanup(memory, func(flag *bool) { *flag = true }, &collected)
		placed = append(placed, unsafe.Pointer(memory))
	}()
	collect()
	if collected {
		t.Fatal("collected while it was placed")
	}
	Lifted()
	collect()
	if !collected {
		t.Error("kept after it was lifted")
	}
}

func collect() {
	for range 3 {
		runtime.GC()
		runtime.Gosched()
	}
}

func TestImportLeavesTheArgumentsOfTheExportAlone(t *testing.T) {
	reallocate(nil, 0, 1, 10)
	outer := Enter()
	reallocate(nil, 0, 1, 20)
	inner := Leave(outer)
	if len(inner.pointers) != 1 || len(placed) != 1 || inner.pointers[0] == placed[0] {
		t.Errorf("%d inside, %d outside", len(inner.pointers), len(placed))
	}
	inner.Release()
	if len(placed) != 1 {
		t.Error("the arguments are gone")
	}
	Lifted()
	if len(placed) != 0 {
		t.Error("the arguments are still there")
	}
}

func TestCallsDoNotAllocateRootsAgain(t *testing.T) {
	reallocate(nil, 0, 1, 10)
	Lifted()
	text := "text"
	allocations := testing.AllocsPerRun(100, func() {
		Enter()
		Leave(Roots{}).Release()
		KeepString(text)
		DropResults()
	})
	if allocations > 0 {
		t.Errorf("%g allocations", allocations)
	}
}

func TestCollectorGetsItsTurn(t *testing.T) {
	ballast = nil
	lent = lentLimit
	Lifted()
	if lent != 0 || len(ballast) != ballastSize {
		t.Error("it did not")
	}
}

func TestLargeListOfRootsIsGivenBack(t *testing.T) {
	for range roomLimit + 1 {
		keep(nil)
	}
	DropResults()
	if cap(results) > roomLimit {
		t.Errorf("room for %d", cap(results))
	}
}

func TestArenaHoldsMoreThanAFewLists(t *testing.T) {
	var arena Arena
	for range 6 {
		arena.New(3, 4, 4)
	}
	if arena.used != 4 || len(arena.more) != 2 {
		t.Errorf("%d and %d", arena.used, len(arena.more))
	}
}

func TestEarlyMemoryServesTheAdapter(t *testing.T) {
	started = false
	defer func() { started = true }()
	small := reallocate(nil, 0, 1, 3)
	state := reallocate(nil, 0, 8, 131072)
	if uintptr(state)%8 != 0 || uintptr(state)-uintptr(small) < 3 {
		t.Errorf("%p, then %p", small, state)
	}
	defer func() {
		if recover() == nil {
			t.Error("more than there is")
		}
	}()
	reallocate(nil, 0, 8, 131072)
}

type point struct{ x, y int32 }

func TestListOfRecordsMovesWithoutACopy(t *testing.T) {
	points := []point{{1, 2}, {3, 4}}
	defer DropResults()
	lifted := LiftSlice[point](KeepSlice(points), 2)
	if &lifted[0] != &points[0] || lifted[1] != points[1] {
		t.Errorf("%v is a copy", lifted)
	}
}

// lowered is where generated code would write.
var lowered [4]uint64

func TestMovingDoesNotAllocate(t *testing.T) {
	text, numbers := "text", make([]uint64, 1000)
	points := make([]point, 1000)
	here := unsafe.Pointer(&lowered)
	for what, move := range map[string]func(){
		"arguments of an import": func() {
			StorePointer(here, 0, StringData(text))
			StorePointer(here, 8, SliceData(numbers))
			Store(here, 16, uint32(len(points)))
		},
		"result of an export": func() {
			KeepString(text)
			KeepSlice(numbers)
			KeepSlice(points)
			DropResults()
		},
		"lifting": func() {
			if len(LiftString(StringData(text), 4))+len(LiftSlice[point](SliceData(points), 1000)) != 1004 {
				t.Error("another length")
			}
		},
		"borrowing": func() {
			borrowed.open = true
			if borrowed.Lend() != 5 {
				t.Error("another handle")
			}
		},
		"errors": func() {
			if As[*failure](found) != found {
				t.Error("another error")
			}
		},
	} {
		if allocations := testing.AllocsPerRun(100, move); allocations > 0 {
			t.Errorf("%s: %g allocations", what, allocations)
		}
	}
}

var (
	borrowed = &Handle{number: 5}
	found    = &failure{"found"}
)

func TestListsOfAnImportAllocateOnceEach(t *testing.T) {
	allocations := testing.AllocsPerRun(100, func() {
		var arena Arena
		for range 4 {
			Store(arena.New(10, 8, 8), 0, uint64(1))
		}
		runtime.KeepAlive(&arena)
	})
	if allocations != 4 {
		t.Errorf("%g allocations", allocations)
	}
}
