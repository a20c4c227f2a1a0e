// Command traffic calls random functions of components with random values, from many goroutines at once: rightly, with
// arguments that WIT does not allow, on instances that are busy, and with contexts that end meanwhile.
// Instances are closed and made anew all the time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	duration := flag.Duration("time", 10*time.Second, "for how long")
	instances := flag.Int("instances", 8, "how many there are side by side, which take turns among the components")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "what the numbers are made of")
	flag.Parse()
	if err := run(context.Background(), flag.Args(), *instances, *duration, *seed); err != nil {
		log.Fatalf("with seed %d: %v", *seed, err)
	}
}

// run takes components as the name of their world and the path of what was linked: `soak=PATH`.
func run(ctx context.Context, given []string, instances int, duration time.Duration, seed uint64) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	cache = filepath.Join(cache, "witgen", "wazero")
	goroutines := runtime.NumGoroutine()
	targets := make([]*target, len(given))
	for number, text := range given {
		world, path, _ := strings.Cut(text, "=")
		load, known := worlds[world]
		if !known {
			return fmt.Errorf("no world %q", world)
		}
		if targets[number], err = load(ctx, path, cache); err != nil {
			return err
		}
	}
	slots := make([]*slot, instances)
	for number := range slots {
		slots[number] = &slot{target: targets[number%len(targets)]}
	}
	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	// They choose instances by chance, so that some find theirs busy.
	workers := make([]*worker, instances)
	var group sync.WaitGroup
	for number := range workers {
		work := &worker{random: rand.New(rand.NewPCG(seed, uint64(number))), slots: slots, counts: map[string]int{}}
		workers[number] = work
		group.Go(func() {
			if work.failure = work.run(ctx); work.failure != nil {
				cancel()
			}
		})
	}
	group.Wait()
	counts, failed := map[string]int{}, []error{}
	for _, work := range workers {
		failed = append(failed, work.failure)
		for outcome, count := range work.counts {
			counts[outcome] += count
		}
	}
	background := context.Background()
	for _, slot := range slots {
		failed = append(failed, slot.close(background))
	}
	for _, target := range targets {
		failed = append(failed, target.close(background))
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	if err := settled(goroutines); err != nil {
		return err
	}
	parts := make([]string, 0, len(counts))
	for _, outcome := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s: %d", outcome, counts[outcome]))
	}
	fmt.Printf("%d instances of %d components, %v; %s\n", instances, len(targets), duration, strings.Join(parts, ", "))
	return nil
}

// settled waits until no more goroutines are there than before.
func settled(goroutines int) error {
	for range 100 {
		if runtime.NumGoroutine() <= goroutines {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<16)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return fmt.Errorf("%d goroutines are left:\n%s", runtime.NumGoroutine()-goroutines, stacks)
}
