// Command visiting uses the resources of a store that is a component, rightly and wrongly.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"reflect"
	"runtime"
	"strings"

	"testee/bindings"
	"testee/bindings/exports/witgen/conformance/store"
	"testee/bindings/host"
	"testee/bindings/host/wasi"
	"testee/bindings/wit"
)

var ctx = context.Background()

func main() {
	component, err := host.Open(ctx, os.Args[1])
	check(err)
	app, other := instance(component), instance(component)
	rightly(app)
	wrongly(app, other)
	forgotten(app)
	check(component.Close(ctx))
	fmt.Println("done")
}

func instance(component *host.Component) *store.Exports {
	options := wasi.With(wasi.Config{Stderr: os.Stderr})
	// The world uses a type of an interface, of whose functions the component needs none.
	app, err := bindings.New(ctx, component, bindings.Imports{}, options)
	check(err)
	return app.Store
}

func rightly(app *store.Exports) {
	counter := must(app.NewCounter(ctx, 3))
	same("value", must(counter.Value(ctx)), 3)
	same("add", must(counter.Add(ctx, 4)), 7)
	same("checked", must(counter.Checked(ctx, 1)), 8)
	fails(counter.Checked(ctx, 101))("too large: 101")
	same("list", must(counter.List(ctx)), []uint32{3, 7, 8})
	same("parse", must(must(app.CounterParse(ctx, "12")).Value(ctx)), 12)
	fails(app.CounterParse(ctx, "x"))("not a number: x")
	merged := must(app.CounterMerge(ctx, counter, must(app.NewCounter(ctx, 2))))
	same("merge", must(merged.Value(ctx)), 10)
	gate := must(app.NewGate(ctx, "open"))
	fails(app.NewGate(ctx, "shut"))("wrong key: shut")
	same("enter", must((*must(gate.Enter(ctx, must(app.NewCounter(ctx, 2))))).Value(ctx)), 2)
	same("enter", must(gate.Enter(ctx, must(app.NewCounter(ctx, 1)))), nil)
	left, right := must(app.NewCounter(ctx, 1)), must(app.NewCounter(ctx, 2))
	pair := must(app.Swap(ctx, store.Pair{Left: left, Right: right, Name: "both"}))
	same("swap", must(pair.Left.Value(ctx)), 2)
	same("swap", pair.Name, "both")
	same("total", must(app.Total(ctx, []*store.Counter{counter, pair.Left, pair.Right})), 11)
	same("pick", must(must(app.Pick(ctx, store.EitherOne{Value: must(app.Make(ctx, 5))})).Value(ctx)), 5)
	fails(app.Pick(ctx, store.EitherNone{}))("nothing to pick")
	for index, entry := range must(app.Several(ctx, 3)) {
		same("several", entry.F0, index)
		same("several", must(entry.F1.Value(ctx)), index)
	}
}

func wrongly(app, other *store.Exports) {
	counter, moved := must(app.NewCounter(ctx, 8)), must(app.NewCounter(ctx, 1))
	must(app.Pick(ctx, store.EitherOne{Value: moved}))
	refused(moved.Value(ctx))("handed on before")
	refused(app.Swap(ctx, store.Pair{Left: counter, Right: counter}))("given twice")
	refused(other.Total(ctx, []*store.Counter{counter}))("same instance")
	refused(app.Total(ctx, []*store.Counter{counter, nil}))("counters[1]")
	refused(app.Swap(ctx, store.Pair{Left: counter, Right: must(app.NewCounter(ctx, 1)), Name: "\xff"}))("pair.name")
	refused(app.Pick(ctx, nil))("one of the cases")
	same("after all that", must(counter.Value(ctx)), 8)
	check(counter.Close())
	check(counter.Close())
	refused(counter.Value(ctx))("not closed")
	refused((&store.Counter{}).Value(ctx))("no component gave")
	refused((*store.Counter)(nil).Value(ctx))("no component gave")
	check((*store.Counter)(nil).Close())
}

// forgotten makes counters that nobody keeps: they must not stay in the component.
func forgotten(app *store.Exports) {
	runtime.GC()
	for range 1000 {
		must(app.NewCounter(ctx, 1))
	}
	for range 100 {
		runtime.GC()
		if must(app.Live(ctx)) < 100 {
			return
		}
	}
	fmt.Println("forgotten: counters stay:", must(app.Live(ctx)))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func same(what string, got, wanted any) {
	if wanted == nil && reflect.ValueOf(got).IsNil() {
		return
	}
	if fmt.Sprint(got) != fmt.Sprint(wanted) {
		fmt.Printf("%s: got %v, wanted %v\n", what, got, wanted)
	}
}

// fails expects the failure of a function as WIT has it.
func fails(_ any, err error) func(text string) {
	return func(text string) {
		var failed *wit.Error[string]
		if !errors.As(err, &failed) || failed.Payload != text {
			fmt.Printf("got %v, wanted the failure %q\n", err, text)
		}
	}
}

// refused expects an argument to be refused.
func refused(_ any, err error) func(words string) {
	return func(words string) {
		var wrong *host.ArgumentError
		if !errors.As(err, &wrong) || !strings.Contains(wrong.Error(), words) {
			fmt.Printf("got %v, wanted an ArgumentError with %q\n", err, words)
		}
	}
}
