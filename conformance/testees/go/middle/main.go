// Command middle passes the resources of an import on.
package main

import (
	"strconv"

	"testees/middle/bindings/exports/witgen/conformance/storeusers"
	"testees/middle/bindings/wit"
	"testees/middle/bindings/witgen/conformance/store"
)

type users struct{}

func init() {
	storeusers.Export(users{})
}

func main() {}

func (users) Look(counter *store.Counter) uint32 {
	return counter.Value()
}

func (users) LookAtAll(counters []*store.Counter) []string {
	texts := make([]string, len(counters))
	for i, counter := range counters {
		texts[i] = strconv.FormatUint(uint64(counter.Value()), 10)
	}
	return texts
}

func (users) Exchange(counter *store.Counter) (*store.Counter, error) {
	if counter.Value()%2 != 0 {
		return nil, wit.Fail(counter)
	}
	return counter, nil
}

func (users) Unpack(pair store.Pair) (left, right *store.Counter) {
	return pair.Left, pair.Right
}
