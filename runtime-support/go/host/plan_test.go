package host

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// coreModule makes a module of sections, each of which has an id and a body.
func coreModuleOf(sections ...string) []byte {
	wasm := []byte("\x00asm\x01\x00\x00\x00")
	for _, section := range sections {
		wasm = append(wasm, section[0])
		wasm = binary.AppendUvarint(wasm, uint64(len(section)-1))
		wasm = append(wasm, section[1:]...)
	}
	return wasm
}

// A module with the functions `add` of two numbers, `spin`, which does not end, and `fail`.
var smallModule = coreModuleOf(
	"\x01\x03\x60\x02\x7f\x7f\x01\x7f\x60\x00\x00\x60\x00\x01\x7f",
	"\x02\x01\x07runtime\x0ballow-turns\x00\x02",
	"\x03\x03\x00\x01\x01",
	"\x07\x03\x03add\x00\x01\x04spin\x00\x02\x04fail\x00\x03",
	"\x0a\x03"+
		"\x07\x00\x20\x00\x20\x01\x6a\x0b"+
		"\x0a\x00\x03\x40\x10\x00\x1a\x0c\x00\x0b\x0b"+
		"\x03\x00\x00\x0b",
)

const smallPlan = `{
	"version": 1,
	"modules": [{"file": "0.core.wasm", "size": 0, "adapter": false, "features": [], "imports": [["runtime", "allow-turns", "func"]]}],
	"imports": [],
	"init": [{"op": "instantiate", "module": 0, "args": [["intrinsic", "allow-turns"]], "instance": 0}],
	"trampolines": [],
	"options": [{"instance": 0, "encoding": "utf8", "memory": null, "realloc": null, "post-return": null}],
	"exports": [
		{"name": "add", "func": ["export", 0, "add"], "type": 0, "options": 0},
		{"name": "spin", "func": ["export", 0, "spin"], "type": 1, "options": 0},
		{"name": "fail", "func": ["export", 0, "fail"], "type": 1, "options": 0}
	],
	"funcs": [
		{"params": [["left", "u32"], ["right", "u32"]], "result": "u32"},
		{"params": [], "result": null}
	],
	"types": [], "resource-tables": [], "imported-resources": [], "defined-resource-instances": [],
	"component-instances": 1, "interruptible": true
}`

func load(t testing.TB, plan string, options ...LoadOption) *Component {
	t.Helper()
	wasm := append([]byte(nil), smallModule...)
	// The vectors of functions, exports and code start with their counts.
	files := fstest.MapFS{PlanFile: {Data: []byte(plan)}, "0.core.wasm": {Data: wasm}}
	component, err := Load(t.Context(), files, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := component.Close(context.Background()); err != nil && !errors.Is(err, ErrBusy) {
			t.Error(err)
		}
	})
	return component
}

func instantiate(t testing.TB, component *Component) *Dynamic {
	t.Helper()
	instance, err := component.InstantiateDynamic(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return instance
}

func TestCallsAndTraps(t *testing.T) {
	instance := instantiate(t, load(t, smallPlan))
	if got, err := instance.Call(t.Context(), "add", uint32(40), uint32(2)); got != uint32(42) {
		t.Fatal(got, err)
	}
	var refused *ArgumentError
	if _, err := instance.Call(t.Context(), "add", uint32(1), "two"); !errors.As(err, &refused) || refused.Path != "right" {
		t.Fatal(err)
	}
	if got, err := instance.Call(t.Context(), "add", uint32(1), uint32(2)); got != uint32(3) {
		t.Fatal("a refused argument changed the instance", got, err)
	}
	var trapped *Trap
	_, err := instance.Call(t.Context(), "fail")
	if !errors.As(err, &trapped) || !strings.Contains(trapped.Message, "unreachable") || trapped.Stack == "" {
		t.Fatal(err)
	}
	if _, err := instance.Call(t.Context(), "add", uint32(1), uint32(2)); !errors.As(err, &trapped) {
		t.Fatal("an instance answers after a trap", err)
	}
}

func TestContextStopsACall(t *testing.T) {
	instance := instantiate(t, load(t, smallPlan))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := instance.Call(ended, "add", uint32(1), uint32(2)); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if got, err := instance.Call(t.Context(), "add", uint32(1), uint32(2)); got != uint32(3) {
		t.Fatal("a call that did not begin changed the instance", got, err)
	}
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	var trapped *Trap
	if _, err := instance.Call(short, "spin"); !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &trapped) {
		t.Fatal(err)
	}
}

