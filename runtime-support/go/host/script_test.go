package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// scriptVariable lists scripts that witgen's conformance tests make of the files in conformance/link.
const scriptVariable = "WITGEN_LINK_SCRIPTS"

// scriptFuel is enough for each call of a script, and too little for all of them together.
const scriptFuel = 1_000_000

type scriptCase struct {
	Plan  string       `json:"plan"`
	Calls []scriptCall `json:"calls"`
}

type scriptCall struct {
	Line     int               `json:"line"`
	Name     string            `json:"name"`
	Args     []json.RawMessage `json:"args"`
	Expected json.RawMessage   `json:"expected"`
	Trap     *string           `json:"trap"`
}

// scriptValue is a value of a script: one of its fields is there.
type scriptValue struct {
	Plain  json.RawMessage      `json:"plain"`
	Bigint string               `json:"bigint"`
	Float  string               `json:"float"`
	List   []json.RawMessage    `json:"list"`
	Map    [][2]json.RawMessage `json:"map"`
	Record [][2]json.RawMessage `json:"record"`
	Tag    string               `json:"tag"`
	Val    json.RawMessage      `json:"val"`
	Option json.RawMessage      `json:"option"`
	Flags  []string             `json:"flags"`
}

// native is a value of a script as this package takes and gives it.
func native(p *plan, ref *typeRef, text json.RawMessage) any {
	if ref == nil || len(text) == 0 || string(text) == "null" {
		return nil
	}
	var value scriptValue
	must(json.Unmarshal(text, &value))
	if ref.plain != "" {
		return nativePlain(ref.plain, value)
	}
	ty := &p.Types[ref.index]
	switch ty.Kind {
	case "list":
		if ty.Element.plain == "u8" {
			bytes := []byte{}
			for _, element := range value.List {
				bytes = append(bytes, native(p, ty.Element, element).(uint8))
			}
			return bytes
		}
		list := []any{}
		for _, element := range value.List {
			list = append(list, native(p, ty.Element, element))
		}
		return list
	case "map":
		entries := []Entry{}
		for _, entry := range value.Map {
			entries = append(entries, Entry{native(p, ty.Key, entry[0]), native(p, ty.Value, entry[1])})
		}
		return entries
	case "tuple":
		parts := make([]any, len(ty.Types))
		for i := range parts {
			parts[i] = native(p, &ty.Types[i], value.List[i])
		}
		return parts
	case "record":
		fields := map[string]any{}
		for i, field := range ty.Fields {
			fields[field.name] = native(p, field.ty, value.Record[i][1])
		}
		return fields
	case "flags":
		names := []string{}
		return append(names, value.Flags...)
	case "enum":
		var name string
		must(json.Unmarshal(value.Plain, &name))
		return name
	case "option":
		if string(value.Option) == "null" {
			return nil
		}
		return Some{native(p, ty.Some, value.Option)}
	default:
		for _, item := range ty.variants() {
			if item.name == value.Tag {
				return Case{value.Tag, native(p, item.ty, value.Val)}
			}
		}
		panic("no case " + value.Tag)
	}
}

func nativePlain(name string, value scriptValue) any {
	switch name {
	case "string", "char":
		var text string
		must(json.Unmarshal(value.Plain, &text))
		if name == "char" {
			return []rune(text)[0]
		}
		return text
	case "bool":
		var truth bool
		must(json.Unmarshal(value.Plain, &truth))
		return truth
	case "f32":
		number, _ := strconv.ParseFloat(value.Float, 32)
		return float32(number)
	case "f64":
		number, _ := strconv.ParseFloat(value.Float, 64)
		return number
	case "u64":
		number, _ := strconv.ParseUint(value.Bigint, 10, 64)
		return number
	case "s64":
		number, _ := strconv.ParseInt(value.Bigint, 10, 64)
		return number
	}
	var number int64
	must(json.Unmarshal(value.Plain, &number))
	return plainOf(name, uint64(number))
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// TestScript runs components that were written by hand, and compares what comes of calls.
func TestScript(t *testing.T) {
	paths := filepath.SplitList(os.Getenv(scriptVariable))
	if len(paths) == 0 {
		t.Skip("witgen's conformance tests give scripts in " + scriptVariable)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		must(err)
		var cases []scriptCase
		must(json.Unmarshal(text, &cases))
		dir := filepath.Dir(path)
		for number, item := range cases {
			t.Run(fmt.Sprint(filepath.Base(dir), number), func(t *testing.T) {
				runCase(t, filepath.Join(dir, filepath.Dir(item.Plan)), item.Calls)
			})
		}
	}
}

func runCase(t *testing.T, dir string, calls []scriptCall) {
	ctx := context.Background()
	component, err := Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := component.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	// The stack is so large here that it has an end only after more work.
	endless := slices.ContainsFunc(calls, func(call scriptCall) bool {
		return call.Trap != nil && strings.Contains(*call.Trap, "stack")
	})
	limited := func(linker *Linker) {
		if component.plan.Meter != nil && !endless {
			linker.Limit(Limits{Fuel: scriptFuel})
		}
	}
	fresh := func() *Dynamic {
		instance, err := component.InstantiateDynamic(ctx, nil, limited)
		if err != nil {
			t.Fatal(err)
		}
		return instance
	}
	instance := fresh()
	for _, call := range calls {
		function := instance.functions[call.Name].plan
		args := make([]any, len(call.Args))
		for i, arg := range call.Args {
			args[i] = native(component.plan, function.Params[i].ty, arg)
		}
		got, err := instance.Call(ctx, call.Name, args...)
		var trapped *Trap
		switch {
		case call.Trap != nil:
			if !errors.As(err, &trapped) || !strings.Contains(trapped.Message, *call.Trap) {
				t.Errorf("line %d: %s: got %v, %v, wanted a trap with %q", call.Line, call.Name, got, err, *call.Trap)
			}
			if got, err := instance.Call(ctx, call.Name, args...); !errors.As(err, &trapped) {
				t.Errorf("line %d: an instance answers after a trap: %v, %v", call.Line, got, err)
			}
			instance = fresh()
		case err != nil:
			t.Errorf("line %d: %s: %v", call.Line, call.Name, err)
		default:
			wanted := fmt.Sprintf("%#v", native(component.plan, function.Result, call.Expected))
			if got := fmt.Sprintf("%#v", got); got != wanted {
				t.Errorf("line %d: %s: got %s, wanted %s", call.Line, call.Name, got, wanted)
			}
		}
	}
}
