package host

import (
	"context"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// wazeroEngine is one runtime of wazero, which serves one component.
type wazeroEngine struct {
	runtime wazero.Runtime
	cache   wazero.CompilationCache
}

func newEngine(ctx context.Context, options *loadOptions) (engine, error) {
	config := wazero.NewRuntimeConfig()
	if options.interpreter {
		config = wazero.NewRuntimeConfigInterpreter()
	}
	features := api.CoreFeaturesV2 | experimental.CoreFeaturesExtendedConst | experimental.CoreFeaturesTailCall
	config = config.WithCoreFeatures(features)
	if options.memoryPages > 0 {
		config = config.WithMemoryLimitPages(options.memoryPages)
	}
	var cache wazero.CompilationCache
	if options.cacheDir != "" {
		var err error
		if cache, err = wazero.NewCompilationCacheWithDir(options.cacheDir); err != nil {
			return nil, fmt.Errorf("the directory for compiled modules cannot be used: %w", err)
		}
		config = config.WithCompilationCache(cache)
	}
	return &wazeroEngine{wazero.NewRuntimeWithConfig(ctx, config), cache}, nil
}

func (e *wazeroEngine) close(ctx context.Context) error {
	err := e.runtime.Close(ctx)
	if e.cache != nil {
		err = errors.Join(err, e.cache.Close(ctx))
	}
	return err
}

func (e *wazeroEngine) compile(ctx context.Context, wasm []byte) (coreModule, error) {
	module, err := e.runtime.CompileModule(ctx, wasm)
	if err != nil {
		return nil, err
	}
	return wazeroModule{module}, nil
}

func (e *wazeroEngine) provide(ctx context.Context, functions []hostFunction) error {
	builder := e.runtime.NewHostModuleBuilder(hostModule)
	for _, function := range functions {
		call := api.GoModuleFunc(func(ctx context.Context, _ api.Module, stack []uint64) {
			function.call(instanceOf(ctx), stack)
		})
		builder = builder.NewFunctionBuilder().
			WithGoModuleFunction(call, function.params, function.results).
			Export(function.name)
	}
	_, err := builder.Instantiate(ctx)
	return err
}

func (e *wazeroEngine) instantiate(
	ctx context.Context, module coreModule, resolve func(name string) coreInstance, budget *memoryBudget,
) (coreInstance, error) {
	resolver := func(name string) api.Module {
		// Functions of the host are found by their name: the engine takes no module of them from here.
		if found, ok := resolve(name).(*wazeroInstance); ok {
			return found.module
		}
		return nil
	}
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	ctx = experimental.WithImportResolver(ctx, resolver)
	if budget != nil {
		ctx = experimental.WithMemoryAllocator(ctx, budget)
	}
	instance, err := e.runtime.InstantiateModule(ctx, module.(wazeroModule).compiled, config)
	if err != nil {
		return nil, err
	}
	return &wazeroInstance{instance}, nil
}

type wazeroModule struct {
	compiled wazero.CompiledModule
}

func (m wazeroModule) importedFunctions(module string) []functionType {
	var found []functionType
	for _, definition := range m.compiled.ImportedFunctions() {
		if from, name, _ := definition.Import(); from == module {
			found = append(found, functionType{name, definition.ParamTypes(), definition.ResultTypes()})
		}
	}
	return found
}

type wazeroInstance struct {
	module api.Module
}

func (i *wazeroInstance) function(name string) function {
	// A nil pointer in an interface is not nil.
	if found := i.module.ExportedFunction(name); found != nil {
		return found
	}
	return nil
}

func (i *wazeroInstance) memory(name string) memory {
	if found := i.module.ExportedMemory(name); found != nil {
		return found
	}
	return nil
}

func (i *wazeroInstance) global(name string) global {
	if found, ok := i.module.ExportedGlobal(name).(api.MutableGlobal); ok {
		return found
	}
	return nil
}

func (i *wazeroInstance) close(ctx context.Context) error {
	return i.module.Close(ctx)
}

// Allocate makes a memory that takes what it needs from the budget.
func (b *memoryBudget) Allocate(_, _ uint64) experimental.LinearMemory {
	return &limitedMemory{budget: b}
}

// limitedMemory is a memory that grows as far as its budget goes.
type limitedMemory struct {
	budget *memoryBudget
	bytes  []byte
}

// Reallocate grows it to a size.
func (m *limitedMemory) Reallocate(size uint64) []byte {
	m.budget.take(size - uint64(len(m.bytes)))
	if size > uint64(cap(m.bytes)) {
		m.bytes = append(m.bytes, make([]byte, size-uint64(len(m.bytes)))...)
	}
	m.bytes = m.bytes[:size]
	return m.bytes
}

// Free does nothing: the collector finds the bytes.
func (*limitedMemory) Free() {}
