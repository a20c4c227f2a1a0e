package host

import (
	"encoding/json"
	"fmt"
	"io/fs"
)

// checker finds numbers of a plan that lead nowhere.
type checker struct {
	*plan
	// Core instances, memories, allocators and functions after results that there are so far.
	instances, memories, reallocs, postReturns int
	// Trampolines of imports that there are so far.
	lowered map[int]bool
}

func (p *plan) check() error {
	if p.ComponentInstances < 0 || p.ComponentInstances > maxItems {
		return fmt.Errorf("it has %d component instances", p.ComponentInstances)
	}
	c := &checker{plan: p, lowered: map[int]bool{}}
	for _, check := range []func() error{
		c.modules, c.types, c.resources, c.makeLayouts, c.trampolines, c.steps, c.options,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	if p.Meter != nil {
		if err := within("core instance", *p.Meter, c.instances); err != nil {
			return err
		}
	}
	return c.exports(p.Exports, 0)
}

// within says that an index leads nowhere.
func within(what string, index, count int) error {
	if index < 0 || index >= count {
		return fmt.Errorf("there is no %s %d", what, index)
	}
	return nil
}

func (c *checker) modules() error {
	for _, module := range c.Modules {
		if !fs.ValidPath(module.File) {
			return fmt.Errorf("%q is no file beside the plan", module.File)
		}
	}
	return nil
}

func (c *checker) types() error {
	state := make([]int8, len(c.Types))
	for index := range c.Types {
		if err := c.typeTree(index, state, 0); err != nil {
			return err
		}
	}
	for _, function := range c.Funcs {
		for _, param := range function.Params {
			if param.ty == nil {
				return fmt.Errorf("the parameter %q has no type", param.name)
			}
			if err := c.ref(param.ty); err != nil {
				return err
			}
		}
		if err := c.ref(function.Result); err != nil {
			return err
		}
	}
	return nil
}

// typeTree follows a type to the plain ones, which it must come to.
func (c *checker) typeTree(index int, state []int8, depth int) error {
	const open, done = 1, 2
	switch {
	case state[index] == open || depth > maxDepth:
		return fmt.Errorf("the type %d has no end", index)
	case state[index] == done:
		return nil
	}
	state[index] = open
	refs, err := c.Types[index].parts()
	if err != nil {
		return err
	}
	for _, ref := range refs {
		if err := c.ref(ref); err != nil {
			return err
		}
		if ref != nil && ref.plain == "" {
			if err := c.typeTree(ref.index, state, depth+1); err != nil {
				return err
			}
		}
	}
	state[index] = done
	if kind := c.Types[index].Kind; kind == "own" || kind == "borrow" {
		return c.table(c.Types[index].Table)
	}
	return nil
}

// parts are the types that a type is made of; those that it may lack are nil.
func (t *planType) parts() ([]*typeRef, error) {
	required := func(refs ...*typeRef) ([]*typeRef, error) {
		for _, ref := range refs {
			if ref == nil {
				return nil, fmt.Errorf("a type of kind %s is not whole", t.Kind)
			}
		}
		return refs, nil
	}
	switch t.Kind {
	case "record":
		refs := make([]*typeRef, len(t.Fields))
		for i := range t.Fields {
			refs[i] = t.Fields[i].ty
		}
		return required(refs...)
	case "variant":
		refs := make([]*typeRef, len(t.Cases))
		for i := range t.Cases {
			refs[i] = t.Cases[i].ty
		}
		if len(refs) == 0 {
			return nil, fmt.Errorf("a variant has no cases")
		}
		return refs, nil
	case "list":
		return required(t.Element)
	case "map":
		return required(t.Key, t.Value)
	case "tuple":
		refs := make([]*typeRef, len(t.Types))
		for i := range t.Types {
			refs[i] = &t.Types[i]
		}
		return refs, nil
	case "option":
		return required(t.Some)
	case "result":
		return []*typeRef{t.Ok, t.Err}, nil
	case "flags":
		if len(t.Names) > 32 {
			return nil, fmt.Errorf("%d flags are too many", len(t.Names))
		}
		return nil, nil
	case "enum":
		if len(t.Names) == 0 {
			return nil, fmt.Errorf("an enum has no cases")
		}
		return nil, nil
	case "own", "borrow":
		return nil, nil
	default:
		return nil, fmt.Errorf("the plan has a type that this host does not know: %s", t.Kind)
	}
}

func (c *checker) ref(ref *typeRef) error {
	switch {
	case ref == nil:
		return nil
	case ref.plain == "":
		return within("type", ref.index, len(c.Types))
	case plainTypes[ref.plain] == nil:
		return fmt.Errorf("the plan has a type that this host does not know: %s", ref.plain)
	}
	return nil
}

func (c *checker) table(index int) error {
	if err := within("resource table", index, len(c.ResourceTables)); err != nil {
		return err
	}
	if c.ResourceTables[index] == nil {
		return fmt.Errorf("the resource table %d is empty", index)
	}
	return nil
}

func (c *checker) resources() error {
	for _, index := range c.ImportedResources {
		if err := within("import", index, len(c.Imports)); err != nil {
			return err
		}
	}
	for _, instance := range c.DefinedResourceInstances {
		if err := within("component instance", instance, c.ComponentInstances); err != nil {
			return err
		}
	}
	count := len(c.ImportedResources) + len(c.DefinedResourceInstances)
	for _, table := range c.ResourceTables {
		if table == nil {
			continue
		}
		if err := within("resource", table.Resource, count); err != nil {
			return err
		}
		if err := within("component instance", table.Instance, c.ComponentInstances); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) trampolines() error {
	for index := range c.Trampolines {
		if err := c.trampoline(&c.Trampolines[index]); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) trampoline(t *planTrampoline) error {
	switch t.Kind {
	case "lower":
		if err := within("signature", t.Type, len(c.Funcs)); err != nil {
			return err
		}
		return within("set of options", t.Options, len(c.Options))
	case "transcode":
		if transcoders[t.Transcode] == nil {
			return fmt.Errorf("the plan has a transcoder that this host does not know: %s", t.Transcode)
		}
		if err := json.Unmarshal(t.From, &t.fromMemory); err != nil {
			return err
		}
		return json.Unmarshal(t.To, &t.toMemory)
	case "memory-copy":
		if err := json.Unmarshal(t.From, &t.fromDef); err != nil {
			return err
		}
		return json.Unmarshal(t.To, &t.toDef)
	case "resource-new", "resource-rep", "resource-drop":
		if err := within("component instance", t.Instance, c.ComponentInstances); err != nil {
			return err
		}
		return c.table(t.Table)
	case "transfer-own", "transfer-borrow", "enter-sync-call", "exit-sync-call", "trap":
		return nil
	default:
		return fmt.Errorf("the plan has a trampoline that this host does not know: %s", t.Kind)
	}
}

func (c *checker) steps() error {
	for i := range c.Init {
		if err := c.step(&c.Init[i]); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
	}
	return nil
}

func (c *checker) step(step *planStep) error {
	switch step.Op {
	case "instantiate":
		return c.instantiate(step)
	case "lower":
		c.lowered[step.Lowered] = true
		return within("import", step.Import, len(c.Imports))
	case "memory":
		return c.kept(step, &c.memories)
	case "realloc":
		return c.kept(step, &c.reallocs)
	case "post-return":
		return c.kept(step, &c.postReturns)
	case "resource":
		if err := within("defined resource", step.Index, len(c.DefinedResourceInstances)); err != nil {
			return err
		}
		if step.Dtor == nil {
			return nil
		}
		return c.definition(*step.Dtor)
	default:
		return fmt.Errorf("the plan has a step that this host does not know: %s", step.Op)
	}
}

func (c *checker) instantiate(step *planStep) error {
	if err := within("module", step.Module, len(c.Modules)); err != nil {
		return err
	}
	if imports := len(c.Modules[step.Module].Imports); len(step.Args) != imports {
		return fmt.Errorf("a module has %d imports and %d arguments", imports, len(step.Args))
	}
	for _, argument := range step.Args {
		if err := c.definition(argument); err != nil {
			return err
		}
	}
	c.instances++
	return nil
}

// kept checks a step that keeps something under a number: they count up.
func (c *checker) kept(step *planStep, count *int) error {
	if step.Index != *count {
		return fmt.Errorf("the number %d comes after %d others", step.Index, *count)
	}
	*count++
	if step.Op == "memory" {
		return c.memory(step.Def)
	}
	return c.function(step.Def)
}

func (c *checker) memory(def definition) error {
	if def.kind != "export" {
		return fmt.Errorf("no instance exports the memory")
	}
	return c.definition(def)
}

// function checks what is called from here: a core function, or a trampoline.
func (c *checker) function(def definition) error {
	if def.kind != "export" && def.kind != "trampoline" {
		return fmt.Errorf("no instance exports the function")
	}
	return c.definition(def)
}

func (c *checker) definition(def definition) error {
	switch def.kind {
	case "export":
		return within("core instance", def.index, c.instances)
	case "flags":
		return within("component instance", def.index, c.ComponentInstances)
	case "intrinsic":
		if intrinsics[def.name] == nil {
			return fmt.Errorf("the plan has an intrinsic that this host does not know: %s", def.name)
		}
		return nil
	case "trampoline":
		if err := within("trampoline", def.index, len(c.Trampolines)); err != nil {
			return err
		}
		return c.used(&c.Trampolines[def.index])
	default:
		return fmt.Errorf("a definition is missing")
	}
}

// used checks that what a trampoline needs is there by the time that a module gets it.
func (c *checker) used(t *planTrampoline) error {
	switch t.Kind {
	case "lower":
		if !c.lowered[t.Lowered] {
			return fmt.Errorf("the import of the trampoline %d is not known yet", t.Lowered)
		}
	case "transcode":
		if err := within("memory", t.fromMemory, c.memories); err != nil {
			return err
		}
		return within("memory", t.toMemory, c.memories)
	case "memory-copy":
		for _, def := range []definition{t.fromDef, t.toDef} {
			if err := c.memory(def); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *checker) options() error {
	for _, options := range c.Options {
		if err := within("component instance", options.Instance, c.ComponentInstances); err != nil {
			return err
		}
		for _, part := range []struct {
			what  string
			index *int
			count int
		}{
			{"memory", options.Memory, c.memories},
			{"realloc", options.Realloc, c.reallocs},
			{"post-return", options.PostReturn, c.postReturns},
		} {
			if part.index == nil {
				continue
			}
			if err := within(part.what, *part.index, part.count); err != nil {
				return err
			}
		}
		if _, known := encodings[options.Encoding]; !known {
			return fmt.Errorf("the plan has an encoding that this host does not know: %s", options.Encoding)
		}
	}
	return nil
}

func (c *checker) exports(items []planExport, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("exports are nested too deeply")
	}
	resources := len(c.ImportedResources) + len(c.DefinedResourceInstances)
	for _, item := range items {
		var err error
		switch {
		case item.Func != nil:
			err = c.exportedFunction(item)
		case item.Resource != nil:
			err = within("resource", *item.Resource, resources)
		default:
			err = c.exports(item.Instance, depth+1)
		}
		if err != nil {
			return fmt.Errorf("export %q: %w", item.Name, err)
		}
	}
	return nil
}

func (c *checker) exportedFunction(item planExport) error {
	if err := c.function(*item.Func); err != nil {
		return err
	}
	if err := within("signature", item.Type, len(c.Funcs)); err != nil {
		return err
	}
	return within("set of options", item.Options, len(c.Options))
}
