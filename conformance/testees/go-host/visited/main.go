// Command visited implements the store and its users for a visitor, which is a component.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strconv"

	"testee/bindings"
	"testee/bindings/host"
	"testee/bindings/host/wasi"
	"testee/bindings/wit"
	"testee/bindings/witgen/conformance/store"
)

// live is how many counters there are.
var live int

type counter struct {
	history []uint32
}

func newCounter(start uint32) *counter {
	live++
	return &counter{[]uint32{start}}
}

func (c *counter) value() uint32 { return c.history[len(c.history)-1] }

func (c *counter) Value(context.Context) (uint32, error) { return c.value(), nil }

func (c *counter) Add(_ context.Context, number uint32) (uint32, error) {
	c.history = append(c.history, c.value()+number)
	return c.value(), nil
}

func (c *counter) Checked(ctx context.Context, number uint32) (uint32, error) {
	if number > 100 {
		return 0, wit.Fail(fmt.Sprintf("too large: %d", number))
	}
	return c.Add(ctx, number)
}

func (c *counter) Close2(context.Context) error {
	c.history = append(c.history, 0)
	return nil
}

func (c *counter) List(context.Context) ([]uint32, error) { return c.history, nil }

// Close is called when the component drops its counter.
func (c *counter) Close() error {
	live--
	return nil
}

type gate struct{}

func (gate) Enter(_ context.Context, visitor store.Counter) (*store.Counter, error) {
	if visitor.(*counter).value()%2 == 0 {
		return &visitor, nil
	}
	return nil, visitor.(*counter).Close()
}

type shop struct{}

func (shop) NewCounter(_ context.Context, start uint32) (store.Counter, error) {
	return newCounter(start), nil
}

func (shop) CounterMerge(_ context.Context, left, right store.Counter) (store.Counter, error) {
	sum := newCounter(left.(*counter).value() + right.(*counter).value())
	return sum, right.(*counter).Close()
}

func (shop) CounterParse(_ context.Context, text string) (store.Counter, error) {
	number, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return nil, wit.Fail("not a number: " + text)
	}
	return newCounter(uint32(number)), nil
}

func (shop) NewGate(_ context.Context, key string) (store.Gate, error) {
	if key != "open" {
		return nil, wit.Fail("wrong key: " + key)
	}
	return gate{}, nil
}

func (shop) Make(_ context.Context, start uint32) (store.Counter, error) {
	if start > 1000 {
		return nil, wit.Fail(fmt.Sprintf("too large: %d", start))
	}
	return newCounter(start), nil
}

func (shop) Total(_ context.Context, counters []store.Counter) (uint32, error) {
	var sum uint32
	for _, one := range counters {
		sum += one.(*counter).value()
	}
	return sum, nil
}

func (shop) Swap(_ context.Context, pair store.Pair) (store.Pair, error) {
	return store.Pair{Left: pair.Right, Right: pair.Left, Name: pair.Name}, nil
}

func (shop) Pick(_ context.Context, either store.Either) (store.Handle, error) {
	switch either := either.(type) {
	case store.EitherOne:
		return either.Value, nil
	case store.EitherTwo:
		return either.Value.Left, either.Value.Right.(*counter).Close()
	default:
		return nil, wit.Fail("nothing to pick")
	}
}

func (shop) Several(_ context.Context, count uint32) ([]wit.Tuple2[uint32, store.Counter], error) {
	counters := make([]wit.Tuple2[uint32, store.Counter], count)
	for i := range counters {
		counters[i].F0, counters[i].F1 = uint32(i), newCounter(uint32(i))
	}
	return counters, nil
}

func (shop) Live(context.Context) (uint32, error) { return uint32(live), nil }

type users struct{}

func (users) Look(_ context.Context, one store.Counter) (uint32, error) {
	return one.(*counter).value(), nil
}

func (users) LookAtAll(_ context.Context, counters []store.Counter) ([]string, error) {
	texts := make([]string, len(counters))
	for i, one := range counters {
		texts[i] = fmt.Sprint(one.(*counter).value())
	}
	return texts, nil
}

func (users) Exchange(_ context.Context, one store.Counter) (store.Counter, error) {
	if one.(*counter).value()%2 == 1 {
		return nil, wit.Fail(one)
	}
	return one, nil
}

func (users) Unpack(_ context.Context, pair store.Pair) (left, right store.Counter, err error) {
	return pair.Left, pair.Right, nil
}

func main() {
	ctx := context.Background()
	component, err := host.Open(ctx, os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	imports := bindings.Imports{Store: shop{}, StoreUsers: users{}}
	app, err := bindings.New(ctx, component, imports, wasi.With(wasi.Config{Stderr: os.Stderr}))
	if err != nil {
		log.Fatal(err)
	}
	// Nothing is left of an earlier visit.
	for range 2 {
		said, err := app.Run(ctx, true)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(said)
	}
	fmt.Println(live)
	if err := component.Close(ctx); err != nil {
		log.Fatal(err)
	}
}
