package host

import (
	"context"
	"fmt"
)

// Import is a function of the host that the component calls.
// It is for generated code:
//
//	func(call *host.Import, stack []uint64) {
//		arg0 := call.LiftString(uint32(stack[0]), uint32(stack[1]))
//		value, err := imports.Measure(call.Context(), arg0)
//		call.Done(err)
//		stack[0] = uint64(value)
//	}
type Import struct {
	*Memory
	name   string
	scoped bool
}

// Context is that of the call that led here.
func (i *Import) Context() context.Context {
	return i.in.call.Context
}

// Area is the address of parameters or of a result in memory.
func (i *Import) Area(start uint64, size, align uint32, what string) uint32 {
	i.refresh()
	return i.Check(uint32(start), size, align, what)
}

// Done ends the call of the implementation; an error is a trap.
func (i *Import) Done(err error) {
	if err != nil {
		panic(importFailed(err))
	}
	i.Ended()
}

// Ended is [Import.Done] of implementations that may fail as WIT says.
func (i *Import) Ended() {
	if i.scoped {
		for _, held := range i.in.lentOut {
			held.status = returned
		}
		i.in.lentOut = i.in.lentOut[:0]
		i.in.shut()
	}
	i.in.number++
	i.refresh()
}

// Refuse ends the call: what the implementation returned is wrong.
func (i *Import) Refuse(expected, got, path string, args ...any) {
	panic(importFailed(&ArgumentError{i.name, fmt.Sprintf(path, args...), expected, got}))
}

// begin starts a call that the component makes.
func (i *Import) begin() {
	mayLeave(i.flags)
	if i.scoped {
		i.in.open()
	}
	i.refresh()
}

// lower makes the trampoline of an import, with the number that a step has.
func (in *Instance) lower(linker *Linker, step *planStep) error {
	p := in.component.plan
	for index := range p.Trampolines {
		t := &p.Trampolines[index]
		if t.Kind != "lower" || t.Lowered != step.Lowered {
			continue
		}
		item := linker.found[step.Import]
		call := &Import{Memory: in.place(t.Options), name: p.Imports[step.Import].String()}
		for _, param := range p.Funcs[t.Type].Params {
			call.scoped = call.scoped || p.hasHandles(param.ty)
		}
		body, options := item.call, &p.Options[t.Options]
		if item.dynamic != nil {
			body = in.dynamicImport(item.dynamic, &p.Funcs[t.Type])
		}
		in.trampolines[index] = func(stack []uint64) {
			call.complete(options)
			call.begin()
			body(call, stack)
		}
		return nil
	}
	return fmt.Errorf("no trampoline has the number %d", step.Lowered)
}
