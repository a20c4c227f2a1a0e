// Command visitor uses every function of the store and of its users.
package main

import (
	"errors"
	"fmt"
	"reflect"

	"testees/visitor/bindings"
	"testees/visitor/bindings/wit"
	"testees/visitor/bindings/witgen/conformance/store"
	"testees/visitor/bindings/witgen/conformance/storeusers"
)

type visitor struct {
	// drops says whether the store learns of drops.
	drops bool
	wrong []string
}

func init() {
	bindings.Export(&visitor{})
}

func main() {}

func (v *visitor) Run(drops bool) []string {
	*v = visitor{drops: drops}
	v.methods()
	v.statics()
	v.gates()
	v.aggregates()
	v.users()
	v.misuse()
	v.live("at the end", 0)
	return v.wrong
}

func (v *visitor) equal(what string, got, want any) {
	if !reflect.DeepEqual(got, want) {
		v.wrong = append(v.wrong, fmt.Sprintf("%s: got %#v, want %#v", what, got, want))
	}
}

func (v *visitor) live(when string, want uint32) {
	if v.drops {
		v.equal("live "+when, store.Live(), want)
	}
}

// fails says whether err has this payload.
func (v *visitor) fails(what string, err error, payload string) {
	var failed *wit.Error[string]
	if !errors.As(err, &failed) {
		v.wrong = append(v.wrong, fmt.Sprintf("%s: got the error %v", what, err))
		return
	}
	v.equal(what, failed.Payload, payload)
}

func (v *visitor) methods() {
	counter := store.NewCounter(1)
	defer counter.Close()
	v.live("after one was made", 1)
	v.equal("add", counter.Add(4), uint32(5))
	v.equal("value", counter.Value(), uint32(5))
	checked, err := counter.Checked(100)
	v.equal("checked", []any{checked, err}, []any{uint32(105), nil})
	_, err = counter.Checked(101)
	v.fails("checked above 100", err, "too large: 101")
	counter.Close2()
	v.equal("value after the method close", counter.Value(), uint32(0))
	counter.Add(3)
	v.equal("list", counter.List(), []uint32{1, 5, 105, 0, 3})
}

func (v *visitor) statics() {
	v.live("after a deferred close", 0)
	left, err := store.CounterParse("40")
	v.equal("parse", err, nil)
	defer left.Close()
	_, err = store.CounterParse("four")
	v.fails("parse no number", err, "not a number: four")
	right := store.NewCounter(2)
	merged := store.CounterMerge(left, right)
	v.equal("merge", []uint32{left.Value(), merged.Value()}, []uint32{40, 42})
	v.live("after merging", 2)
	v.equal("close", merged.Close(), nil)
	v.live("after closing", 1)

	made, err := store.Make(1000)
	v.equal("make", err, nil)
	v.equal("made", made.Value(), uint32(1000))
	_, err = store.Make(1001)
	v.fails("make above 1000", err, "too large: 1001")
	made.Close()
}

func (v *visitor) gates() {
	none, err := store.NewGate("shut")
	v.fails("gate with the wrong key", err, "wrong key: shut")
	v.equal("close of no gate", none.Close(), nil)
	gate, err := store.NewGate("open")
	v.equal("gate", err, nil)
	defer gate.Close()
	even := gate.Enter(store.NewCounter(8))
	if even == nil {
		v.wrong = append(v.wrong, "an even visitor did not come back")
		return
	}
	v.equal("even visitor", (*even).Value(), uint32(8))
	(*even).Close()
	v.equal("odd visitor", gate.Enter(store.NewCounter(7)) == nil, true)
	v.live("after the visits", 0)
}

func (v *visitor) aggregates() {
	one, two := store.NewCounter(1), store.NewCounter(2)
	v.equal("total of none", store.Total(nil), uint32(0))
	v.equal("total", store.Total([]*store.Counter{one, two, one}), uint32(4))
	pair := store.Swap(store.Pair{Left: one, Right: two, Name: "pair"})
	v.equal("swap", []any{pair.Left.Value(), pair.Right.Value(), pair.Name}, []any{uint32(2), uint32(1), "pair"})

	picked, err := store.Pick(store.EitherTwo{Value: pair})
	v.equal("pick of two", err, nil)
	v.equal("left of two", picked.Value(), uint32(2))
	v.live("after a pick", 1)
	again, err := store.Pick(store.EitherOne{Value: picked})
	v.equal("pick of one", err, nil)
	v.equal("the one", again.Value(), uint32(2))
	_, err = store.Pick(store.EitherNone{})
	v.fails("pick of none", err, "nothing to pick")
	again.Close()

	v.equal("several of none", len(store.Several(0)), 0)
	several := store.Several(5)
	v.live("after making several", 5)
	for i, made := range several {
		v.equal("several", []uint32{made.F0, made.F1.Value()}, []uint32{uint32(i), uint32(i)})
		made.F1.Close()
	}
	v.live("after closing several", 0)
}

func (v *visitor) users() {
	even, odd := store.NewCounter(4), store.NewCounter(5)
	v.equal("look", storeusers.Look(even), uint32(4))
	v.equal("look at none", len(storeusers.LookAtAll(nil)), 0)
	v.equal("look at all", storeusers.LookAtAll([]*store.Counter{even, odd, even}), []string{"4", "5", "4"})

	even, err := storeusers.Exchange(even)
	v.equal("exchange", err, nil)
	v.equal("exchanged", even.Value(), uint32(4))
	_, err = storeusers.Exchange(odd)
	var failed *wit.Error[*store.Counter]
	if !errors.As(err, &failed) {
		v.wrong = append(v.wrong, fmt.Sprintf("exchange of an odd one: got the error %v", err))
		return
	}
	odd = failed.Payload
	v.equal("came back", odd.Value(), uint32(5))

	left, right := storeusers.Unpack(store.Pair{Left: even, Right: odd, Name: "pair"})
	v.equal("unpack", []uint32{left.Value(), right.Value()}, []uint32{4, 5})
	v.live("after unpacking", 2)
	left.Close()
	right.Close()
}

// misuse uses what was closed or given away, after which everything goes on.
func (v *visitor) misuse() {
	counter := store.NewCounter(6)
	v.equal("close", []any{counter.Close(), counter.Close()}, []any{nil, nil})
	v.panics("use after close", func() { counter.Value() })
	v.panics("borrow after close", func() { store.Total([]*store.Counter{counter}) })
	v.panics("move after close", func() { storeusers.Exchange(counter) })

	given := store.NewCounter(10)
	got, err := storeusers.Exchange(given)
	v.equal("exchange", err, nil)
	v.panics("use after move", func() { given.Add(1) })
	v.equal("close after move", given.Close(), nil)
	v.panics("move twice", func() { store.Swap(store.Pair{Left: got, Right: got}) })
	v.panics("nothing at all", func() { storeusers.Look(nil) })
	v.equal("value after all that", got.Value(), uint32(10))
	got.Close()
}

func (v *visitor) panics(what string, function func()) {
	defer func() {
		if recover() == nil {
			v.wrong = append(v.wrong, what+": no panic")
		}
	}()
	function()
}
