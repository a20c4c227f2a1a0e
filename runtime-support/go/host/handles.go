package host

import (
	"errors"
	"io"
)

// Handles have this many numbers.
const maxHandle = 1 << 28

// slot is a handle as a component instance knows it.
type slot struct {
	// The number of the defining instance, or of a value of the host.
	rep uint32
	// The resource table of the plan.
	table int
	used  bool
	// Whether it owns the resource.
	own bool
	// How often it is lent at present.
	lends uint32
	// The call that it is borrowed for, by its depth.
	scope int
}

// handleTable has the handles of one component instance; none has the number 0.
type handleTable struct {
	slots []slot
	free  []uint32
}

func (t *handleTable) add(added slot) uint32 {
	added.used = true
	if count := len(t.free); count > 0 {
		handle := t.free[count-1]
		t.free = t.free[:count-1]
		t.slots[handle] = added
		return handle
	}
	if len(t.slots) == 0 {
		t.slots = append(t.slots, slot{})
	}
	if len(t.slots) >= maxHandle {
		trap("cannot allocate another handle: index overflow")
	}
	t.slots = append(t.slots, added)
	return uint32(len(t.slots) - 1)
}

func (t *handleTable) get(handle uint32, table int) *slot {
	if int64(handle) >= int64(len(t.slots)) || !t.slots[handle].used {
		trap("unknown handle index %d", handle)
	}
	found := &t.slots[handle]
	if found.table != table {
		trap("handle index %d used with the wrong type, "+
			"expected guest-defined resource but found a different guest-defined resource", handle)
	}
	return found
}

func (t *handleTable) remove(handle uint32, table int) slot {
	found := t.get(handle, table)
	if found.own && found.lends > 0 {
		trap("cannot remove owned resource while borrowed")
	}
	removed := *found
	*found = slot{}
	t.free = append(t.free, handle)
	return removed
}

// take removes a handle that must own its resource.
func (t *handleTable) take(handle uint32, table int) uint32 {
	removed := t.remove(handle, table)
	if !removed.own {
		trap("cannot lift own resource from a borrow")
	}
	return removed.rep
}

// scope is what one call has borrowed and lent.
type scope struct {
	// Borrowed handles that the callee has not dropped.
	borrows int
	lenders []lender
	// Values of the host that are numbered for this call alone.
	lent []uint32
}

// lender is what was lent to the callee: a handle, or an object of the host.
type lender struct {
	table  *handleTable
	handle uint32
	held   *held
}

// open starts a call that can lend and borrow.
func (in *Instance) open() {
	if len(in.scopes) < cap(in.scopes) {
		in.scopes = in.scopes[:len(in.scopes)+1]
		return
	}
	in.scopes = append(in.scopes, scope{})
}

// shut ends such a call: what it borrowed must be gone, and what was lent to it is free again.
func (in *Instance) shut() {
	if len(in.scopes) == 0 {
		trap("a call ends that did not begin")
	}
	ended := in.scope()
	if ended.borrows > 0 {
		trap("borrow handles still remain at the end of the call")
	}
	for _, lender := range ended.lenders {
		if lender.held != nil {
			lender.held.lends--
		} else {
			lender.table.slots[lender.handle].lends--
		}
	}
	for _, number := range ended.lent {
		in.values.remove(number)
	}
	clear(ended.lenders)
	ended.lenders, ended.lent = ended.lenders[:0], ended.lent[:0]
	in.scopes = in.scopes[:len(in.scopes)-1]
}

// scope is that of the innermost call.
func (in *Instance) scope() *scope {
	if len(in.scopes) == 0 {
		trap("a handle is lent outside of a call")
	}
	return &in.scopes[len(in.scopes)-1]
}

// lend lends a handle for the time of a call and says what it stands for.
func (in *Instance) lend(table *handleTable, handle uint32, kind int) uint32 {
	found := table.get(handle, kind)
	if found.own {
		found.lends++
		scope := in.scope()
		scope.lenders = append(scope.lenders, lender{table: table, handle: handle})
	}
	return found.rep
}

// addBorrow makes a handle for the time of the innermost call.
func (in *Instance) addBorrow(table *handleTable, rep uint32, kind int) uint32 {
	in.scope().borrows++
	return table.add(slot{rep: rep, table: kind, scope: len(in.scopes) - 1})
}

// drop drops a handle, and destroys what it owned.
func (in *Instance) drop(table *handleTable, handle uint32, kind int) {
	removed := table.remove(handle, kind)
	if !removed.own {
		in.scopes[removed.scope].borrows--
		return
	}
	in.destroy(in.component.plan.ResourceTables[kind].Resource, removed.rep)
}

// destroy ends a resource that nobody owns any more.
func (in *Instance) destroy(resource int, rep uint32) {
	imported := len(in.component.plan.ImportedResources)
	if resource < imported {
		if closer, ok := in.values.remove(rep).(io.Closer); ok {
			if err := closer.Close(); err != nil {
				panic(importFailed(err))
			}
		}
		return
	}
	if destructor := in.destructors[resource-imported]; destructor != nil {
		stack := [1]uint64{uint64(rep)}
		in.run(destructor, stack[:])
	}
}

// defines says whether the component instance defines the resource.
func (in *Instance) defines(resource, instance int) bool {
	p := in.component.plan
	defined := resource - len(p.ImportedResources)
	return defined >= 0 && p.DefinedResourceInstances[defined] == instance
}

// hostValues are the values of the host that components have handles of.
type hostValues struct {
	values []hostValue
	free   []uint32
}

type hostValue struct {
	value any
	// Whether a component owns it; otherwise it is lent for a call.
	owned bool
}

func (v *hostValues) add(value any, owned bool) uint32 {
	added := hostValue{value, owned}
	if count := len(v.free); count > 0 {
		number := v.free[count-1]
		v.free = v.free[:count-1]
		v.values[number] = added
		return number
	}
	v.values = append(v.values, added)
	return uint32(len(v.values) - 1)
}

func (v *hostValues) open() int {
	return len(v.values) - len(v.free)
}

func (v *hostValues) get(number uint32) any {
	return v.values[number].value
}

func (v *hostValues) remove(number uint32) any {
	value := v.values[number].value
	v.values[number] = hostValue{}
	v.free = append(v.free, number)
	return value
}

// close closes what a component still owned when its instance ended.
func (v *hostValues) close() error {
	var failed error
	for _, held := range v.values {
		if closer, ok := held.value.(io.Closer); ok && held.owned {
			failed = errors.Join(failed, closer.Close())
		}
	}
	*v = hostValues{}
	return failed
}
