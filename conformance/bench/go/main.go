// Command bench measures calls of components, and what they cannot do without: the same core calls in the same engine,
// and copies of the same bytes. It prints JSON: operations with nanoseconds of CPU.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"bench/bindings/bench"
	"bench/bindings/bench/exports/witgen/bench/calls"
	"bench/bindings/bench/host"
	"bench/bindings/chain"
	chainhost "bench/bindings/chain/host"
)

// functions implement what the component calls.
type functions struct{}

func (functions) Scalar(_ context.Context, left, right uint32) (uint32, error) {
	return left + right, nil
}
func (functions) Text(_ context.Context, value string) (string, error) { return value, nil }
func (functions) Swap(_ context.Context, text string, data []byte) (string, []byte, error) {
	return text, data, nil
}

// operation is something to measure; the floor is what it cannot do without.
type operation struct {
	name  string
	ours  func(count int) error
	floor func(count int) error
}

type row struct {
	Operation string   `json:"operation"`
	Ours      float64  `json:"ours"`
	Floor     *float64 `json:"floor"`
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	rounds, err := strconv.Atoi(os.Args[3])
	if err != nil {
		return err
	}
	component, err := host.Open(ctx, os.Args[1])
	if err != nil {
		return err
	}
	app, err := bench.New(ctx, component, bench.Imports{Host: functions{}})
	if err != nil {
		return err
	}
	joined, err := chainhost.Open(ctx, os.Args[2])
	if err != nil {
		return err
	}
	pair, err := chain.New(ctx, joined)
	if err != nil {
		return err
	}
	core, err := coreCalls(ctx)
	if err != nil {
		return err
	}
	var rows []row
	for _, operation := range operations(ctx, app.Calls, pair, core) {
		measured, err := measure(operation, rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", operation.name, err)
		}
		rows = append(rows, measured)
	}
	return json.NewEncoder(os.Stdout).Encode(rows)
}

