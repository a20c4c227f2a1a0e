package host

import (
	"fmt"
	"runtime"
)

// Kind stands for a resource type in bindings, which instances have under numbers of their own.
// It is for generated code.
type Kind struct {
	name string
}

// NewKind makes a kind; the name is for messages.
func NewKind(name string) *Kind {
	return &Kind{name}
}

// What became of an object that stands for a resource.
type heldStatus uint8

const (
	owned heldStatus = iota
	borrowed
	moved
	dropped
	returned
)

// unusable says what an object must be instead, by what became of it.
var unusable = [...]string{
	moved:    " that was not handed on before",
	dropped:  " that was not closed",
	borrowed: " that is not borrowed",
	returned: " whose call has not ended",
}

// Handle is what an object of the host has that stands for a resource of a component.
// It is for generated code.
type Handle struct {
	held *held
}

// held is what remains of a handle when its object is forgotten.
type held struct {
	in       *Instance
	resource int
	rep      uint32
	status   heldStatus
	// How often it is lent at present.
	lends uint32
	// The last call that was given it, and whether that call takes it away.
	number  uint64
	moves   bool
	cleanup runtime.Cleanup
}

// Resource is a resource of a component in programs without bindings.
type Resource struct {
	Handle
}

// Close destroys the resource. It may be called again, on nil, and after the resource was given away.
// During a call of its instance, it waits for the end of that call or of the next one.
func (r *Resource) Close() error {
	if r == nil {
		return nil
	}
	return r.Handle.Close()
}

// Close destroys the resource.
func (h *Handle) Close() error {
	held := h.held
	if held == nil {
		return nil
	}
	in := held.in
	if !in.status.CompareAndSwap(idle, busy) {
		if in.status.Load() == busy {
			held.cleanup.Stop()
			in.forgotten(held)
		}
		return nil
	}
	if held.status != owned {
		in.end()
		return nil
	}
	if held.lends > 0 {
		in.end()
		return fmt.Errorf("the resource is in use")
	}
	held.cleanup.Stop()
	in.forgotten(held)
	return in.finish("close")
}

// forgotten queues a resource whose object is gone; the next call destroys it.
func (in *Instance) forgotten(held *held) {
	in.dropMutex.Lock()
	in.dropped = append(in.dropped, held)
	in.hasDrops.Store(true)
	in.dropMutex.Unlock()
}

// destroyDropped destroys what was queued.
func (in *Instance) destroyDropped() {
	for {
		in.dropMutex.Lock()
		queue := in.dropped
		in.dropped = nil
		in.hasDrops.Store(false)
		in.dropMutex.Unlock()
		if len(queue) == 0 {
			return
		}
		for _, held := range queue {
			if held.status == owned && held.lends == 0 {
				held.status = dropped
				in.destroy(held.resource, held.rep)
			}
		}
	}
}

// CheckHandle says what a handle must be to be given away or lent; nothing when all is well.
func (m *Memory) CheckHandle(kind *Kind, handle *Handle, own bool) string {
	in, held := m.in, handle.held
	resource, known := in.kinds[kind]
	expected := "a " + kind.name
	switch {
	case !known:
		return expected + ", which this component does not have"
	case held == nil || held.in.component == in.component && held.resource != resource:
		return expected
	case held.in != in:
		return expected + " of the same instance"
	case held.status != owned && (own || held.status != borrowed):
		return expected + unusable[held.status]
	case own && held.lends > 0:
		return expected + " that is not in use"
	case held.number == in.number && (own || held.moves):
		return expected + " that is not given twice"
	}
	held.number, held.moves = in.number, own
	return ""
}

// LowerHandle gives a handle to the component, or lends it, and returns its number.
func (m *Memory) LowerHandle(kind *Kind, handle *Handle, own bool) uint32 {
	in, held := m.in, handle.held
	table := m.table(kind)
	if own {
		held.cleanup.Stop()
		held.status = moved
		return m.handles.add(slot{rep: held.rep, table: table, own: true})
	}
	held.lends++
	scope := in.scope()
	scope.lenders = append(scope.lenders, lender{held: held})
	if in.defines(held.resource, m.instance) {
		return held.rep
	}
	return in.addBorrow(m.handles, held.rep, table)
}

// LiftHandle takes a handle of the component, or borrows it.
func (m *Memory) LiftHandle(kind *Kind, handle *Handle, number uint32, own bool) {
	in, table := m.in, m.table(kind)
	made := &held{in: in, resource: in.kinds[kind]}
	handle.held = made
	if own {
		made.rep = m.handles.take(number, table)
		made.cleanup = runtime.AddCleanup(handle, in.forgotten, made)
		return
	}
	made.rep, made.status = in.lend(m.handles, number, table), borrowed
	in.lentOut = append(in.lentOut, made)
}

// LowerValue gives a value of the host to the component, or lends it, and returns its handle.
func (m *Memory) LowerValue(kind *Kind, value any, own bool) uint32 {
	in, table := m.in, m.table(kind)
	in.limits.admit(in.values.open())
	rep := in.values.add(value, own)
	if own {
		return m.handles.add(slot{rep: rep, table: table, own: true})
	}
	scope := in.scope()
	scope.lent = append(scope.lent, rep)
	return in.addBorrow(m.handles, rep, table)
}

// LiftValue takes a value of the host back from the component, or borrows it.
func LiftValue[T any](m *Memory, kind *Kind, number uint32, own bool) T {
	return m.liftValue(kind, number, own).(T)
}

func (m *Memory) liftValue(kind *Kind, number uint32, own bool) any {
	in, table := m.in, m.table(kind)
	if own {
		return in.values.remove(m.handles.take(number, table))
	}
	return in.values.get(in.lend(m.handles, number, table))
}

// table is the resource table of a kind in the component instance of this place.
func (m *Memory) table(kind *Kind) int {
	resource, known := m.in.kinds[kind]
	table, there := m.in.tableOf[planTable{resource, m.instance}]
	if !known || !there {
		trap("the component has no handles of %s", kind.name)
	}
	return table
}

// ExportsOf are the exports that a kind was bound with.
// It is for generated code.
func ExportsOf[T any](m *Memory, kind *Kind) T {
	return m.in.bound[kind].(T)
}
