// Command soak calls a component many times, from several goroutines with an instance each, and watches the memory of
// the whole program, which has that of the component in it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"testee/bindings"
	"testee/bindings/exports/witgen/testees/sessions"
	"testee/bindings/host"
	"testee/bindings/host/wasi"
	"testee/bindings/witgen/testees/source"
)

const (
	// How many bytes a text has.
	textSize = 100_000
	// Sessions of an instance that live at the same time.
	mostSessions = 16
	mebibyte     = 1 << 20
)

func main() {
	calls := flag.Int("calls", 140_000, "how often a text goes in and out of each instance")
	instances := flag.Int("instances", 1, "how many there are side by side")
	flag.Parse()
	if err := run(context.Background(), flag.Arg(0), *calls, *instances); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, path string, calls, instances int) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	component, err := host.Open(ctx, path, host.WithCacheDir(filepath.Join(cache, "witgen", "wazero")))
	if err != nil {
		return err
	}
	began := time.Now()
	var quarter atomic.Uint64
	var group sync.WaitGroup
	failed := make([]error, instances)
	for number := range instances {
		group.Go(func() {
			failed[number] = soak(ctx, component, number, calls, func(round int) {
				if number == 0 && round == calls/4 {
					quarter.Store(used())
				}
			})
		})
	}
	group.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	end := used()
	fmt.Printf("%d instances, %d calls each, %.1f s, memory %.1f MiB after a quarter, %.1f at the end\n",
		instances, calls, time.Since(began).Seconds(), inMebibytes(quarter.Load()), inMebibytes(end))
	// Memories that grow get a quarter more than they ask for, and those of instances do so at different times.
	most := quarter.Load() + max(quarter.Load()/4, 2*mebibyte)*uint64(instances)
	if end > most {
		return errors.New("the memory grows")
	}
	return component.Close(ctx)
}

// used is what the program has, without what the collector would find.
func used() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func inMebibytes(bytes uint64) float64 { return float64(bytes) / mebibyte }

// instance is one that works, and what is open in it.
type instance struct {
	*bindings.Instance
	random *rand.Rand
	texts  [2]string
	open   []*sessions.Session
}

// soak calls one instance; the numbers of a run are the same each time.
func soak(ctx context.Context, component *host.Component, number, calls int, each func(round int)) error {
	app, err := bindings.New(ctx, component, bindings.Imports{Source: rows{}}, wasi.With(wasi.Config{Stderr: os.Stderr}))
	if err != nil {
		return err
	}
	work := &instance{
		Instance: app, random: rand.New(rand.NewPCG(1, uint64(number))),
		texts: [2]string{strings.Repeat("x", textSize-8), strings.Repeat("Größe 寸法 🦀 ", textSize/24)},
	}
	for round := range calls {
		if err := work.echo(ctx, round); err != nil {
			return fmt.Errorf("call %d: %w", round, err)
		}
		if round%10 == 9 {
			if err := work.mix(ctx, round); err != nil {
				return fmt.Errorf("after %d calls: %w", round, err)
			}
		}
		each(round)
	}
	for _, session := range work.open {
		if err := session.Close(); err != nil {
			return err
		}
	}
	left, err := app.Sessions.Live(ctx)
	if err != nil {
		return err
	}
	if left != 0 {
		return fmt.Errorf("%d sessions are left", left)
	}
	if number == 0 {
		// Its memory is to be seen at the end.
		return nil
	}
	return app.Close(ctx)
}

// echo sends a text that differs from the one before it.
func (i *instance) echo(ctx context.Context, round int) error {
	text := fmt.Sprintf("%08d", round) + i.texts[round%4/3]
	echoed, err := i.Echo(ctx, text)
	if err == nil && echoed != text {
		err = errors.New("another text came back")
	}
	return err
}

// mix does something else.
func (i *instance) mix(ctx context.Context, round int) error {
	switch i.random.IntN(4) {
	case 0:
		return i.draw(ctx, i.random.Uint32N(64_000))
	case 1:
		given := i.some()
		echoed, err := i.EchoRows(ctx, given)
		if err == nil && !slices.EqualFunc(given, echoed, sameRows) {
			err = errors.New("other rows came back")
		}
		return err
	case 2:
		return i.session(ctx, round)
	default:
		if i.random.IntN(10) == 0 {
			return i.Pause(ctx, 200)
		}
		return i.draw(ctx, 0)
	}
}

func sameRows(left, right bindings.SourceRow) bool {
	return left.Id == right.Id && left.Name == right.Name && slices.Equal(left.Values, right.Values)
}

// some is a number of rows.
func (i *instance) some() []bindings.SourceRow {
	made, _ := rows{}.Rows(context.Background(), 1+i.random.Uint32N(100))
	given := make([]bindings.SourceRow, len(made))
	for at, row := range made {
		given[at] = bindings.SourceRow(row)
	}
	return given
}

// draw lets the component call imports with large results.
func (i *instance) draw(ctx context.Context, size uint32) error {
	sum, err := i.Draw(ctx, size)
	if err != nil {
		return err
	}
	expected := uint64(size)
	for at := range size {
		expected += uint64(byte(at))
	}
	for id := range size / 100 {
		expected += uint64(id) + 3
	}
	if sum != expected {
		return fmt.Errorf("it drew %d of %d, not %d", sum, size, expected)
	}
	return nil
}

// session feeds one, or opens it first; old ones are closed, some by the collector.
func (i *instance) session(ctx context.Context, round int) error {
	if len(i.open) < mostSessions {
		opened, err := i.Sessions.NewSession(ctx, fmt.Sprint("session ", round))
		if err != nil {
			return err
		}
		i.open = append(i.open, opened)
	}
	at := i.random.IntN(len(i.open))
	given := make([]sessions.Row, 3)
	for index := range given {
		given[index] = sessions.Row{Id: uint32(index), Name: "row", Values: []float64{1, 2}}
	}
	if _, err := i.open[at].Feed(ctx, given); err != nil {
		return err
	}
	_, kept, err := i.open[at].State(ctx)
	if err != nil {
		return err
	}
	if len(kept) == 0 {
		return errors.New("the session has kept nothing")
	}
	if i.random.IntN(2) == 0 {
		err = i.open[at].Close()
		i.open = slices.Delete(i.open, at, at+1)
	}
	return err
}

// rows are what components draw from.
type rows struct{}

// Text is text of so many bytes.
func (rows) Text(_ context.Context, size uint32) (string, error) {
	return strings.Repeat("a", int(size)), nil
}

// Bytes are so many bytes.
func (rows) Bytes(_ context.Context, size uint32) ([]byte, error) {
	bytes := make([]byte, size)
	for at := range bytes {
		bytes[at] = byte(at)
	}
	return bytes, nil
}

// Rows are so many rows with three values each.
func (rows) Rows(_ context.Context, count uint32) ([]source.Row, error) {
	made := make([]source.Row, count)
	for id := range made {
		start := float64(id)
		made[id] = source.Row{Id: uint32(id), Name: fmt.Sprintf("Zeile %d ✓", id), Values: []float64{start, -start, 0.5}}
	}
	return made, nil
}
