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
	core            function
	postReturn      function
	// Whether parameters have handles.
	scoped bool
	// Whether the call came to its end.
	done bool
}

// Enter starts a call, which ends with [Func.Leave] when there is no error.
func (f *Func) Enter(ctx context.Context) (*Func, error) {
	if f == nil {
		return nil, &ArgumentError{"method", "self", "a resource", "one that no component gave"}
	}
	in := f.in
	if err := in.begin(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	if f.scoped {
		in.number++
		in.open()
	}
	f.done = false
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
	f.in.run(f.core, f.Stack[:])
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
	if f.in.hasDrops.Load() {
		f.in.destroyDropped()
	}
	f.done = true
}

// Leave ends a call. It is deferred: what went wrong in the call is the error.
func (f *Func) Leave(err *error) {
	in := f.in
	if f.done {
		in.end()
		return
	}
	reason := recover()
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
		failed = trapOf(reason)
	}
	in.fail(failed)
	return fmt.Errorf("%s: %w", function, failed)
}

// bind finds the function in an instance.
func (f *Func) bind(in *Instance, item *planExport) error {
	p := in.component.plan
	options := &p.Options[item.Options]
	f.Memory = in.place(item.Options)
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
	return nil
}
