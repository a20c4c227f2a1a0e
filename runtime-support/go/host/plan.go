package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// planVersion is the newest version of plans that this package reads.
const planVersion = 1

// What a plan may have; each is far above what real components need.
const (
	maxPlanBytes = 64 << 20
	maxItems     = 1 << 20
	maxDepth     = 200
)

// plan is what witgen link says of a component; docs/link-plan.md of witgen explains it.
type plan struct {
	Version                  int              `json:"version"`
	Modules                  []planModule     `json:"modules"`
	Imports                  []planImport     `json:"imports"`
	Init                     []planStep       `json:"init"`
	Trampolines              []planTrampoline `json:"trampolines"`
	Options                  []planOptions    `json:"options"`
	Exports                  []planExport     `json:"exports"`
	Funcs                    []planFunc       `json:"funcs"`
	Types                    []planType       `json:"types"`
	ResourceTables           []*planTable     `json:"resource-tables"`
	ImportedResources        []int            `json:"imported-resources"`
	DefinedResourceInstances []int            `json:"defined-resource-instances"`
	ComponentInstances       int              `json:"component-instances"`
	Interruptible            bool             `json:"interruptible"`
	Meter                    *int             `json:"meter"`

	// By type.
	layouts  []*layout
	tooLarge bool
}

type planModule struct {
	File    string      `json:"file"`
	Imports [][3]string `json:"imports"`
}

type planImport struct {
	Name string   `json:"name"`
	Path []string `json:"path"`
}

type planStep struct {
	Op      string       `json:"op"`
	Module  int          `json:"module"`
	Args    []definition `json:"args"`
	Lowered int          `json:"lowered"`
	Import  int          `json:"import"`
	Index   int          `json:"index"`
	Def     definition   `json:"def"`
	Dtor    *definition  `json:"dtor"`
}

type planTrampoline struct {
	Kind      string            `json:"kind"`
	Lowered   int               `json:"lowered"`
	Type      int               `json:"type"`
	Options   int               `json:"options"`
	Transcode string            `json:"transcode"`
	Instance  int               `json:"instance"`
	Table     int               `json:"table"`
	Messages  map[string]string `json:"messages"`
	// Numbers of memories for transcoders, definitions for copies.
	From json.RawMessage `json:"from"`
	To   json.RawMessage `json:"to"`

	fromMemory, toMemory int
	fromDef, toDef       definition
}

type planOptions struct {
	Instance   int    `json:"instance"`
	Encoding   string `json:"encoding"`
	Memory     *int   `json:"memory"`
	Realloc    *int   `json:"realloc"`
	PostReturn *int   `json:"post-return"`
}

type planExport struct {
	Name     string       `json:"name"`
	Func     *definition  `json:"func"`
	Type     int          `json:"type"`
	Options  int          `json:"options"`
	Instance []planExport `json:"instance"`
	Resource *int         `json:"resource"`
}

type planFunc struct {
	Params []planNamed `json:"params"`
	Result *typeRef    `json:"result"`
}

type planTable struct {
	Resource int `json:"resource"`
	Instance int `json:"instance"`
}

type planType struct {
	Kind    string      `json:"kind"`
	Fields  []planNamed `json:"fields"`
	Cases   []planNamed `json:"cases"`
	Names   []string    `json:"names"`
	Types   []typeRef   `json:"types"`
	Element *typeRef    `json:"element"`
	Key     *typeRef    `json:"key"`
	Value   *typeRef    `json:"value"`
	Some    *typeRef    `json:"some"`
	Ok      *typeRef    `json:"ok"`
	Err     *typeRef    `json:"err"`
	Table   int         `json:"table"`
}

// planNamed is a name and a type, which cases may lack.
type planNamed struct {
	name string
	ty   *typeRef
}

func (n *planNamed) UnmarshalJSON(text []byte) error {
	return tuple(text, &n.name, &n.ty)
}

// typeRef is a plain type by its name, or another one by its number.
type typeRef struct {
	plain string
	index int
}

func (t *typeRef) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		return json.Unmarshal(text, &t.plain)
	}
	return json.Unmarshal(text, &t.index)
}

// definition is where an item comes from.
type definition struct {
	kind string
	// Of a core instance, a trampoline or a component instance.
	index int
	// Of an export or an intrinsic.
	name string
}

func (d *definition) UnmarshalJSON(text []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil || len(parts) == 0 {
		return fmt.Errorf("a definition is no list: %s", text)
	}
	if err := json.Unmarshal(parts[0], &d.kind); err != nil {
		return err
	}
	switch d.kind {
	case "export":
		return tuple(text, &d.kind, &d.index, &d.name)
	case "trampoline", "flags":
		return tuple(text, &d.kind, &d.index)
	case "intrinsic":
		return tuple(text, &d.kind, &d.name)
	default:
		return fmt.Errorf("the plan has a definition that this host does not know: %s", d.kind)
	}
}

// tuple reads a list of a fixed length.
func tuple(text []byte, parts ...any) error {
	var raw []json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	if len(raw) != len(parts) {
		return fmt.Errorf("a list has %d items instead of %d: %s", len(raw), len(parts), text)
	}
	for i, part := range parts {
		if err := json.Unmarshal(raw[i], part); err != nil {
			return err
		}
	}
	return nil
}

// readPlan reads and checks a plan: afterwards every number in it leads to something.
func readPlan(reader io.Reader) (*plan, error) {
	text, err := io.ReadAll(io.LimitReader(reader, maxPlanBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxPlanBytes {
		return nil, fmt.Errorf("the plan is larger than %d MiB", maxPlanBytes>>20)
	}
	var version struct {
		Version *int `json:"version"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return nil, fmt.Errorf("the plan is no plan: %w", err)
	}
	switch {
	case version.Version == nil:
		return nil, errors.New("the plan has no version")
	case *version.Version != planVersion:
		return nil, fmt.Errorf(
			"the plan has version %d, and this host reads version %d: use the same version of witgen for both",
			*version.Version, planVersion,
		)
	}
	read := new(plan)
	if err := json.Unmarshal(text, read); err != nil {
		return nil, fmt.Errorf("the plan is no plan: %w", err)
	}
	if err := read.check(); err != nil {
		return nil, fmt.Errorf("the plan is damaged: %w", err)
	}
	return read, nil
}
