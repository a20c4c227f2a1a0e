package wasi

import (
	"context"
	"errors"
	"reflect"
	"time"

	"github.com/witgen/witgen/runtime-support/go/host"
)

const pollableKind = "io/poll#pollable"

// source is something whose turn comes.
type source interface {
	// pending is closed when there may be a change; nil says that the time has come.
	pending() <-chan struct{}
}

// pollable is something to wait for: a moment of the monotonic clock, and a source.
type pollable struct {
	when   uint64
	source source
}

func (p *pollable) pending() (channel <-chan struct{}, ready bool) {
	if p.source != nil {
		channel = p.source.pending()
	}
	return channel, channel == nil && monotonic() >= p.when
}

// subscribe makes functions that give a pollable for a resource.
func subscribe[T source]() host.DynamicFunc {
	return method(func(_ context.Context, self T, _ []any) any { return &pollable{source: self} })
}

func (b *binder) polls(to bodies) {
	one := func(call *host.Import, number uint64) *pollable {
		return host.LiftValue[*pollable](call.Memory, b.kind(pollableKind), uint32(number), false)
	}
	to["io/poll#[method]pollable.ready"] = func(call *host.Import, stack []uint64) {
		_, ready := one(call, stack[0]).pending()
		call.Ended()
		stack[0] = uint64(host.FromBool(ready))
	}
	to["io/poll#[method]pollable.block"] = func(call *host.Import, stack []uint64) {
		found := one(call, stack[0])
		call.Done(wait(call.Context(), found))
	}
	to["io/poll#poll"] = func(call *host.Import, stack []uint64) {
		list, count := uint32(stack[0]), call.CheckList(uint32(stack[0]), uint32(stack[1]), 4, 4)
		found := make([]*pollable, count)
		for i := range found {
			found[i] = one(call, uint64(call.U32(list+4*uint32(i))))
		}
		err := errNothingToPoll
		if count > 0 {
			err = wait(call.Context(), found...)
		}
		call.Done(err)
		var ready []uint32
		for i, item := range found {
			if _, come := item.pending(); come {
				ready = append(ready, uint32(i))
			}
		}
		start, length := host.LowerNumbers(call.Memory, ready)
		putPair(call, call.Area(stack[2], 8, 4, "return"), start, length)
	}
}

var errNothingToPoll = errors.New("`poll` was called with an empty list")

// wait waits until the time of one has come, or for the end of the context, which is an error.
func wait(ctx context.Context, items ...*pollable) error {
	const longest = uint64(time.Hour)
	for {
		cases := []reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ctx.Done())}}
		soonest, now := longest, monotonic()
		for _, item := range items {
			channel, ready := item.pending()
			switch {
			case ready:
				return nil
			case channel != nil:
				cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(channel)})
			case item.when > now:
				soonest = min(soonest, item.when-now)
			}
		}
		timer := time.NewTimer(time.Duration(soonest))
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(timer.C)})
		chosen, _, _ := reflect.Select(cases)
		timer.Stop()
		if chosen == 0 {
			return context.Cause(ctx)
		}
	}
}