func TestOneCallAtATime(t *testing.T) {
	component := load(t, smallPlan)
	instance := instantiate(t, component)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := instance.Call(ctx, "spin")
		done <- err
	}()
	for instance.in.status.Load() != busy {
		time.Sleep(time.Millisecond)
	}
	if _, err := instance.Call(t.Context(), "add", uint32(1), uint32(2)); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
	if err := component.Close(t.Context()); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestCloseInEveryOrder(t *testing.T) {
	component := load(t, smallPlan)
	first, second := instantiate(t, component), instantiate(t, component)
	for range 2 {
		if err := first.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if got, err := second.Call(t.Context(), "add", uint32(1), uint32(2)); got != uint32(3) {
		t.Error(got, err)
	}
	if _, err := first.Call(t.Context(), "add", uint32(1), uint32(2)); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if err := component.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := second.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := component.InstantiateDynamic(t.Context(), nil); !errors.Is(err, ErrClosed) {
		t.Error("a closed component was instantiated", err)
	}
}

// holds counts what is open.
type holds int

func (h *holds) Close() error {
	*h--
	return nil
}

func TestWhatIsHeldLivesAsLongAsTheInstance(t *testing.T) {
	component, open := load(t, smallPlan), new(holds)
	hold := func(linker *Linker) {
		linker.Hold(func() (io.Closer, error) {
			*open++
			return open, nil
		})
	}
	instance, err := component.InstantiateDynamic(t.Context(), nil, hold)
	check(t, err)
	if *open != 1 {
		t.Error("it is not open")
	}
	for range 2 {
		check(t, instance.Close(t.Context()))
	}
	refuse := func(linker *Linker) {
		linker.Hold(func() (io.Closer, error) { return nil, errors.New("there is no more") })
	}
	var wrong *LinkError
	_, err = component.InstantiateDynamic(t.Context(), nil, hold, refuse)
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "there is no more") {
		t.Error(err)
	}
	missing := func(linker *Linker) {
		linker.Refuse("it is wrong")
		linker.Hold(func() (io.Closer, error) {
			t.Error("it is opened in vain")
			return nil, io.EOF
		})
	}
	if _, err := component.InstantiateDynamic(t.Context(), nil, missing); !errors.As(err, &wrong) {
		t.Error(err)
	}
	check(t, component.Close(t.Context()))
	if _, err := component.InstantiateDynamic(t.Context(), nil, hold); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if *open != 0 {
		t.Error(*open, "are open")
	}
}

func TestCloseOfNoResource(t *testing.T) {
	if err := (*Resource)(nil).Close(); err != nil {
		t.Error(err)
	}
}

func TestInstancesSideBySide(t *testing.T) {
	component := load(t, smallPlan)
	done := make(chan error)
	for worker := range 8 {
		instance := instantiate(t, component)
		go func() {
			for i := range uint32(1000) {
				if got, err := instance.Call(context.Background(), "add", i, uint32(worker)); got != i+uint32(worker) {
					done <- errors.Join(err, errors.New("another sum"))
					return
				}
			}
			done <- nil
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestPlansAreChecked(t *testing.T) {
	for _, test := range []struct{ name, old, new, expected string }{
		{"newer version", `"version": 1`, `"version": 2`, "this host reads version 1"},
		{"no version", `"version": 1,`, ``, "no version"},
		{"unknown step", `"op": "instantiate"`, `"op": "dance"`, "does not know: dance"},
		{"module", `"module": 0`, `"module": 7`, "no module 7"},
		{"negative module", `"module": 0`, `"module": -1`, "no module -1"},
		{"signature", `"type": 0`, `"type": 9`, "no signature 9"},
		{"core instance", `["export", 0, "add"]`, `["export", 3, "add"]`, "no core instance 3"},
		{"definition", `["export", 0, "add"]`, `["import", 3, "add"]`, "does not know: import"},
		{"type", `"result": "u32"`, `"result": "u33"`, "does not know: u33"},
		{"endless type", `"types": []`, `"types": [{"kind": "list", "element": 0}]`, "has no end"},
		{"encoding", `"utf8"`, `"ebcdic"`, "does not know: ebcdic"},
		{"file", `0.core.wasm`, `../0.core.wasm`, "no file beside the plan"},
		{"no JSON", `{`, `[`, "no plan"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := readPlan(strings.NewReader(strings.Replace(smallPlan, test.old, test.new, 1)))
			if err == nil || !strings.Contains(err.Error(), test.expected) {
				t.Errorf("got %v, wanted %q", err, test.expected)
			}
		})
	}
}

func TestLargeTypesAreRefused(t *testing.T) {
	types := `{"kind": "list", "element": "u8"}`
	for index := range 60 {
		part := instanceName(index)
		types += `, {"kind": "tuple", "types": [` + part + `, ` + part + `]}`
	}
	_, err := readPlan(strings.NewReader(strings.Replace(smallPlan, `"types": []`, `"types": [`+types+`]`, 1)))
	if err == nil || !strings.Contains(err.Error(), "too large") {
		t.Error(err)
	}
}

func TestVersionsThatAreCompatible(t *testing.T) {
	for name, expected := range map[string]string{
		"a:b/c@1.2.3#f":     "a:b/c@1#f",
		"a:b/c@0.2.12#f#g":  "a:b/c@0.2#f#g",
		"a:b/c@0.0.1":       "a:b/c@0.0.1",
		"a:b/c@1.0.0-rc.1":  "a:b/c@1.0.0-rc.1",
		"a:b/c#[method]d.e": "a:b/c#[method]d.e",
	} {
		if got := track(name); got != expected {
			t.Errorf("%s: got %s, wanted %s", name, got, expected)
		}
	}
}

func FuzzPlan(f *testing.F) {
	f.Add(smallPlan)
	f.Add(strings.Replace(smallPlan, `"types": []`, `"types": [{"kind": "option", "some": "string"}]`, 1))
	f.Fuzz(func(t *testing.T, text string) {
		read, err := readPlan(strings.NewReader(text))
		if err != nil {
			return
		}
		// What was read can be used: nothing here may panic.
		for index := range read.Funcs {
			_ = read.signature(&read.Funcs[index])
		}
		linker := NewLinker("fuzz")
		if _, err := linker.resolve(read); err == nil && len(read.Imports) > 0 {
			t.Error("imports are satisfied that nobody gave")
		}
		files := fstest.MapFS{PlanFile: {Data: []byte(text)}, "0.core.wasm": {Data: smallModule}}
		component, err := Load(t.Context(), files, WithInterpreter())
		if err != nil {
			return
		}
		if instance, err := component.InstantiateDynamic(t.Context(), nil); err == nil {
			_ = instance.Close(t.Context())
		}
		if err := component.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
