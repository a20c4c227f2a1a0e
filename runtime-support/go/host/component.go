// Package host runs components of the WebAssembly component model in Go.
//
// It takes what `witgen link --single-memory` makes of a component: core modules and a plan that says how to join
// them. Programs mostly use it through bindings that witgen generates, which add the types of a world;
// [Component.InstantiateDynamic] runs a component without them.
//
// Methods that are said to be for generated code may change with any version of witgen.
package host

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
)

// PlanFile is the name of the plan in the directory that witgen link makes.
const PlanFile = "plan.json"

// Component is a component that can be instantiated, any number of times and from several goroutines.
type Component struct {
	plan   *plan
	engine engine
	// What each step of the plan instantiates; nil for other steps.
	modules []coreModule
	// The flags that modules look at, and a module that has them; nil where none do.
	sharedFlags []bool
	flags       coreModule

	mutex     sync.Mutex
	closed    bool
	instances map[*Instance]struct{}
}

// LoadOption changes how a component is loaded.
type LoadOption func(*loadOptions)

type loadOptions struct {
	cacheDir    string
	interpreter bool
	memoryPages uint32
}

// WithCacheDir keeps compiled modules in a directory, where later programs find them.
// A large component, such as one that holds a Python interpreter, takes seconds to compile and a part of one to
// be read from there.
func WithCacheDir(dir string) LoadOption {
	return func(options *loadOptions) { options.cacheDir = dir }
}

// WithInterpreter interprets modules instead of compiling them, which is slow and needs no executable memory.
// It happens anyway on machines that the compiler does not know.
func WithInterpreter() LoadOption {
	return func(options *loadOptions) { options.interpreter = true }
}

// WithMemoryLimit is how many bytes each memory of an instance may have, rounded up to 64 KiB.
func WithMemoryLimit(bytes uint64) LoadOption {
	const page = 1 << 16
	return func(options *loadOptions) { options.memoryPages = uint32(min((bytes+page-1)/page, page)) }
}

// Open loads a component from the directory that witgen link made, or from a zip file of its files.
func Open(ctx context.Context, path string, options ...LoadOption) (*Component, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		component, err := Load(ctx, os.DirFS(path), options...)
		return component, located(path, err)
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("%s is neither a directory that witgen link made nor a zip file of one: %w", path, err)
	}
	component, err := Load(ctx, archive, options...)
	return component, located(path, errors.Join(err, archive.Close()))
}

// located says where the files are that an error names.
func located(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", path, err)
}

// Load loads a component from the files that witgen link made, which may be embedded into the program:
//
//	//go:embed all:component
//	var files embed.FS
//
//	sub, err := fs.Sub(files, "component")
//	component, err := host.Load(ctx, sub)
func Load(ctx context.Context, files fs.FS, options ...LoadOption) (*Component, error) {
	chosen := new(loadOptions)
	for _, option := range options {
		option(chosen)
	}
	file, err := files.Open(PlanFile)
	if err != nil {
		return nil, err
	}
	read, err := readPlan(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	engine, err := newEngine(ctx, chosen)
	if err != nil {
		return nil, err
	}
	component := &Component{
		plan: read, engine: engine,
		modules: make([]coreModule, len(read.Init)), instances: map[*Instance]struct{}{},
	}
	if err := component.compile(ctx, files); err != nil {
		return nil, errors.Join(err, engine.close(ctx))
	}
	return component, nil
}

// compile compiles each module with the names of each place where it is instantiated.
func (c *Component) compile(ctx context.Context, files fs.FS) error {
	var provided []hostFunction
	known := map[string]bool{}
	c.sharedFlags = make([]bool, c.plan.ComponentInstances)
	texts := make([][]byte, len(c.plan.Modules))
	for i, step := range c.plan.Init {
		if step.Op != "instantiate" {
			continue
		}
		described := c.plan.Modules[step.Module]
		if texts[step.Module] == nil {
			text, err := fs.ReadFile(files, described.File)
			if err != nil {
				return err
			}
			texts[step.Module] = text
		}
		names := make([][2]string, len(step.Args))
		for i, argument := range step.Args {
			names[i] = importName(argument)
			if argument.kind == "flags" {
				c.sharedFlags[argument.index] = true
			}
		}
		wasm, err := renameImports(texts[step.Module], names)
		if err != nil {
			return fmt.Errorf("%s: %w", described.File, err)
		}
		if c.modules[i], err = c.engine.compile(ctx, wasm); err != nil {
			return fmt.Errorf("%s: %w%s", described.File, err, hint(err))
		}
		for _, function := range c.modules[i].importedFunctions(hostModule) {
			if !known[function.name] {
				known[function.name] = true
				provided = append(provided, c.provided(function))
			}
		}
	}
	if slices.Contains(c.sharedFlags, true) {
		var err error
		if c.flags, err = c.engine.compile(ctx, flagGlobals(c.plan.ComponentInstances)); err != nil {
			return err
		}
	}
	if len(provided) == 0 {
		return nil
	}
	return c.engine.provide(ctx, provided)
}

// hint says what to do about modules that the engine refuses.
func hint(err error) string {
	if text := err.Error(); contains(text, "multi-memory", "multiple memories", "at most one memory") {
		return ": link the component with `witgen link --single-memory`"
	}
	return ""
}

// Close ends all instances and frees what the component has.
// It fails with [ErrBusy] while an instance is in a call, and may be called again after that.
func (c *Component) Close(ctx context.Context) error {
	c.mutex.Lock()
	c.closed = true
	instances := make([]*Instance, 0, len(c.instances))
	for instance := range c.instances {
		instances = append(instances, instance)
	}
	c.mutex.Unlock()
	var failed error
	for _, instance := range instances {
		failed = errors.Join(failed, instance.Close(ctx))
	}
	if errors.Is(failed, ErrBusy) {
		c.mutex.Lock()
		c.closed = false
		c.mutex.Unlock()
		return failed
	}
	return errors.Join(failed, c.engine.close(ctx))
}

// adopt keeps an instance until it is closed.
func (c *Component) adopt(in *Instance) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.closed {
		return ErrClosed
	}
	c.instances[in] = struct{}{}
	return nil
}

func (c *Component) forget(in *Instance) {
	c.mutex.Lock()
	delete(c.instances, in)
	c.mutex.Unlock()
}
