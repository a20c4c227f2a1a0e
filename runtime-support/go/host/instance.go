package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

// What an instance is doing.
const (
	idle int32 = iota
	busy
	dead
	closed
)

// Instance is an instance of a component.
//
// It takes one call at a time; a second one fails with [ErrBusy]. After a trap every call fails.
type Instance struct {
	component *Component
	status    atomic.Int32
	// Why no call is possible any more.
	failure error
	// What the engine sees in every call.
	call callContext

	limits Limits
	budget *memoryBudget
	// What counts the fuel of calls, where that is limited.
	meter meter
	// Ends the clock of the present call.
	stopClock context.CancelFunc

	core        []coreInstance
	flagsModule coreInstance
	flags       []leaveFlag
	memories    []memory
	reallocs    []function
	postReturns []function
	destructors []function
	trampolines []func(stack []uint64)
	places      []*Memory
	// Two numbers that modules may keep.
	context [2]uint64

	tables []handleTable
	// Resource tables by component instance and resource.
	tableOf map[planTable]int
	scopes  []scope
	values  hostValues
	// The resource that each kind of the bindings means, and what was bound with it.
	kinds map[*Kind]int
	bound map[*Kind]any
	// Objects that the present import has borrowed from the component.
	lentOut []*held
	// The exports that the linker wants, in its order.
	exports []*planExport
	// Closed with the instance.
	holds []io.Closer
	// Number of the present call that has handles.
	number uint64

	dropMutex sync.Mutex
	dropped   []*held
	hasDrops  atomic.Bool
}

// callContext is the context that the engine sees: host functions find their instance by it.
type callContext struct {
	context.Context
	in *Instance
}

type instanceKey struct{}

// Value hides the values of the user's context from the engine, which looks for its own in every call.
func (c *callContext) Value(key any) any {
	if _, ok := key.(instanceKey); ok {
		return c.in
	}
	return nil
}

// Done hides the end of the user's context from the engine: [Instance.allowTurns] looks at it.
func (c *callContext) Done() <-chan struct{} {
	return nil
}

// instanceOf is the instance that a context of the engine belongs to.
func instanceOf(ctx context.Context) *Instance {
	if call, ok := ctx.(*callContext); ok {
		return call.in
	}
	in, _ := ctx.Value(instanceKey{}).(*Instance)
	return in
}

// Instantiate makes an instance whose imports the linker has.
// It is for generated code.
func (c *Component) Instantiate(ctx context.Context, linker *Linker) (*Instance, error) {
	p := c.plan
	in := &Instance{
		component:   c,
		memories:    make([]memory, 0, 2),
		destructors: make([]function, len(p.DefinedResourceInstances)),
		trampolines: make([]func(stack []uint64), len(p.Trampolines)),
		places:      make([]*Memory, len(p.Options)),
		tables:      make([]handleTable, p.ComponentInstances),
		tableOf:     make(map[planTable]int, len(p.ResourceTables)),
		kinds:       map[*Kind]int{},
		bound:       map[*Kind]any{},
	}
	in.limits = linker.limits
	if in.limits.Memory > 0 {
		in.budget = &memoryBudget{limit: in.limits.Memory}
	}
	in.call = callContext{context.Background(), in}
	for index, table := range p.ResourceTables {
		if table != nil {
			in.tableOf[*table] = index
		}
	}
	if err := linker.bind(in); err != nil {
		return nil, err
	}
	if err := c.adopt(in); err != nil {
		return nil, err
	}
	if err := linker.open(in); err != nil {
		return nil, errors.Join(err, in.Close(ctx))
	}
	if err := in.begin(ctx); err != nil {
		return nil, errors.Join(err, in.Close(ctx))
	}
	if err := in.build(linker); err != nil {
		in.fail(err)
		return nil, errors.Join(err, in.Close(context.WithoutCancel(ctx)))
	}
	in.end()
	return in, nil
}

// build does the steps of the plan.
func (in *Instance) build(linker *Linker) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = in.explained(trapOf(reason))
		}
	}()
	c := in.component
	if c.flags != nil {
		if in.flagsModule, err = c.engine.instantiate(&in.call, c.flags, in.resolve, in.budget); err != nil {
			return err
		}
	}
	in.flags = make([]leaveFlag, c.plan.ComponentInstances)
	for index, shared := range c.sharedFlags {
		if shared {
			in.flags[index].shared = in.flagsModule.global(fmt.Sprint(index))
		}
	}
	for index := range c.plan.Init {
		if err := in.step(linker, index); err != nil {
			return err
		}
	}
	return linker.bindFunctions(in)
}

