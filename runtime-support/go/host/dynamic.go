package host

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Dynamic is an instance without bindings: values have the types that the plan says.
//
//   - bool, integers, floats and string are those of Go, char is a rune
//   - list<u8> is a []byte, any other list and a tuple a []any, a map an []Entry
//   - a record is a map[string]any by the names of WIT
//   - an enum is a string, flags are a []string, a variant or a result is a [Case]
//   - an option is nil or a [Some]
//   - a resource of the component is a [*Resource], one of the host any value
type Dynamic struct {
	in        *Instance
	functions map[string]*dynamicFunc
}

// Case is a value of a variant or a result.
type Case struct {
	Name string
	// Value is the payload; nil where there is none.
	Value any
}

// Some is an option that is present.
type Some struct {
	Value any
}

// Entry is an entry of a map.
type Entry struct {
	Key, Value any
}

// DynamicFunc implements an import; an error is a trap.
type DynamicFunc func(ctx context.Context, args []any) (any, error)

type dynamicItem struct {
	name string
	call DynamicFunc
}

type dynamicFunc struct {
	*Func
	plan *planFunc
}

// InstantiateDynamic makes an instance whose imports are found by names like `a:b/c@1.0.0#f`, or `f` for those of
// the component itself.
func (c *Component) InstantiateDynamic(
	ctx context.Context, imports map[string]DynamicFunc, options ...Option,
) (*Dynamic, error) {
	linker := NewLinker("component", options...)
	for name, call := range imports {
		linker.Values(name, call)
	}
	kinds := make([]*Kind, len(c.plan.ImportedResources)+len(c.plan.DefinedResourceInstances))
	for number := range kinds {
		kinds[number] = NewKind("resource")
	}
	linker.Provide(func(wanted []Wanted) {
		for number, index := range c.plan.ImportedResources {
			if name := c.plan.Imports[index].String(); linker.imports[name] == nil {
				linker.Resource(name, kinds[number])
			}
		}
	})
	made := &Dynamic{functions: map[string]*dynamicFunc{}}
	made.want(linker, c.plan, c.plan.Exports, "")
	in, err := c.Instantiate(ctx, linker)
	if err != nil {
		return nil, err
	}
	made.in = in
	return made, nil
}

// want asks the linker for all functions of a component.
func (d *Dynamic) want(linker *Linker, p *plan, items []planExport, owner string) {
	for index := range items {
		item := &items[index]
		name := owner + item.Name
		switch {
		case item.Func != nil:
			d.functions[name] = &dynamicFunc{linker.Export(name, ""), &p.Funcs[item.Type]}
		case item.Resource == nil:
			d.want(linker, p, item.Instance, name+"#")
		}
	}
}

// Call calls a function, whose name is like that of an import.
// The result is nil for a function that has none.
func (d *Dynamic) Call(ctx context.Context, name string, args ...any) (result any, err error) {
	function, known := d.functions[name]
	if !known {
		return nil, fmt.Errorf("the component has no function %q", name)
	}
	call, err := function.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer call.Leave(&err)
	params := function.plan.Params
	if len(args) != len(params) {
		call.Refuse(fmt.Sprintf("%d arguments", len(params)), fmt.Sprint(len(args)), "call")
	}
	p := d.in.component.plan
	for i, param := range params {
		if bad := p.checkValue(call.Memory, param.ty, args[i]); bad != nil {
			bad = bad.In(param.name)
			call.Refuse(bad.Expected, bad.Got, "%s", bad.Path)
		}
	}
	p.lowerParams(call, params, args)
	call.Call()
	if function.plan.Result != nil {
		if layout := p.layoutOf(function.plan.Result); len(layout.flat) <= 1 {
			result = p.liftFlat(call.Memory, function.plan.Result, &flatReader{call.Stack[:1]})
		} else {
			result = p.load(call.Memory, function.plan.Result, call.Returned(layout.size, layout.align))
		}
	}
	call.Return()
	return result, nil
}

// Functions are the names of all functions that can be called, sorted.
func (d *Dynamic) Functions() []string {
	return slices.Sorted(maps.Keys(d.functions))
}

// Close ends the instance.
func (d *Dynamic) Close(ctx context.Context) error {
	return d.in.Close(ctx)
}

var _ io.Closer = (*Resource)(nil)

// paramsType is a tuple of the parameters of a function.
func paramsType(params []planNamed) *planType {
	types := make([]typeRef, len(params))
	for i, param := range params {
		types[i] = *param.ty
	}
	return &planType{Kind: "tuple", Types: types}
}

func (p *plan) lowerParams(call *Func, params []planNamed, args []any) {
	all := p.makeLayout(paramsType(params))
	if len(all.flat) > maxFlat {
		start := call.Allocate(1, all.size, all.align)
		p.storeParts(call.Memory, paramsType(params).Types, start, args)
		call.Stack[0] = uint64(start)
		return
	}
	flat := make([]uint64, 0, maxFlat)
	for i, param := range params {
		flat = p.lowerFlat(call.Memory, param.ty, args[i], flat)
	}
	copy(call.Stack[:], flat)
}

// dynamicImport is what a component calls for an import without bindings.
func (in *Instance) dynamicImport(item *dynamicItem, function *planFunc) func(call *Import, stack []uint64) {
	p := in.component.plan
	all := p.makeLayout(paramsType(function.Params))
	return func(call *Import, stack []uint64) {
		args := make([]any, len(function.Params))
		used := len(all.flat)
		if used > maxFlat {
			used = 1
			start := call.Area(stack[0], all.size, all.align, "parameter")
			args = p.loadParts(call.Memory, paramsType(function.Params).Types, start)
		} else {
			reader := flatReader{stack}
			for i, param := range function.Params {
				args[i] = p.liftFlat(call.Memory, param.ty, &reader)
			}
		}
		value, err := item.call(call.Context(), args)
		call.Done(err)
		if function.Result == nil {
			return
		}
		if bad := p.checkValue(call.Memory, function.Result, value); bad != nil {
			call.Refuse(bad.Expected, bad.Got, "%s", bad.In("result").Path)
		}
		layout := p.layoutOf(function.Result)
		if len(layout.flat) > 1 {
			start := call.Area(stack[used], layout.size, layout.align, "return")
			p.store(call.Memory, function.Result, start, value)
			return
		}
		copy(stack, p.lowerFlat(call.Memory, function.Result, value, nil))
	}
}
