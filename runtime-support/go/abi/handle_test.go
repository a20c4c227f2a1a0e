package abi

import "testing"

func mustPanic(t *testing.T, what string, function func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s does not panic", what)
		}
	}()
	function()
}

func TestHandleIsDroppedOnce(t *testing.T) {
	dropped := 0
	handle := new(Handle)
	handle.Own(7, func(number uint32) { dropped += int(number) })
	if handle.Lend() != 7 || dropped != 0 {
		t.Error("lending takes it away")
	}
	if handle.Close() != nil || handle.Close() != nil || dropped != 7 {
		t.Errorf("dropped %d", dropped)
	}
	mustPanic(t, "using a closed handle", func() { handle.Lend() })
	mustPanic(t, "using no handle", func() { (*Handle)(nil).Lend() })
}

func TestMovedHandleIsNotDropped(t *testing.T) {
	handle := new(Handle)
	handle.Own(7, func(uint32) { t.Error("dropped") })
	if handle.Move() != 7 {
		t.Error("another number")
	}
	handle.Close()
	mustPanic(t, "using a moved handle", func() { handle.Move() })
}

func TestForgottenHandleIsDroppedAtTheNextUse(t *testing.T) {
	dropped := 0
	drop := func(number uint32) { dropped += int(number) }
	func() { new(Handle).Own(7, drop) }()
	collect()
	if dropped != 0 {
		t.Error("dropped by the collector itself")
	}
	handle := new(Handle)
	for range 100 {
		collect()
		handle.Own(1, drop)
		handle.Move()
		if dropped == 7 {
			return
		}
	}
	t.Errorf("dropped %d", dropped)
}

func TestBorrowsAreGivenBack(t *testing.T) {
	dropped := 0
	drop := func(number uint32) { dropped += int(number) }
	kept, closed := new(Handle), new(Handle)
	kept.Borrow(1, drop)
	closed.Borrow(10, drop)
	closed.Close()
	ReturnBorrows()
	if dropped != 11 || len(borrows) != 0 {
		t.Errorf("dropped %d", dropped)
	}
	mustPanic(t, "using a borrow after the call", func() { kept.Lend() })
}

type closer struct{ closed int }

func (c *closer) Close() error { c.closed++; return nil }

func TestTableClosesWhatIsStillThere(t *testing.T) {
	var table Table[*closer]
	first, second := new(closer), new(closer)
	one, two := table.Add(first), table.Add(second)
	if one == 0 || table.Get(one) != first || table.Get(two) != second {
		t.Error("another value")
	}
	table.Drop(one)
	if table.Take(two) != second {
		t.Error("another value is taken")
	}
	table.Drop(two)
	if first.closed != 1 || second.closed != 0 {
		t.Errorf("closed %d and %d times", first.closed, second.closed)
	}
	if again := table.Add(first); again != one && again != two {
		t.Error("numbers are not used again")
	}
}
