package wasi

import (
	"maps"
	"os"
	"slices"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// variables are the environment that is granted: what is passed on, and what is set.
func (g *Grants) variables() [][2]string {
	found := [][2]string{}
	for _, name := range g.Env.Allow {
		value, ok := os.LookupEnv(name)
		if _, own := g.Env.Set[name]; ok && !own {
			found = append(found, [2]string{name, value})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(g.Env.Set)) {
		found = append(found, [2]string{name, g.Env.Set[name]})
	}
	return found
}

// environment has arguments, variables and the standard streams.
func (b *binder) environment(to bodies) {
	to["cli/environment#get-environment"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		const size = 16
		variables := b.variables()
		start := call.Allocate(len(variables), size, 4)
		for i, variable := range variables {
			at := start + uint32(i)*size
			putString(call, at, variable[0])
			putString(call, at+8, variable[1])
		}
		putPair(call, call.Area(stack[0], 8, 4, "return"), start, uint32(len(variables)))
	}
	to["cli/environment#get-arguments"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		const size = 8
		start := call.Allocate(len(b.Args), size, 4)
		for i, argument := range b.Args {
			putString(call, start+uint32(i)*size, argument)
		}
		putPair(call, call.Area(stack[0], 8, 4, "return"), start, uint32(len(b.Args)))
	}
	to["cli/environment#initial-cwd"] = none
	to["cli/exit#exit"] = func(call *host.Import, stack []uint64) {
		call.Done(&ExitError{uint8(host.Discriminant(uint32(stack[0]), 2))})
	}
	to["cli/exit#exit-with-code"] = func(call *host.Import, stack []uint64) {
		call.Done(&ExitError{uint8(stack[0])})
	}
	for _, name := range []string{"stdin", "stdout", "stderr"} {
		to["cli/terminal-"+name+"#get-terminal-"+name] = none
	}
	// A component may ask for a stream again, and what was read ahead is not lost then.
	stdin := b.stdin()
	to["cli/stdin#get-stdin"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		stack[0] = b.give(call, inputKind, stdin)
	}
	to["cli/stdout#get-stdout"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		stack[0] = b.give(call, outputKind, b.stdout())
	}
	to["cli/stderr#get-stderr"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		stack[0] = b.give(call, outputKind, b.stderr())
	}
}

func (b *binder) stdin() input {
	switch {
	case b.Stdin != nil:
		return newPump(b.Stdin, nil)
	case b.Stdio.Stdin:
		return newPump(os.Stdin, nil)
	default:
		return muted{b.guard, "stdio.stdin", "read its standard input"}
	}
}

func (b *binder) stdout() output {
	switch {
	case b.Config.Stdout != nil:
		return &writerOutput{writer: b.Config.Stdout}
	case b.Stdio.Stdout:
		return &writerOutput{writer: os.Stdout}
	default:
		return muted{b.guard, "stdio.stdout", "write to its standard output"}
	}
}

func (b *binder) stderr() output {
	switch {
	case b.Config.Stderr != nil:
		return &writerOutput{writer: b.Config.Stderr}
	case b.Stdio.Stderr:
		return &writerOutput{writer: os.Stderr}
	default:
		return muted{b.guard, "stdio.stderr", "write to its standard error"}
	}
}

// none returns an option<string>, or one of a handle, that is not there.
func none(call *host.Import, stack []uint64) {
	call.Ended()
	call.PutU8(call.Area(stack[0], 8, 4, "return"), 0)
}
