package host

import "strings"

// intrinsics are functions that keep one of two numbers of an instance.
var intrinsics = map[string]func(in *Instance, stack []uint64){
	"context-get-i32-0": func(in *Instance, stack []uint64) { stack[0] = in.context[0] },
	"context-get-i32-1": func(in *Instance, stack []uint64) { stack[0] = in.context[1] },
	"context-set-i32-0": func(in *Instance, stack []uint64) { in.context[0] = stack[0] },
	"context-set-i32-1": func(in *Instance, stack []uint64) { in.context[1] = stack[0] },
	"allow-turns":       (*Instance).allowTurns,
}

// importName is the name under which modules import what a definition leads to.
func importName(def definition) [2]string {
	switch def.kind {
	case "export":
		return [2]string{instanceName(def.index), def.name}
	case "flags":
		return [2]string{flagsModule, instanceName(def.index)}
	case "trampoline":
		return [2]string{hostModule, instanceName(def.index)}
	default:
		return [2]string{hostModule, def.name}
	}
}

// provided is the function behind a name that [importName] gave.
func (c *Component) provided(ty functionType) hostFunction {
	if call := intrinsics[ty.name]; call != nil {
		return hostFunction{ty, call}
	}
	for index := range c.plan.Trampolines {
		if instanceName(index) == ty.name {
			return hostFunction{ty, func(in *Instance, stack []uint64) { in.trampolines[index](stack) }}
		}
	}
	return hostFunction{ty, func(*Instance, []uint64) { trap("there is no function %s", ty.name) }}
}

// trampoline makes a function of the host for this instance.
func (in *Instance) trampoline(t *planTrampoline) func(stack []uint64) {
	switch t.Kind {
	case "transcode":
		transcode, from, to := transcoders[t.Transcode], in.memories[t.fromMemory], in.memories[t.toMemory]
		return func(stack []uint64) { transcode(bytesOf(from), bytesOf(to), stack) }
	case "memory-copy":
		from := in.core[t.fromDef.index].memory(t.fromDef.name)
		to := in.core[t.toDef.index].memory(t.toDef.name)
		return func(stack []uint64) { copyBetween(bytesOf(from), bytesOf(to), stack) }
	case "resource-new", "resource-rep", "resource-drop":
		return in.handleTrampoline(t)
	case "transfer-own":
		return in.transferOwn
	case "transfer-borrow":
		return in.transferBorrow
	case "enter-sync-call":
		return func([]uint64) { in.open() }
	case "exit-sync-call":
		return func([]uint64) { in.shut() }
	case "trap":
		return func(stack []uint64) { trapCode(t.Messages, uint32(stack[0])) }
	default:
		return func([]uint64) { trap("the import of a function is not known yet") }
	}
}

func trapCode(messages map[string]string, code uint32) {
	message, known := messages[instanceName(int(code))]
	if !known {
		trap("trap %d", code)
	}
	trap("%s", message)
}

// copyBetween copies bytes; the stack has destination, source and length.
func copyBetween(from, to []byte, stack []uint64) {
	target, source, size := uint64(uint32(stack[0])), uint64(uint32(stack[1])), uint64(uint32(stack[2]))
	if source+size > uint64(len(from)) || target+size > uint64(len(to)) {
		trap("out of bounds memory access")
	}
	copy(to[target:target+size], from[source:source+size])
}

func (in *Instance) handleTrampoline(t *planTrampoline) func(stack []uint64) {
	table, flags, kind := &in.tables[t.Instance], &in.flags[t.Instance], t.Table
	switch t.Kind {
	case "resource-new":
		return func(stack []uint64) {
			mayLeave(flags)
			stack[0] = uint64(table.add(slot{rep: uint32(stack[0]), table: kind, own: true}))
		}
	case "resource-rep":
		return func(stack []uint64) {
			stack[0] = uint64(table.get(uint32(stack[0]), kind).rep)
		}
	default:
		return func(stack []uint64) {
			mayLeave(flags)
			in.drop(table, uint32(stack[0]), kind)
		}
	}
}

// leaveFlag says whether a component instance may be left: not while it is in a function that allocates, or in one that
// runs after results were read.
type leaveFlag struct {
	forbidden bool
	// The global that modules look at, where there are such.
	shared global
}

func (f *leaveFlag) set(may bool) {
	f.forbidden = !may
	if f.shared != nil {
		f.shared.Set(uint64(FromBool(may)))
	}
}

func mayLeave(flag *leaveFlag) {
	if flag.forbidden || flag.shared != nil && flag.shared.Get() == 0 {
		trap("cannot leave component instance")
	}
}

// transferOwn moves a handle; the stack has the handle, the table that it is in, and the one that it goes to.
func (in *Instance) transferOwn(stack []uint64) {
	handle, from, to := uint32(stack[0]), in.kind(stack[1]), in.kind(stack[2])
	rep := in.tablesOf(from).take(handle, from)
	stack[0] = uint64(in.tablesOf(to).add(slot{rep: rep, table: to, own: true}))
}

// transferBorrow lends a handle, with the same stack.
func (in *Instance) transferBorrow(stack []uint64) {
	handle, from, to := uint32(stack[0]), in.kind(stack[1]), in.kind(stack[2])
	rep := in.lend(in.tablesOf(from), handle, from)
	target := in.component.plan.ResourceTables[to]
	if in.defines(target.Resource, target.Instance) {
		stack[0] = uint64(rep)
		return
	}
	stack[0] = uint64(in.addBorrow(in.tablesOf(to), rep, to))
}

// kind is the number of a resource table that a module gives.
func (in *Instance) kind(number uint64) int {
	index, tables := int(uint32(number)), in.component.plan.ResourceTables
	if index >= len(tables) || tables[index] == nil {
		trap("there is no resource table %d", index)
	}
	return index
}

// tablesOf are the handles of the component instance that has a resource table.
func (in *Instance) tablesOf(kind int) *handleTable {
	return &in.tables[in.component.plan.ResourceTables[kind].Instance]
}

func contains(text string, parts ...string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}