// coreCalls calls a core function that adds, so many times.
func coreCalls(ctx context.Context) (func(count int) error, error) {
	const text = "\x00asm\x01\x00\x00\x00\x01\x07\x01\x60\x02\x7f\x7f\x01\x7f\x03\x02\x01\x00" +
		"\x07\x07\x01\x03add\x00\x00\x0a\x09\x01\x07\x00\x20\x00\x20\x01\x6a\x0b"
	features := wazero.NewRuntimeConfig().WithCoreFeatures(api.CoreFeaturesV2)
	module, err := wazero.NewRuntimeWithConfig(ctx, features).Instantiate(ctx, []byte(text))
	if err != nil {
		return nil, err
	}
	add := module.ExportedFunction("add")
	return func(count int) error {
		var stack [2]uint64
		for range count {
			stack[0], stack[1] = 40, 2
			if err := add.CallWithStack(ctx, stack[:]); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

var kept []byte

// copies are the core calls of a function with data, and its copies into a memory and out of it.
func copies(core func(count int) error, size int) func(count int) error {
	// Its allocator, the function itself, and what frees its result.
	const calls = 3
	from, memory := make([]byte, size), make([]byte, size)
	return func(count int) error {
		for range count {
			copy(memory, from)
			kept = make([]byte, size)
			copy(kept, memory)
		}
		return core(calls * count)
	}
}

// moves are copies between memories.
func moves(size, times int) func(count int) error {
	from, to := make([]byte, size), make([]byte, size)
	return func(count int) error {
		for range count * times {
			copy(to, from)
		}
		return nil
	}
}

// times repeats a call that takes long enough for one more call to make no difference.
func times(call func() error) func(count int) error {
	return func(count int) error {
		for range count {
			if err := call(); err != nil {
				return err
			}
		}
		return nil
	}
}

func operations(ctx context.Context, app *calls.Exports, pair *chain.Instance, core func(int) error) []operation {
	const thousand, mebibyte = 1000, 1 << 20
	text := func(length int) operation {
		value := strings.Repeat("x", length)
		return operation{floor: copies(core, length), ours: times(func() error {
			_, err := app.EchoString(ctx, value)
			return err
		})}
	}
	named := func(name string, operation operation) operation {
		operation.name = name
		return operation
	}
	bytes, numbers := make([]byte, mebibyte), make([]uint32, 100*thousand)
	rows, points := make([]calls.Row, thousand), make([]calls.Point, thousand)
	for i := range rows {
		rows[i] = calls.Row{Id: uint32(i), Name: fmt.Sprint("row ", i), Score: float64(i)}
		points[i] = calls.Point{X: float64(i), Y: 1}
	}
	return []operation{
		{"nop", func(count int) error {
			for range count {
				if err := app.Nop(ctx); err != nil {
					return err
				}
			}
			return nil
		}, core},
		{"add", func(count int) error {
			for range count {
				if _, err := app.Add(ctx, 40, 2); err != nil {
					return err
				}
			}
			return nil
		}, core},
		named("string 10 B", text(10)),
		named("string 1 kB", text(1000)),
		named("string 100 kB", text(100*thousand)),
		{"bytes 1 MiB", times(func() error { _, err := app.EchoBytes(ctx, bytes); return err }), copies(core, mebibyte)},
		{"100,000 numbers", times(func() error { _, err := app.EchoNumbers(ctx, numbers); return err }), copies(core, 400*thousand)},
		{"1000 plain records", times(func() error { _, err := app.EchoPoints(ctx, points); return err }), copies(core, 16*thousand)},
		{"1000 records", times(func() error { _, err := app.EchoRows(ctx, rows); return err }), nil},
		{"variant", times(func() error { _, err := app.EchoShape(ctx, calls.ShapeCircle{Value: 1}); return err }), nil},
		{"result, an error", times(func() error { _, _ = app.Divide(ctx, 1, 0); return nil }), nil},
		{"import, scalar", times(func() error { _, err := app.CallScalar(ctx, 40, 2); return err }), nil},
		{"guest to guest, add", func(count int) error { return pair.Rounds.Add(ctx, uint32(count)) }, nil},
		{"guest to guest, string 1 kB", func(count int) error {
			return pair.Rounds.Text(ctx, uint32(count), strings.Repeat("x", 1000))
		}, nil},
		{"guest to guest, bytes 1 MiB", func(count int) error { return pair.Rounds.Bytes(ctx, uint32(count), bytes) }, moves(mebibyte, 1)},
	}
}

// measure takes the median of rounds, in which ours and the floor take turns.
func measure(operation operation, rounds int) (row, error) {
	const long = 20 * time.Millisecond
	work := []func(count int) error{operation.ours}
	if operation.floor != nil {
		work = append(work, operation.floor)
	}
	counts, found := make([]int, len(work)), make([][]float64, len(work))
	for i, call := range work {
		for counts[i] = 1; ; counts[i] *= 2 {
			took, err := timed(call, counts[i])
			if err != nil {
				return row{}, err
			}
			if took > long {
				break
			}
		}
	}
	for range rounds {
		for i, call := range work {
			took, err := timed(call, counts[i])
			if err != nil {
				return row{}, err
			}
			found[i] = append(found[i], float64(took)/float64(counts[i]))
		}
	}
	made := row{Operation: operation.name, Ours: median(found[0])}
	if operation.floor != nil {
		floor := median(found[1])
		made.Floor = &floor
	}
	return made, nil
}

// timed is the CPU time of the process, the collector's included.
func timed(call func(count int) error, count int) (time.Duration, error) {
	before := used()
	err := call(count)
	return used() - before, err
}

func used() time.Duration {
	var usage syscall.Rusage
	// It never fails for the process itself.
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func median(times []float64) float64 {
	slices.Sort(times)
	return times[len(times)/2]
}
