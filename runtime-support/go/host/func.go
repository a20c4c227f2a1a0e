package host

import (
	"context"
	"fmt"
)

// maxFlat is how many flat parameters a function can have.
const maxFlat = 16

// Func is a function that the component exports.
// It is for generated code, which calls it like this:
//
//	call, err := function.Enter(ctx)
//	if err != nil {
//		return
//	}
//	defer call.Leave(&err)
//	call.Stack[0] = uint64(left)
//	call.Call()
//	result = uint32(call.Stack[0])
//	call.Return()
type Func struct {
	*Memory
	// Stack has the flat arguments, and afterwards the flat result.
	Stack [maxFlat]uint64

	name, signature string
	// The instance, which [Memory] has, too: a call looks at it first.
	in         *Instance
	core       function
	postReturn function
	// Whether parameters have handles.
	scoped bool
	// Whether more belongs to the start of a call than most have, and whether more does to its start or its end.
	starts, slow bool
	// Whether the call came to its end.
	done bool
}

// errNoSelf is the error of methods of a resource that nobody gave.
var errNoSelf = &ArgumentError{"method", "self", "a resource", "one that no component gave"}

// Enter starts a call, which ends with [Func.Leave] when there is no error.
func (f *Func) Enter(ctx context.Context) (*Func, error) {
	if f == nil {
		return nil, errNoSelf
	}
	in := f.in
	if !in.status.CompareAndSwap(idle, busy) {
		return nil, f.refused()
	}
	f.done = false
	in.call.Context = ctx
	if f.starts || ctx.Done() != nil {
		return f.prepare(ctx)
	}
	return f, nil
}

// refused says why no call can begin.
func (f *Func) refused() error {
	return fmt.Errorf("%s: %w", f.name, f.in.refusal())
}

// prepare does what few calls need before they enter the component.
func (f *Func) prepare(ctx context.Context) (*Func, error) {
	in := f.in
	if err := in.watch(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	if f.scoped {
		in.number++
		in.open()
	}
	return f, nil
}

// Refuse ends a call before the component is entered: an argument is wrong.
// The path leads to it, as a format.
func (f *Func) Refuse(expected, got, path string, args ...any) {
	panic(refusal{&ArgumentError{f.name, fmt.Sprintf(path, args...), expected, got}})
}

// refusal is what [Func.Refuse] panics with.
type refusal struct {
	reason *ArgumentError
}

// Call calls the core function with what is on the stack.
func (f *Func) Call() {
	if err := f.core.CallWithStack(&f.in.call, f.Stack[:]); err != nil {
		panic(trapOf(err))
	}
	if f.scoped {
		f.in.shut()
	}
}

// Returned is the address of a result that is in memory.
func (f *Func) Returned(size, align uint32) uint32 {
	f.refresh()
	return f.Check(uint32(f.Stack[0]), size, align, "return")
}

// Return tells the component that its result was read.
func (f *Func) Return() {
	if f.postReturn != nil {
		f.flags.set(false)
		f.in.run(f.postReturn, f.Stack[:])
		f.flags.set(true)
	}
	f.done = true
}

// CallNumbers is a whole call of a function that takes at most two numbers and gives at most one: its flat result, or 0.
// What the function does not take is 0.
// Nothing but the component can fail in such a call, which needs no [Func.Enter] and no [Func.Leave].
func (f *Func) CallNumbers(ctx context.Context, first, second uint64) (uint64, error) {
	if f == nil {
		return 0, errNoSelf
	}
	in := f.in
	if !in.status.CompareAndSwap(idle, busy) {
		return 0, f.refused()
	}
	f.Stack[0], f.Stack[1] = first, second
	in.call.Context = ctx
	if f.slow || ctx.Done() != nil {
		return f.callSlowly(ctx)
	}
	if err := f.core.CallWithStack(&in.call, f.Stack[:]); err != nil {
		return 0, in.caught(f.name, err)
	}
	result := f.Stack[0]
	if in.hasDrops.Load() {
		return result, f.endSlowly()
	}
	in.call.Context = context.Background()
	release(&in.status, idle)
	return result, nil
}

// callSlowly calls a function of numbers before or after which there is something to do.
func (f *Func) callSlowly(ctx context.Context) (uint64, error) {
	if _, err := f.prepare(ctx); err != nil {
		return 0, err
	}
	if err := f.core.CallWithStack(&f.in.call, f.Stack[:]); err != nil {
		return 0, f.in.caught(f.name, err)
	}
	result := f.Stack[0]
	return result, f.endSlowly()
}

// endSlowly ends a call of numbers after which there is something to do.
func (f *Func) endSlowly() (err error) {
	f.done = false
	defer f.Leave(&err)
	f.Return()
	return
}

// Leave ends a call. It is deferred: what went wrong in the call is the error.
func (f *Func) Leave(err *error) {
	in := f.in
	switch {
	case !f.done:
		f.failed(recover(), err)
	case in.stopClock != nil || in.hasDrops.Load():
		if failed := in.finish(f.name); failed != nil {
			*err = failed
		}
	default:
		in.call.Context = context.Background()
		release(&in.status, idle)
	}
}

// failed ends a call that did not come to its end.
func (f *Func) failed(reason any, err *error) {
	in := f.in
	if refused, ok := reason.(refusal); ok {
		if f.scoped {
			in.scopes = in.scopes[:len(in.scopes)-1]
		}
		in.end()
		*err = refused.reason
		return
	}
	*err = in.caught(f.name, reason)
}

// caught ends a call that went wrong, and says how.
func (in *Instance) caught(function string, reason any) error {
	failed := &Trap{Message: "the call was abandoned"}
	if reason != nil {
		failed = in.explained(trapOf(reason))
	}
	in.fail(failed)
	return fmt.Errorf("%s: %w", function, failed)
}

// bind finds the function in an instance.
func (f *Func) bind(in *Instance, item *planExport) error {
	p := in.component.plan
	options := &p.Options[item.Options]
	f.in, f.Memory = in, in.place(item.Options)
	f.complete(options)
	f.core = in.function(*item.Func)
	if f.core == nil {
		return missing(true, "function", *item.Func)
	}
	if options.PostReturn != nil {
		f.postReturn = in.postReturns[*options.PostReturn]
	}
	for _, param := range p.Funcs[item.Type].Params {
		f.scoped = f.scoped || p.hasHandles(param.ty)
	}
	f.starts = f.scoped || in.limits.Deadline > 0 || in.limits.Fuel != 0
	f.slow = f.starts || f.postReturn != nil
	return nil
}
