package wasi

import (
	"context"
	"time"

	"github.com/witgen/witgen/runtime-support/go/host"
)

const pollableKind = "io/poll#pollable"

// start is the beginning of the monotonic clock.
var start = time.Now()

func monotonic() uint64 { return uint64(time.Since(start)) }

// pollable is something to wait for: a moment of the monotonic clock, or nothing.
type pollable struct {
	when uint64
}

func (p *pollable) ready() bool { return monotonic() >= p.when }

func (b *binder) clocks(to map[string]body) {
	to["clocks/monotonic-clock#now"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		stack[0] = monotonic()
	}
	to["clocks/monotonic-clock#resolution"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		stack[0] = 1
	}
	to["clocks/monotonic-clock#subscribe-instant"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		stack[0] = b.give(call, pollableKind, &pollable{stack[0]})
	}
	to["clocks/monotonic-clock#subscribe-duration"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		now := monotonic()
		when := now + stack[0]
		if when < now {
			when = ^uint64(0)
		}
		stack[0] = b.give(call, pollableKind, &pollable{when})
	}
	to["clocks/wall-clock#now"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		now := time.Now()
		putTime(call, stack[0], uint64(now.Unix()), uint32(now.Nanosecond()))
	}
	to["clocks/wall-clock#resolution"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		putTime(call, stack[0], 0, 1)
	}
}

func putTime(call *host.Import, area, seconds uint64, nanoseconds uint32) {
	at := call.Area(area, 16, 8, "return")
	call.PutU64(at, seconds)
	call.PutU32(at+8, nanoseconds)
}

func (b *binder) polls(to map[string]body) {
	one := func(call *host.Import, number uint64) *pollable {
		return host.LiftValue[*pollable](call.Memory, b.kind(pollableKind), uint32(number), false)
	}
	to["io/poll#[method]pollable.ready"] = func(call *host.Import, stack []uint64) {
		found := one(call, stack[0])
		call.Ended()
		stack[0] = uint64(host.FromBool(found.ready()))
	}
	to["io/poll#[method]pollable.block"] = func(call *host.Import, stack []uint64) {
		found := one(call, stack[0])
		call.Done(waitUntil(call.Context(), found.when))
	}
	to["io/poll#poll"] = func(call *host.Import, stack []uint64) {
		list, count := uint32(stack[0]), call.CheckList(uint32(stack[0]), uint32(stack[1]), 4, 4)
		found := make([]*pollable, count)
		first := ^uint64(0)
		for i := range found {
			found[i] = one(call, uint64(call.U32(list+4*uint32(i))))
			first = min(first, found[i].when)
		}
		call.Done(waitUntil(call.Context(), first))
		var ready []uint32
		for i, item := range found {
			if item.ready() {
				ready = append(ready, uint32(i))
			}
		}
		start, length := host.LowerNumbers(call.Memory, ready)
		putPair(call, call.Area(stack[2], 8, 4, "return"), start, length)
	}
}

// waitUntil waits for a moment of the monotonic clock, or for the end of the context, which is an error.
func waitUntil(ctx context.Context, when uint64) error {
	const longest = time.Hour
	for {
		now := monotonic()
		if now >= when {
			return nil
		}
		timer := time.NewTimer(time.Duration(min(when-now, uint64(longest))))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ended(ctx)
		}
	}
}
