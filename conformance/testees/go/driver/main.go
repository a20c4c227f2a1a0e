// Command driver moves counters between numbered slots, step by step.
package main

import (
	"errors"

	"testees/driver/bindings"
	"testees/driver/bindings/exports/witgen/testees/steps"
	"testees/driver/bindings/wit"
	"testees/driver/bindings/witgen/conformance/store"
	"testees/driver/bindings/witgen/conformance/storeusers"
)

type driver map[uint32]*store.Counter

func init() {
	steps.Export(driver{})
}

func main() {}

func (d driver) put(slot uint32, counter *store.Counter) {
	if before, ok := d[slot]; ok {
		before.Close()
	}
	d[slot] = counter
}

// keep puts the counter into the slot unless there is an error.
func (d driver) keep(slot uint32, counter *store.Counter, err error) error {
	if err == nil {
		d.put(slot, counter)
	}
	return err
}

func (d driver) take(slot uint32) *store.Counter {
	counter := d[slot]
	delete(d, slot)
	return counter
}

func (d driver) takePair(left, right uint32, name string) store.Pair {
	return store.Pair{Left: d.take(left), Right: d.take(right), Name: name}
}

func (d driver) all(slots []uint32) []*store.Counter {
	counters := make([]*store.Counter, len(slots))
	for i, slot := range slots {
		counters[i] = d[slot]
	}
	return counters
}

func (d driver) Create(slot, start uint32) {
	d.put(slot, store.NewCounter(start))
}

func (d driver) Add(slot, number uint32) uint32 {
	return d[slot].Add(number)
}

func (d driver) Value(slot uint32) uint32 {
	return d[slot].Value()
}

func (d driver) Checked(slot, number uint32) (uint32, error) {
	return d[slot].Checked(number)
}

func (d driver) Close(slot uint32) {
	d[slot].Close2()
}

func (d driver) History(slot uint32) []uint32 {
	return d[slot].List()
}

func (d driver) Merge(left, right, to uint32) {
	d.put(to, store.CounterMerge(d[left], d.take(right)))
}

func (d driver) Parse(text string, to uint32) error {
	counter, err := store.CounterParse(text)
	return d.keep(to, counter, err)
}

func (d driver) Enter(key string, slot uint32) (bool, error) {
	gate, err := store.NewGate(key)
	if err != nil {
		return false, err
	}
	defer gate.Close()
	back := gate.Enter(d.take(slot))
	if back != nil {
		d.put(slot, *back)
	}
	return back != nil, nil
}

func (d driver) Make(start, to uint32) error {
	counter, err := store.Make(start)
	return d.keep(to, counter, err)
}

func (d driver) Total(slots []uint32) uint32 {
	return store.Total(d.all(slots))
}

func (d driver) Swap(left, right uint32, name string) string {
	pair := store.Swap(d.takePair(left, right, name))
	d.put(left, pair.Left)
	d.put(right, pair.Right)
	return pair.Name
}

func (d driver) PickOne(slot uint32) error {
	counter, err := store.Pick(store.EitherOne{Value: d.take(slot)})
	return d.keep(slot, counter, err)
}

func (d driver) PickTwo(left, right uint32) error {
	counter, err := store.Pick(store.EitherTwo{Value: d.takePair(left, right, "")})
	return d.keep(left, counter, err)
}

func (d driver) PickNone() error {
	counter, err := store.Pick(store.EitherNone{})
	if err == nil {
		counter.Close()
	}
	return err
}

func (d driver) Several(count, first uint32) []uint32 {
	var numbers []uint32
	for i, made := range store.Several(count) {
		d.put(first+uint32(i), made.F1)
		numbers = append(numbers, made.F0)
	}
	return numbers
}

func (d driver) Look(slot uint32) uint32 {
	return storeusers.Look(d[slot])
}

func (d driver) LookAtAll(slots []uint32) []string {
	return storeusers.LookAtAll(d.all(slots))
}

func (d driver) Exchange(slot uint32) bool {
	counter, err := storeusers.Exchange(d.take(slot))
	var odd *wit.Error[*store.Counter]
	if errors.As(err, &odd) {
		counter = odd.Payload
	}
	d.put(slot, counter)
	return odd == nil
}

func (d driver) Unpack(left, right uint32) {
	first, second := storeusers.Unpack(d.takePair(left, right, ""))
	d.put(left, first)
	d.put(right, second)
}

func (d driver) Release(slot uint32) {
	d.take(slot).Close()
}

func (driver) Live() uint32 {
	return store.Live()
}

func (driver) Crash(message string) {
	bindings.Fail(message)
}
