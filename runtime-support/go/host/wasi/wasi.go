// Package wasi is a small WASI 0.2, for components that need it to start: no files and no network.
//
// Whatever is not given is denied: a component that uses it traps with the name of what it used.
package wasi

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// Config is what a component may see and say. The zero value gives it clocks and random numbers alone.
type Config struct {
	// Args are its arguments, of which the first is its name.
	Args []string
	// Env is its environment.
	Env map[string]string
	// Stdin is its input; nothing comes from a nil one.
	Stdin io.Reader
	// Stdout and Stderr take what it writes; a nil one loses it.
	Stdout, Stderr io.Writer
}

// ExitError says that a component ended itself; it is found in the trap of the call that did so.
type ExitError struct {
	// Code is 0 for success.
	Code uint8
}

// Error says the code.
func (e *ExitError) Error() string {
	return fmt.Sprintf("the component called `exit` with %d", e.Code)
}

// With gives a component the interfaces of WASI that it imports, in any version of 0.2.
func With(config Config) host.Option {
	return func(linker *host.Linker) {
		linker.Provide(func(wanted []host.Wanted) {
			versions := map[string][]host.Wanted{}
			resources := kinds{}
			for _, item := range wanted {
				if version, ok := versionOf(item.Name); ok {
					versions[version] = append(versions[version], item)
					if item.Resource {
						resources.add(short(item.Name, version), version)
					}
				}
			}
			for version, items := range versions {
				made := &binder{Config: config, linker: linker, version: version, kinds: resources}
				made.bind(items)
			}
		})
	}
}

// packages are what is provided or denied.
var packages = []string{"cli", "clocks", "filesystem", "io", "random", "sockets"}

// versionOf is the version of an import of WASI 0.2.
func versionOf(name string) (string, bool) {
	rest, ok := strings.CutPrefix(name, "wasi:")
	if !ok {
		return "", false
	}
	pkg, rest, _ := strings.Cut(rest, "/")
	_, rest, _ = strings.Cut(rest, "@")
	version, _, _ := strings.Cut(rest, "#")
	return version, slices.Contains(packages, pkg) && strings.HasPrefix(version, "0.2.")
}

// binder gives the interfaces of one version.
type binder struct {
	Config
	linker  *host.Linker
	version string
	kinds   kinds
}

// kinds stand for resources, such as "io/poll#pollable", by their versions.
// A component may have parts with several versions, whose resources are different types.
type kinds map[string]map[string]*host.Kind

func (k kinds) add(name, version string) *host.Kind {
	_, resource, _ := strings.Cut(name, "#")
	kind := host.NewKind(resource)
	if k[name] == nil {
		k[name] = map[string]*host.Kind{}
	}
	k[name][version] = kind
	return kind
}

// short is a name without its version and "wasi:".
func short(name, version string) string {
	return strings.Replace(strings.TrimPrefix(name, "wasi:"), "@"+version, "", 1)
}

type body = func(call *host.Import, stack []uint64)

// bind gives what is wanted: what there is, and what denies for all else.
func (b *binder) bind(wanted []host.Wanted) {
	known := map[string]body{}
	for _, add := range []func(map[string]body){b.cli, b.clocks, b.polls, b.outputs, b.inputs, b.random} {
		add(known)
	}
	for _, item := range wanted {
		name := short(item.Name, b.version)
		switch {
		case item.Resource:
			b.linker.Resource(item.Name, b.kind(name))
		case known[name] != nil:
			b.linker.Func(item.Name, "", known[name])
		default:
			b.linker.Func(item.Name, "", denied(item.Name))
		}
	}
}

// kind stands for a resource that functions of this version use.
// Parts of a component that were joined may have it in another version alone.
func (b *binder) kind(name string) *host.Kind {
	versions := b.kinds[name]
	if kind := versions[b.version]; kind != nil {
		return kind
	}
	for _, version := range slices.Sorted(maps.Keys(versions)) {
		return versions[version]
	}
	return b.kinds.add(name, b.version)
}

func denied(name string) body {
	return func(call *host.Import, _ []uint64) {
		call.Done(fmt.Errorf("`%s` is not granted", name))
	}
}

func (b *binder) cli(to map[string]body) {
	to["cli/environment#get-environment"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		const size = 16
		start := call.Allocate(len(b.Env), size, 4)
		for i, name := range slices.Sorted(maps.Keys(b.Env)) {
			at := start + uint32(i)*size
			putString(call, at, name)
			putString(call, at+8, b.Env[name])
		}
		putPair(call, call.Area(stack[0], 8, 4, "return"), start, uint32(len(b.Env)))
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
	to["cli/stdin#get-stdin"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		stack[0] = b.give(call, inputKind, &input{b.Stdin})
	}
	to["cli/stdout#get-stdout"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		stack[0] = b.give(call, outputKind, &output{b.Stdout})
	}
	to["cli/stderr#get-stderr"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		stack[0] = b.give(call, outputKind, &output{b.Stderr})
	}
	// There are no directories, so nothing else of the file system can be reached.
	to["filesystem/preopens#get-directories"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		putPair(call, call.Area(stack[0], 8, 4, "return"), 4, 0)
	}
	to["filesystem/types#filesystem-error-code"] = func(call *host.Import, stack []uint64) {
		host.LiftValue[*failure](call.Memory, b.kind(errorKind), uint32(stack[0]), false)
		call.Ended()
		call.PutU8(call.Area(stack[1], 2, 1, "return"), 0)
	}
}

// none returns an option<string>, or one of a handle, that is not there.
func none(call *host.Import, stack []uint64) {
	call.Ended()
	call.PutU8(call.Area(stack[0], 8, 4, "return"), 0)
}

// give gives a resource to the component.
func (b *binder) give(call *host.Import, kind string, value any) uint64 {
	return uint64(call.LowerValue(b.kind(kind), value, true))
}

func putString(call *host.Import, at uint32, text string) {
	start, length := call.LowerString(strings.ToValidUTF8(text, "\uFFFD"))
	putPair(call, at, start, length)
}

func putPair(call *host.Import, at, start, length uint32) {
	call.PutU32(at, start)
	call.PutU32(at+4, length)
}

// The most random bytes that are given at once.
const mostRandom = 1 << 24

func (*binder) random(to map[string]body) {
	numbers := func(call *host.Import, stack []uint64) {
		call.Ended()
		stack[0] = randomNumber()
	}
	bytes := func(call *host.Import, stack []uint64) {
		if stack[0] > mostRandom {
			call.Done(fmt.Errorf("%d random bytes are too many at once", stack[0]))
		}
		call.Ended()
		bytes := make([]byte, stack[0])
		// It never fails.
		_, _ = rand.Read(bytes)
		start, length := host.LowerNumbers(call.Memory, bytes)
		putPair(call, call.Area(stack[1], 8, 4, "return"), start, length)
	}
	to["random/random#get-random-bytes"] = bytes
	to["random/random#get-random-u64"] = numbers
	to["random/insecure#get-insecure-random-bytes"] = bytes
	to["random/insecure#get-insecure-random-u64"] = numbers
	to["random/insecure-seed#insecure-seed"] = func(call *host.Import, stack []uint64) {
		call.Ended()
		at := call.Area(stack[0], 16, 8, "return")
		call.PutU64(at, randomNumber())
		call.PutU64(at+8, randomNumber())
	}
}

func randomNumber() uint64 {
	var bytes [8]byte
	_, _ = rand.Read(bytes[:])
	return binary.LittleEndian.Uint64(bytes[:])
}

// ended is why a context ended.
func ended(ctx context.Context) error {
	return context.Cause(ctx)
}
