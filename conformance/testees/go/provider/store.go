package main

import (
	"fmt"
	"strconv"

	"testees/provider/bindings/exports/witgen/conformance/store"
	"testees/provider/bindings/wit"
)

// live is how many counters there are.
var live uint32

// counter is its values, the first and the one after each change.
type counter struct {
	values []uint32
}

func newCounter(start uint32) *counter {
	live++
	return &counter{values: []uint32{start}}
}

func (c *counter) Value() uint32 {
	return c.values[len(c.values)-1]
}

func (c *counter) Add(number uint32) uint32 {
	c.values = append(c.values, c.Value()+number)
	return c.Value()
}

func (c *counter) Checked(number uint32) (uint32, error) {
	if number > 100 {
		return 0, wit.Fail(fmt.Sprintf("too large: %d", number))
	}
	return c.Add(number), nil
}

// Close2 is the method that WIT calls close.
func (c *counter) Close2() {
	c.values = append(c.values, 0)
}

func (c *counter) List() []uint32 {
	return c.values
}

// Close ends the counter.
func (c *counter) Close() {
	live--
}

// end closes a counter that nobody gets back.
func end(c store.Counter) {
	c.(*counter).Close()
}

type gate struct{}

func (gate) Enter(visitor store.Counter) *store.Counter {
	if visitor.Value()%2 != 0 {
		end(visitor)
		return nil
	}
	return &visitor
}

type storeImpl struct{}

func (storeImpl) NewCounter(start uint32) store.Counter {
	return newCounter(start)
}

func (storeImpl) CounterMerge(left, right store.Counter) store.Counter {
	defer end(right)
	return newCounter(left.Value() + right.Value())
}

func (storeImpl) CounterParse(text string) (store.Counter, error) {
	start, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return nil, wit.Fail("not a number: " + text)
	}
	return newCounter(uint32(start)), nil
}

func (storeImpl) NewGate(key string) (store.Gate, error) {
	if key != "open" {
		return nil, wit.Fail("wrong key: " + key)
	}
	return gate{}, nil
}

func (storeImpl) Make(start uint32) (store.Counter, error) {
	if start > 1000 {
		return nil, wit.Fail(fmt.Sprintf("too large: %d", start))
	}
	return newCounter(start), nil
}

func (storeImpl) Total(counters []store.Counter) uint32 {
	total := uint32(0)
	for _, c := range counters {
		total += c.Value()
	}
	return total
}

func (storeImpl) Swap(pair store.Pair) store.Pair {
	return store.Pair{Left: pair.Right, Right: pair.Left, Name: pair.Name}
}

func (storeImpl) Pick(either store.Either) (store.Handle, error) {
	switch either := either.(type) {
	case store.EitherOne:
		return either.Value, nil
	case store.EitherTwo:
		end(either.Value.Right)
		return either.Value.Left, nil
	default:
		return nil, wit.Fail("nothing to pick")
	}
}

func (storeImpl) Several(count uint32) []wit.Tuple2[uint32, store.Counter] {
	made := make([]wit.Tuple2[uint32, store.Counter], count)
	for i := range made {
		made[i].F0 = uint32(i)
		made[i].F1 = newCounter(uint32(i))
	}
	return made
}

func (storeImpl) Live() uint32 {
	return live
}
