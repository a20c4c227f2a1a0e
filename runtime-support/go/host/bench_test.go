package host

import (
	"context"
	"sync/atomic"
	"testing"
)

// typedAdd is what bindings have for a function of two numbers.
func typedAdd(ctx context.Context, function *Func, arg0, arg1 uint32) (value uint32, err error) {
	v2, err := function.CallNumbers(ctx, uint64(arg0), uint64(arg1))
	value = uint32(v2)
	return
}

// BenchmarkAdd compares a call with bindings with that of the core function.
func BenchmarkAdd(b *testing.B) {
	instance := instantiate(b, load(b, smallPlan))
	function := instance.functions["add"].Func
	ctx := context.Background()
	b.Run("core", func(b *testing.B) {
		b.ReportAllocs()
		var stack [2]uint64
		for b.Loop() {
			stack[0], stack[1] = 40, 2
			if err := function.core.CallWithStack(ctx, stack[:]); err != nil {
				b.Fatal(err)
			}
		}
	})
	// What no host can do without that checks that an instance takes one call at a time.
	b.Run("core and lock", func(b *testing.B) {
		b.ReportAllocs()
		var stack [2]uint64
		var status atomic.Int32
		for b.Loop() {
			if !status.CompareAndSwap(idle, busy) {
				b.Fatal(ErrBusy)
			}
			stack[0], stack[1] = 40, 2
			if err := function.core.CallWithStack(ctx, stack[:]); err != nil {
				b.Fatal(err)
			}
			release(&status, idle)
		}
	})
	b.Run("bindings", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if sum, err := typedAdd(ctx, function, 40, 2); sum != 42 || err != nil {
				b.Fatal(sum, err)
			}
		}
	})
}

// TestCallsAllocateNothing keeps the floor of what a call costs.
func TestCallsAllocateNothing(t *testing.T) {
	instance := instantiate(t, load(t, smallPlan))
	function := instance.functions["add"].Func
	ctx := context.Background()
	if count := testing.AllocsPerRun(100, func() { _, _ = typedAdd(ctx, function, 1, 2) }); count != 0 {
		t.Errorf("%v allocations", count)
	}
}
