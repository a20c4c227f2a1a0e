// Package wasi gives components WASI 0.2, as far as grants go.
//
// What is not granted is denied: a component gets the error that the interface has for that, or traps where it has
// none, and the program's user is told once which grant is missing.
package wasi

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// Config is what a component may do, and what that leads to.
type Config struct {
	// Grants are what it may do. Nil ones are clocks and random numbers, which most languages need to start.
	Grants *Grants
	// Args are its arguments, of which the first is its name.
	Args []string
	// Stdin, Stdout and Stderr are given whatever the grants say, in place of those of the program.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Transport sends the requests that are granted; nil is [http.DefaultTransport].
	Transport http.RoundTripper
	// Store has the buckets of `wasi:keyvalue`, whatever the grants say.
	Store Store
	// Logger takes what `wasi:logging` gets, whatever the grants say; nil is the standard error, if they allow it.
	Logger *slog.Logger
	// Values are those of `wasi:config`, besides those that are granted.
	Values map[string]string
	// Tell hears of each missing grant, once; nil writes it to the standard error of the program.
	Tell func(text string)
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
	told, store := &told{tell: config.Tell}, storeOf(config)
	blobs := blobsOf(config.Grants)
	return func(linker *host.Linker) {
		grants := config.Grants
		if grants == nil {
			grants = &Grants{Clocks: Clocks{Monotonic: true, Wall: true}, Random: Random{Allow: true}}
		}
		guard := &guard{Grants: grants, told: told}
		linker.Limit(host.Limits{
			Memory:   uint64(grants.Limits.Memory),
			Fuel:     grants.Limits.Fuel,
			Deadline: grants.Limits.Deadline,
			Handles:  cmp.Or(grants.Limits.Handles, mostHandles),
		})
		grants.refuse(linker)
		if file, ok := store.(*sqliteStore); ok {
			linker.Hold(file.use)
		}
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
				made := &binder{
					Config: config, guard: guard, linker: linker, version: version, kinds: resources, store: store,
					blobs: blobs,
				}
				made.bind(items)
			}
		})
	}
}

// packages are what is provided or denied, with what their versions begin with.
var packages = map[string]string{
	"cli": "0.2.", "clocks": "0.2.", "filesystem": "0.2.", "http": "0.2.", "io": "0.2.", "random": "0.2.",
	"sockets": "0.2.", "keyvalue": "0.2.", "config": "0.2.", "logging": "", "blobstore": "",
}

// versionOf is the version of an import of WASI.
func versionOf(name string) (string, bool) {
	rest, ok := strings.CutPrefix(name, "wasi:")
	if !ok {
		return "", false
	}
	pkg, rest, _ := strings.Cut(rest, "/")
	_, rest, _ = strings.Cut(rest, "@")
	version, _, _ := strings.Cut(rest, "#")
	prefix, known := packages[pkg]
	return version, known && strings.HasPrefix(version, prefix)
}

// binder gives the interfaces of one version.
type binder struct {
	Config
	*guard
	linker  *host.Linker
	version string
	kinds   kinds
	store   Store
	// The directory that is granted for `wasi:blobstore`.
	blobs func() (*blobs, error)
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

// body is a function of the host that reads flat values; those that components call most are such.
type body = func(call *host.Import, stack []uint64)

// bodies are functions by their short names.
type bodies map[string]body

// values are functions that take and return values, by their short names.
type values map[string]host.DynamicFunc

// functions are all that there is of WASI.
func (b *binder) functions() (bodies, values) {
	often, others := bodies{}, values{}
	for _, add := range []func(bodies){b.environment, b.clocks, b.polls, b.outputs, b.inputs, b.random} {
		add(often)
	}
	for _, add := range []func(values){
		b.files, b.directories, b.tcp, b.tcpOptions, b.udp, b.lookup,
		b.fields, b.requests, b.responses, b.bodies, b.client, b.keyValue, b.blobStore, b.others,
	} {
		add(others)
	}
	return often, others
}

// bind gives what is wanted; the linker lists what there is not.
func (b *binder) bind(wanted []host.Wanted) {
	often, others := b.functions()
	for _, item := range wanted {
		name := short(item.Name, b.version)
		switch {
		case item.Resource:
			b.linker.Resource(item.Name, b.kind(name))
		case often[name] != nil:
			b.linker.Func(item.Name, "", often[name])
		case others[name] != nil:
			b.linker.Values(item.Name, others[name])
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

// code is a case without a payload of the error of a function.
type code string

func (c code) Error() string { return string(c) }

// coded is a case with a payload of the error of a function.
type coded host.Case

func (c coded) Error() string { return c.Name }

// method makes a function of a resource that cannot fail.
func method[T any](call func(ctx context.Context, self T, args []any) any) host.DynamicFunc {
	return func(ctx context.Context, args []any) (any, error) {
		return call(ctx, args[0].(T), args[1:]), nil
	}
}

// fallible makes a function of a resource that may fail as WIT says.
func fallible[T any](call func(ctx context.Context, self T, args []any) (any, error)) host.DynamicFunc {
	return attempt(func(ctx context.Context, args []any) (any, error) {
		return call(ctx, args[0].(T), args[1:])
	})
}

// attempt makes a function that may fail as WIT says; an error that is no [code] or [coded] is a trap.
func attempt(call host.DynamicFunc) host.DynamicFunc {
	return func(ctx context.Context, args []any) (any, error) {
		value, err := call(ctx, args)
		if err == nil {
			return host.Case{Name: "ok", Value: value}, nil
		}
		failed, known := failure(err)
		if !known {
			return nil, err
		}
		return host.Case{Name: "err", Value: failed}, nil
	}
}

// failure is an error as a component gets it.
func failure(err error) (value any, known bool) {
	switch err := err.(type) {
	case code:
		return string(err), true
	case coded:
		return host.Case(err), true
	default:
		return nil, false
	}
}

// optional is an option: nil is none.
func optional[T any](value *T) any {
	if value == nil {
		return nil
	}
	return host.Some{Value: *value}
}

// present is the value of an option, as a pointer.
func present[T any](option any) *T {
	some, ok := option.(host.Some)
	if !ok {
		return nil
	}
	value := some.Value.(T)
	return &value
}

// plain is a case without a payload.
func plain(name string) host.Case {
	return host.Case{Name: name}
}
