package host

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Option adds to what a component is given, such as the interfaces of WASI.
type Option func(*Linker)

// Linker has what a component is given for its imports, and what is wanted of its exports.
// It is for generated code, and for implementations of whole packages such as WASI.
type Linker struct {
	world   string
	imports map[string]*linkedItem
	exports []wantedExport
	// What is asked for the imports that nobody gave.
	providers []func(wanted []Wanted)
	limits    Limits
	// What opens something for the life of the instance.
	holds []func() (io.Closer, error)
	// What is wrong with what it was given.
	problems []string
	// What each import of the plan is given, in its order.
	found []*linkedItem
}

type linkedItem struct {
	name, signature string
	call            func(call *Import, stack []uint64)
	kind            *Kind
	dynamic         *dynamicItem
}

type wantedExport struct {
	name     string
	function *Func
	kind     *Kind
	// What the kind is bound with.
	exports any
}

// Wanted is an import of a component.
type Wanted struct {
	// Name is like that of a function that a linker is given.
	Name string
	// Resource says that it is no function.
	Resource bool
}

// Provide adds an implementation of whole packages, which learns of the imports that nothing was given for and gives
// the linker what it has.
func (l *Linker) Provide(provider func(wanted []Wanted)) {
	l.providers = append(l.providers, provider)
}

// NewLinker starts with nothing; the world is for messages.
func NewLinker(world string, options ...Option) *Linker {
	linker := &Linker{world: world, imports: map[string]*linkedItem{}}
	for _, option := range options {
		option(linker)
	}
	return linker
}

// Func gives a function; its name is `a:b/c@1.0.0#f`, or `f` for one of the world itself.
// The signature is compared with that of the component, unless it is empty.
func (l *Linker) Func(name, signature string, call func(call *Import, stack []uint64)) {
	l.imports[name] = &linkedItem{name: name, signature: signature, call: call}
}

// Values gives a function that takes and returns values without bindings, as those of [Dynamic] are.
func (l *Linker) Values(name string, call DynamicFunc) {
	l.imports[name] = &linkedItem{name: name, dynamic: &dynamicItem{name, call}}
}

// Hold opens something that the instance needs for as long as it lives, once nothing else is wrong.
func (l *Linker) Hold(open func() (io.Closer, error)) {
	l.holds = append(l.holds, open)
}

// Limit bounds what the instance uses.
func (l *Linker) Limit(limits Limits) {
	l.limits = limits
}

// Refuse keeps the component from being instantiated, with a [LinkError] that has the problem.
func (l *Linker) Refuse(format string, args ...any) {
	l.problems = append(l.problems, fmt.Sprintf(format, args...))
}

// Resource gives a resource, whose name is like that of a function.
func (l *Linker) Resource(name string, kind *Kind) {
	l.imports[name] = &linkedItem{name: name, kind: kind}
}

// Export wants a function, which can be called once the component is instantiated.
func (l *Linker) Export(name, signature string) *Func {
	function := &Func{name: name, signature: signature}
	l.exports = append(l.exports, wantedExport{name: name, function: function})
	return function
}

// ExportResource wants a resource; what it is bound with is found by [ExportsOf].
func (l *Linker) ExportResource(name string, kind *Kind, exports any) {
	l.exports = append(l.exports, wantedExport{name: name, kind: kind, exports: exports})
}

// String is the name of an import as linkers have it.
func (i planImport) String() string {
	if len(i.Path) == 0 {
		return i.Name
	}
	return i.Name + "#" + strings.Join(i.Path, "#")
}

// resolve finds what each import of a plan is given and each wanted export, or says all that is wrong.
func (l *Linker) resolve(p *plan) ([]*planExport, error) {
	var problems []string
	if lacking := l.find(p); len(lacking) > 0 && len(l.providers) > 0 {
		for _, provide := range l.providers {
			provide(lacking)
		}
		l.find(p)
	}
	problems = append(problems, l.problems...)
	lacking := map[string]bool{}
	for index, wanted := range p.Imports {
		if l.found[index] == nil && !lacking[wanted.Name] {
			lacking[wanted.Name] = true
			problems = append(problems, fmt.Sprintf("the import `%s` is missing", wanted.Name))
		}
	}
	problems = append(problems, l.compareImports(p)...)
	exports := make([]*planExport, len(l.exports))
	for index, wanted := range l.exports {
		item := findExport(p.Exports, wanted.name)
		exports[index] = item
		switch {
		case item == nil || (wanted.function == nil) != (item.Func == nil):
			problems = append(problems, fmt.Sprintf("it does not export `%s`", wanted.name))
		case item.Func != nil:
			problems = append(problems, mismatch(p, wanted.name, wanted.function.signature, item.Type)...)
		}
	}
	if len(problems) > 0 {
		return nil, l.refused(problems...)
	}
	return exports, nil
}

