package main

import (
	exported "testees/relay/bindings/exports/witgen/conformance/store"
	"testees/relay/bindings/wit"
	imported "testees/relay/bindings/witgen/conformance/store"
)

// counter has all methods of the imported one, and its Close, which gives the imported one back.
type counter struct {
	*imported.Counter
}

// inner is the imported counter of an exported one.
func inner(c exported.Counter) *imported.Counter {
	return c.(counter).Counter
}

func pair(p exported.Pair) imported.Pair {
	return imported.Pair{Left: inner(p.Left), Right: inner(p.Right), Name: p.Name}
}

func either(e exported.Either) imported.Either {
	switch e := e.(type) {
	case exported.EitherOne:
		return imported.EitherOne{Value: inner(e.Value)}
	case exported.EitherTwo:
		return imported.EitherTwo{Value: pair(e.Value)}
	default:
		return imported.EitherNone{}
	}
}

type gate struct {
	imported *imported.Gate
}

func (g gate) Enter(visitor exported.Counter) *exported.Counter {
	back := g.imported.Enter(inner(visitor))
	if back == nil {
		return nil
	}
	var wrapped exported.Counter = counter{*back}
	return &wrapped
}

func (g gate) Close() error {
	return g.imported.Close()
}

type stores struct{}

func (stores) NewCounter(start uint32) exported.Counter {
	return counter{imported.NewCounter(start)}
}

func (stores) CounterMerge(left, right exported.Counter) exported.Counter {
	return counter{imported.CounterMerge(inner(left), inner(right))}
}

// Errors of the imported store have the payloads of the exported one, so they are returned as they are.

func (stores) CounterParse(text string) (exported.Counter, error) {
	parsed, err := imported.CounterParse(text)
	return counter{parsed}, err
}

func (stores) NewGate(key string) (exported.Gate, error) {
	made, err := imported.NewGate(key)
	return gate{made}, err
}

func (stores) Make(start uint32) (exported.Counter, error) {
	made, err := imported.Make(start)
	return counter{made}, err
}

func (stores) Total(counters []exported.Counter) uint32 {
	return imported.Total(each(inner, counters))
}

func (stores) Swap(p exported.Pair) exported.Pair {
	swapped := imported.Swap(pair(p))
	return exported.Pair{Left: counter{swapped.Left}, Right: counter{swapped.Right}, Name: swapped.Name}
}

func (stores) Pick(e exported.Either) (exported.Handle, error) {
	picked, err := imported.Pick(either(e))
	return counter{picked}, err
}

func (stores) Several(count uint32) []wit.Tuple2[uint32, exported.Counter] {
	return each(func(made wit.Tuple2[uint32, *imported.Counter]) wit.Tuple2[uint32, exported.Counter] {
		return wit.Tuple2[uint32, exported.Counter]{F0: made.F0, F1: counter{made.F1}}
	}, imported.Several(count))
}

func (stores) Live() uint32 {
	return imported.Live()
}