func (in *Instance) step(linker *Linker, index int) error {
	step := &in.component.plan.Init[index]
	switch step.Op {
	case "instantiate":
		for _, argument := range step.Args {
			if argument.kind == "trampoline" && in.trampolines[argument.index] == nil {
				in.trampolines[argument.index] = in.trampoline(&in.component.plan.Trampolines[argument.index])
			}
		}
		made, err := in.component.engine.instantiate(&in.call, in.component.modules[index], in.resolve, in.budget)
		if err != nil {
			return in.instantiationFailed(err)
		}
		if place := in.component.plan.Meter; in.limits.Fuel != 0 && place != nil && *place == len(in.core) {
			if err := in.attach(made); err != nil {
				return err
			}
		}
		in.core = append(in.core, made)
	case "lower":
		return in.lower(linker, step)
	case "memory":
		found := in.core[step.Def.index].memory(step.Def.name)
		in.memories = append(in.memories, found)
		return missing(found == nil, "memory", step.Def)
	case "realloc":
		found := in.function(step.Def)
		in.reallocs = append(in.reallocs, found)
		return missing(found == nil, "function", step.Def)
	case "post-return":
		found := in.function(step.Def)
		in.postReturns = append(in.postReturns, found)
		return missing(found == nil, "function", step.Def)
	case "resource":
		if step.Dtor != nil {
			in.destructors[step.Index] = in.function(*step.Dtor)
		}
	}
	return nil
}

func missing(lacks bool, what string, def definition) error {
	if lacks {
		return fmt.Errorf("the core instance %d exports no %s %q", def.index, what, def.name)
	}
	return nil
}

// instantiationFailed tells traps of start functions from modules that do not fit.
func (in *Instance) instantiationFailed(err error) error {
	text := err.Error()
	if contains(text, enginePrefix, hostSuffix) {
		return in.explained(trapOf(err))
	}
	return &LinkError{"the component cannot be instantiated", []string{text}}
}

// function is the core function that a definition leads to.
func (in *Instance) function(def definition) function {
	switch def.kind {
	case "export":
		return in.core[def.index].function(def.name)
	case "trampoline":
		if in.trampolines[def.index] == nil {
			in.trampolines[def.index] = in.trampoline(&in.component.plan.Trampolines[def.index])
		}
		return hostCall{in, def.index}
	default:
		return nil
	}
}

// hostCall is a trampoline that is called from here.
type hostCall struct {
	in    *Instance
	index int
}

// CallWithStack gives what the trampoline panics with as an error, as the engine does.
func (f hostCall) CallWithStack(_ context.Context, stack []uint64) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = trapOf(reason)
		}
	}()
	f.in.trampolines[f.index](stack)
	return nil
}

// resolve finds the instance behind a name that [renameImports] gave.
func (in *Instance) resolve(name string) coreInstance {
	if name == flagsModule {
		return in.flagsModule
	}
	for index := range in.core {
		if instanceName(index) == name {
			return in.core[index]
		}
	}
	return nil
}

// begin starts a call from outside.
func (in *Instance) begin(ctx context.Context) error {
	if !in.status.CompareAndSwap(idle, busy) {
		return in.refusal()
	}
	return in.watch(ctx)
}

// watch gives a call its context, which must not have ended, and its fuel.
func (in *Instance) watch(ctx context.Context) error {
	in.call.Context = ctx
	if ctx.Done() != nil && ctx.Err() != nil {
		in.rest(idle)
		return context.Cause(ctx)
	}
	if in.limits.Deadline > 0 {
		in.call.Context, in.stopClock = context.WithTimeoutCause(ctx, in.limits.Deadline, in.limits.deadlineExceeded())
	}
	in.refuel()
	return nil
}

// rest forgets the context of a call.
func (in *Instance) rest(status int32) {
	if in.stopClock != nil {
		in.stopClock()
		in.stopClock = nil
	}
	in.call.Context = context.Background()
	release(&in.status, status)
}

// refusal says why no call can begin.
func (in *Instance) refusal() error {
	switch in.status.Load() {
	case dead:
		return &Trap{Message: "cannot enter component instance", cause: in.failure}
	case closed:
		return ErrClosed
	default:
		return ErrBusy
	}
}

// end ends a call that went well.
func (in *Instance) end() {
	in.rest(idle)
}

// finish ends a call that went well, and destroys what was dropped during it.
func (in *Instance) finish(function string) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = in.caught(function, reason)
		}
	}()
	in.destroyDropped()
	in.end()
	return nil
}

// fail ends a call that went wrong, and the instance with it.
func (in *Instance) fail(err error) {
	in.failure = err
	in.rest(dead)
}

// run calls a core function; a trap is a panic.
func (in *Instance) run(function function, stack []uint64) {
	if err := function.CallWithStack(&in.call, stack); err != nil {
		panic(trapOf(err))
	}
}

// Close ends the instance; doing so again does nothing.
// It fails with [ErrBusy] while a call is under way. Resources of the component are not destroyed one by one.
func (in *Instance) Close(ctx context.Context) error {
	for {
		switch status := in.status.Load(); status {
		case busy:
			return ErrBusy
		case closed:
			return nil
		default:
			if !in.status.CompareAndSwap(status, closed) {
				continue
			}
		}
		break
	}
	in.component.forget(in)
	var failed error
	for index := len(in.core) - 1; index >= 0; index-- {
		failed = errors.Join(failed, in.core[index].close(ctx))
	}
	if in.flagsModule != nil {
		failed = errors.Join(failed, in.flagsModule.close(ctx))
	}
	failed = errors.Join(failed, in.values.close())
	for _, held := range in.holds {
		failed = errors.Join(failed, held.Close())
	}
	return failed
}