func (l *Linker) refused(problems ...string) error {
	return &LinkError{fmt.Sprintf("the component cannot be used as `%s`", l.world), problems}
}

// find finds what each import is given, and returns those that nothing is given for.
func (l *Linker) find(p *plan) []Wanted {
	tracks := map[string]*linkedItem{}
	for _, name := range slices.Sorted(maps.Keys(l.imports)) {
		tracks[track(name)] = l.imports[name]
	}
	l.found = make([]*linkedItem, len(p.Imports))
	var lacking []Wanted
	for index, wanted := range p.Imports {
		name := wanted.String()
		item := l.imports[name]
		if item == nil {
			item = tracks[track(name)]
		}
		l.found[index] = item
		if item == nil {
			lacking = append(lacking, Wanted{name, slices.Contains(p.ImportedResources, index)})
		}
	}
	return lacking
}

func (l *Linker) compareImports(p *plan) []string {
	var problems []string
	resources := map[int]bool{}
	for _, index := range p.ImportedResources {
		resources[index] = true
	}
	for index, item := range l.found {
		if item != nil && resources[index] != (item.call == nil && (item.dynamic == nil || item.kind != nil)) {
			problems = append(problems, fmt.Sprintf("the import `%s` is of another kind", item.name))
		}
	}
	types := map[int]int{}
	for _, trampoline := range p.Trampolines {
		if trampoline.Kind == "lower" {
			types[trampoline.Lowered] = trampoline.Type
		}
	}
	for _, step := range p.Init {
		if step.Op != "lower" || l.found[step.Import] == nil {
			continue
		}
		item := l.found[step.Import]
		if ty, known := types[step.Lowered]; known && item.signature != "" {
			problems = append(problems, mismatch(p, item.name, item.signature, ty)...)
		}
	}
	return problems
}

func mismatch(p *plan, name, expected string, ty int) []string {
	if actual := p.signature(&p.Funcs[ty]); expected != "" && actual != expected {
		return []string{fmt.Sprintf("`%s` is `%s`, and `%s` in these bindings", name, actual, expected)}
	}
	return nil
}

// open opens what an instance holds; the instance is to be closed if that fails.
func (l *Linker) open(in *Instance) error {
	for _, open := range l.holds {
		closer, err := open()
		if err != nil {
			return l.refused(err.Error())
		}
		in.holds = append(in.holds, closer)
	}
	return nil
}

// bind joins an instance with what was resolved.
func (l *Linker) bind(in *Instance) error {
	if l.limits.Deadline > 0 && !in.component.plan.Interruptible {
		l.Refuse("a deadline needs a component that was linked with `witgen link --interruptible`")
	}
	if l.limits.Fuel != 0 && in.component.plan.Meter == nil {
		l.Refuse("fuel needs a component that was linked with `witgen link --metered`")
	}
	exports, err := l.resolve(in.component.plan)
	if err != nil {
		return err
	}
	for number, index := range in.component.plan.ImportedResources {
		in.kinds[l.found[index].kind] = number
	}
	for index, wanted := range l.exports {
		if wanted.kind != nil && exports[index].Resource != nil {
			in.kinds[wanted.kind] = *exports[index].Resource
			in.bound[wanted.kind] = wanted.exports
		}
	}
	in.exports = exports
	return nil
}

// bindFunctions finds the exported functions in a whole instance.
func (l *Linker) bindFunctions(in *Instance) error {
	for index, wanted := range l.exports {
		if wanted.function != nil {
			if err := wanted.function.bind(in, in.exports[index]); err != nil {
				return err
			}
		}
	}
	return nil
}

// findExport finds an export by a name like that of an import; versions only have to be compatible.
func findExport(items []planExport, name string) *planExport {
	outer, inner, nested := strings.Cut(name, "#")
	var found *planExport
	for index := range items {
		item := &items[index]
		if item.Name == outer {
			found = item
			break
		}
		if track(item.Name) == track(outer) {
			found = item
		}
	}
	if found == nil || !nested {
		return found
	}
	return findExport(found.Instance, inner)
}

// track is a name with the versions that are compatible with its own: `a:b/c@1` of `a:b/c@1.2.3`.
func track(name string) string {
	start, rest, found := strings.Cut(name, "@")
	if !found {
		return name
	}
	version, rest, nested := strings.Cut(rest, "#")
	if nested {
		rest = "#" + rest
	}
	parts := strings.Split(version, ".")
	if len(parts) != 3 || strings.ContainsAny(version, "-+") {
		return name
	}
	kept := 1
	for kept < len(parts) && parts[kept-1] == "0" {
		kept++
	}
	return start + "@" + strings.Join(parts[:kept], ".") + rest
}
