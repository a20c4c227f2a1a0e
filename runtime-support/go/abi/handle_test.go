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
	for range 2 {
		if err := handle.Close(); err != nil || dropped != 7 {
			t.Errorf("%v, dropped %d", err, dropped)
		}
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

func TestHandlesComeBackWhenACallDoesNotComeAbout(t *testing.T) {
	dropped := 0
	handles := make([]Handle, 6)
	for i := range handles {
		handles[i].Own(uint32(i+1), func(number uint32) { dropped += int(number) })
	}
	call := func(arguments ...*Handle) {
		var moves Moves
		defer moves.Restore()
		for _, h := range arguments {
			moves.Take(h)
		}
		moves.Done()
	}
	last := &handles[5]
	last.Close()
	mustPanic(t, "a closed argument", func() {
		call(&handles[0], &handles[1], &handles[2], &handles[3], &handles[4], last)
	})
	mustPanic(t, "an argument given twice", func() { call(&handles[0], &handles[0]) })
	for i := range handles[:5] {
		if handles[i].Lend() != uint32(i+1) {
			t.Errorf("handle %d is gone", i+1)
		}
	}
	call(&handles[0], &handles[1], &handles[2], &handles[3], &handles[4])
	mustPanic(t, "using a handle that was given away", func() { handles[0].Lend() })
	mustPanic(t, "using a handle that was given away", func() { handles[4].Lend() })
	for i := range handles {
		handles[i].Close()
	}
	if dropped != 6 {
		t.Errorf("dropped %d", dropped)
	}
}

func TestGivingAwayAFewDoesNotAllocate(t *testing.T) {
	h := &Handle{number: 5}
	allocations := testing.AllocsPerRun(100, func() {
		var moves Moves
		defer moves.Restore()
		h.open = true
		moves.Take(h)
		moves.Done()
	})
	if allocations > 0 {
		t.Errorf("%g allocations", allocations)
	}
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
