package wasi

import (
	"time"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// start is the beginning of the monotonic clock.
var start = time.Now()

func monotonic() uint64 { return uint64(time.Since(start)) }

func (b *binder) clocks(to bodies) {
	measure := func() error {
		if b.Clocks.Monotonic {
			return nil
		}
		return b.refused("measure time", "clocks.monotonic")
	}
	date := func() error {
		if b.Clocks.Wall {
			return nil
		}
		return b.refused("read the date and the time", "clocks.wall")
	}
	to["clocks/monotonic-clock#now"] = func(call *host.Import, stack []uint64) {
		call.Done(measure())
		stack[0] = monotonic()
	}
	to["clocks/monotonic-clock#resolution"] = func(call *host.Import, stack []uint64) {
		call.Done(measure())
		stack[0] = 1
	}
	to["clocks/monotonic-clock#subscribe-instant"] = func(call *host.Import, stack []uint64) {
		call.Done(measure())
		stack[0] = b.give(call, pollableKind, &pollable{when: stack[0]})
	}
	to["clocks/monotonic-clock#subscribe-duration"] = func(call *host.Import, stack []uint64) {
		call.Done(measure())
		now := monotonic()
		when := now + stack[0]
		if when < now {
			when = ^uint64(0)
		}
		stack[0] = b.give(call, pollableKind, &pollable{when: when})
	}
	to["clocks/wall-clock#now"] = func(call *host.Import, stack []uint64) {
		call.Done(date())
		now := time.Now()
		putTime(call, stack[0], uint64(now.Unix()), uint32(now.Nanosecond()))
	}
	to["clocks/wall-clock#resolution"] = func(call *host.Import, stack []uint64) {
		call.Done(date())
		putTime(call, stack[0], 0, 1)
	}
}

func putTime(call *host.Import, area, seconds uint64, nanoseconds uint32) {
	at := call.Area(area, 16, 8, "return")
	call.PutU64(at, seconds)
	call.PutU32(at+8, nanoseconds)
}
