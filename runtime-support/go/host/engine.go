package host

import "context"

// What this package needs of an engine for core modules. Nothing but wazero.go knows which one it is.

// engine compiles and instantiates core modules.
type engine interface {
	compile(ctx context.Context, wasm []byte) (coreModule, error)
	// provide registers the functions that modules import from [hostModule].
	provide(ctx context.Context, functions []hostFunction) error
	// instantiate makes an instance whose imports are found by the names of instances.
	// Its memory is taken from the budget, if there is one.
	instantiate(
		ctx context.Context, module coreModule, resolve func(name string) coreInstance, budget *memoryBudget,
	) (coreInstance, error)
	close(ctx context.Context) error
}

// coreModule is a compiled module.
type coreModule interface {
	// importedFunctions are the names and types of the functions that it imports from a module of that name.
	importedFunctions(module string) []functionType
}

type functionType struct {
	name            string
	params, results []byte
}

// hostFunction is a function of the host that modules call.
type hostFunction struct {
	functionType
	call func(in *Instance, stack []uint64)
}

type coreInstance interface {
	function(name string) function
	memory(name string) memory
	global(name string) global
	close(ctx context.Context) error
}

// function is a core function; parameters and results share the stack.
type function interface {
	CallWithStack(ctx context.Context, stack []uint64) error
}

// memory is a linear memory.
type memory interface {
	// Size is how many bytes it has, or 0 for 4 GiB.
	Size() uint32
	// Read is a part of it, until it grows.
	Read(start, size uint32) ([]byte, bool)
	// Grow adds pages, and says how many there were.
	Grow(pages uint32) (uint32, bool)
}

// bytesOf is all of a memory, until it grows.
func bytesOf(m memory) []byte {
	size := m.Size()
	if size == 0 {
		// The size of 4 GiB does not fit; its last byte is out of reach here.
		if pages, ok := m.Grow(0); ok && pages > 0 {
			size = 1<<32 - 1
		}
	}
	bytes, _ := m.Read(0, size)
	return bytes
}

// global is a mutable global.
type global interface {
	Get() uint64
	Set(value uint64)
}
