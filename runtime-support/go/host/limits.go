package host

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Limits are how much an instance may use; zero is no limit.
type Limits struct {
	// Memory is how many bytes all linear memories have together.
	Memory uint64
	// Fuel is how many units of work a call may be, about one for each instruction; below zero is none.
	// It needs a component that was linked with `witgen link --metered`.
	Fuel int64
	// Deadline is how long a call may take, waiting included.
	// It needs a component that was linked with `witgen link --interruptible`.
	Deadline time.Duration
	// Handles is how many values of the host the component may have handles of, at a time; below zero is none.
	Handles int
}

// LimitError says which limit ended a component; it is found in the trap of the call that did so.
type LimitError struct {
	// Limit is "memory", "fuel", "deadline" or "handles".
	Limit   string
	message string
}

// Error says how much there is.
func (e *LimitError) Error() string {
	return e.message
}

func (l Limits) deadlineExceeded() error {
	return &LimitError{"deadline", fmt.Sprintf(
		"the component took longer than `limits.deadline` grants, which is %v", l.Deadline,
	)}
}

// admit traps when a component would have handles of more values than it may.
func (l Limits) admit(open int) {
	if l.Handles != 0 && open >= max(l.Handles, 0) {
		err := &LimitError{"handles", "the component keeps more open than `limits.handles` grants"}
		panic(&Trap{Message: err.message, cause: err})
	}
}

// turnsAtOnce is how many turns of loops and calls a module has until it asks again, which is a fraction of a millisecond.
const turnsAtOnce = 10_000

// allowTurns is called by modules of interruptible plans that have used up what they were allowed.
//
// It also gives the scheduler and the collector of Go their turn, which compiled code does not.
func (in *Instance) allowTurns(stack []uint64) {
	if ctx := in.call.Context; ctx.Err() != nil {
		panic(&Trap{Message: "the call was interrupted", cause: context.Cause(ctx)})
	}
	stack[0] = turnsAtOnce
}

// fuelReached is what the meter of a metered plan says when a module has used up its fuel.
const fuelReached = 1

// meter is what the core instance of that name in a metered plan exports.
type meter struct {
	fuel, reached global
}

// attach takes over the meter, before any other module is there.
func (in *Instance) attach(instance coreInstance) error {
	found := meter{instance.global("fuel"), instance.global("reached")}
	if found.fuel == nil || found.reached == nil {
		return errors.New("the plan is damaged: it has no meter where it says")
	}
	in.meter = found
	in.refuel()
	return nil
}

// refuel gives a call its fuel.
func (in *Instance) refuel() {
	if in.meter.fuel != nil {
		in.meter.fuel.Set(uint64(max(in.limits.Fuel, 0)))
	}
}

// explained is a trap, or the limit that led to it.
func (in *Instance) explained(trap *Trap) *Trap {
	if in.meter.reached == nil || in.meter.reached.Get() != fuelReached {
		return trap
	}
	err := &LimitError{"fuel", "the component needs more work than `limits.fuel` grants"}
	return &Trap{Message: err.message, Stack: trap.Stack, cause: err}
}

// memoryBudget is what the memories of an instance have together.
type memoryBudget struct {
	limit, used uint64
}

// take traps when there is too little: components answer a growth that fails with `unreachable`, which tells nobody why.
func (b *memoryBudget) take(bytes uint64) {
	if bytes > b.limit-b.used {
		err := &LimitError{"memory", fmt.Sprintf(
			"the component needs more memory than `limits.memory` grants, which is %s", sizeText(b.limit),
		)}
		panic(&Trap{Message: err.message, cause: err})
	}
	b.used += bytes
}

// sizeText is a number of bytes as people write it.
func sizeText(bytes uint64) string {
	for _, unit := range []struct {
		shift uint
		name  string
	}{{30, "GiB"}, {20, "MiB"}, {10, "KiB"}} {
		if bytes != 0 && bytes&(1<<unit.shift-1) == 0 {
			return fmt.Sprintf("%d%s", bytes>>unit.shift, unit.name)
		}
	}
	return fmt.Sprintf("%d bytes", bytes)
}
