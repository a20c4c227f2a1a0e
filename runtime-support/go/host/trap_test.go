package host

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

// A module with the functions `call`, which calls its import, and `deep`, which calls itself.
var callingModule = coreModuleOf(
	"\x01\x01\x60\x00\x00",
	"\x02\x01\x01m\x01f\x00\x00",
	"\x03\x02\x00\x00",
	"\x07\x02\x04call\x00\x01\x04deep\x00\x02",
	"\x0a\x02\x04\x00\x10\x00\x0b\x04\x00\x10\x02\x0b",
)

const callingPlan = `{
	"version": 1,
	"modules": [{"file": "0.core.wasm", "size": 0, "adapter": false, "features": [], "imports": [["m", "f", "func"]]}],
	"imports": [{"name": "f", "path": []}],
	"init": [
		{"op": "lower", "lowered": 0, "import": 0},
		{"op": "instantiate", "module": 0, "args": [["trampoline", 0]], "instance": 0}
	],
	"trampolines": [{"kind": "lower", "lowered": 0, "type": 0, "options": 0}],
	"options": [{"instance": 0, "encoding": "utf8", "memory": null, "realloc": null, "post-return": null}],
	"exports": [
		{"name": "call", "func": ["export", 0, "call"], "type": 0, "options": 0},
		{"name": "deep", "func": ["export", 0, "deep"], "type": 0, "options": 0}
	],
	"funcs": [{"params": [], "result": null}],
	"types": [], "resource-tables": [], "imported-resources": [], "defined-resource-instances": [],
	"component-instances": 1
}`

// trapped calls a function of a component whose import is f.
func trapped(t *testing.T, function string, f func() error, options ...LoadOption) *Trap {
	t.Helper()
	files := fstest.MapFS{PlanFile: {Data: []byte(callingPlan)}, "0.core.wasm": {Data: callingModule}}
	component, err := Load(t.Context(), files, options...)
	check(t, err)
	defer func() { check(t, component.Close(t.Context())) }()
	imports := map[string]DynamicFunc{"f": func(context.Context, []any) (any, error) { return nil, f() }}
	instance, err := component.InstantiateDynamic(t.Context(), imports)
	check(t, err)
	var trap *Trap
	if _, err := instance.Call(t.Context(), function); !errors.As(err, &trap) {
		t.Fatal(err)
	}
	return trap
}

func TestTrapsOfDeepCallsHaveOneMessage(t *testing.T) {
	for _, options := range [][]LoadOption{nil, {WithInterpreter()}} {
		trap := trapped(t, "deep", func() error { return nil }, options...)
		if trap.Error() != "call stack exhausted" {
			t.Error(trap)
		}
	}
}

func TestTrapsOfImports(t *testing.T) {
	failure := errors.New("disk full")
	for _, test := range []struct {
		run     func() error
		message string
		cause   error
	}{
		{func() error { return failure }, "an imported function failed: disk full", failure},
		{func() error { panic(failure) }, "disk full", failure},
		{func() error { panic("no disk") }, "no disk", nil},
	} {
		trap := trapped(t, "call", test.run)
		if trap.Error() != test.message || !errors.Is(trap, test.cause) && test.cause != nil || trap.Stack == "" {
			t.Errorf("%v, with the stack %q", trap, trap.Stack)
		}
	}
	trap := trapped(t, "call", func() error {
		var nothing *int
		*nothing = 1
		return nil
	})
	if !strings.Contains(trap.Stack, "trap_test.go") {
		t.Error("the stack does not say where the import went wrong:", trap.Stack)
	}
}
