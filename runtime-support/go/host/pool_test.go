package host

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
)

func TestPoolReplacesInstancesThatTrapped(t *testing.T) {
	component := load(t, smallPlan)
	made := 0
	pool := NewPool(2, func(ctx context.Context) (*Dynamic, error) {
		made++
		return component.InstantiateDynamic(ctx, nil)
	})
	call := func(name string, args ...any) error {
		return pool.Do(t.Context(), func(ctx context.Context, app *Dynamic) error {
			_, err := app.Call(ctx, name, args...)
			return err
		})
	}
	for range 3 {
		if err := call("add", uint32(1), uint32(2)); err != nil {
			t.Fatal(err)
		}
	}
	var refused *ArgumentError
	if err := call("add", 1, 2); !errors.As(err, &refused) || made != 1 {
		t.Fatal(err, made)
	}
	var trapped *Trap
	if err := call("fail"); !errors.As(err, &trapped) {
		t.Fatal(err)
	}
	if err := call("add", uint32(1), uint32(2)); err != nil || made != 2 {
		t.Fatal(err, made)
	}
	if err := pool.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := call("add", uint32(1), uint32(2)); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if len(component.instances) != 0 {
		t.Errorf("%d instances are left", len(component.instances))
	}
}

func TestPoolLendsEachInstanceOnce(t *testing.T) {
	component := load(t, smallPlan)
	var mutex sync.Mutex
	made := 0
	pool := NewPool(3, func(ctx context.Context) (*Dynamic, error) {
		mutex.Lock()
		made++
		mutex.Unlock()
		return component.InstantiateDynamic(ctx, nil)
	})
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			for range 50 {
				if err := pool.Do(t.Context(), func(ctx context.Context, app *Dynamic) error {
					_, err := app.Call(ctx, "add", uint32(1), uint32(2))
					return err
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if made > 3 {
		t.Errorf("%d instances", made)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	full := NewPool(1, func(ctx context.Context) (*Dynamic, error) { return component.InstantiateDynamic(ctx, nil) })
	if err := full.Do(t.Context(), func(context.Context, *Dynamic) error {
		return full.Do(ctx, func(context.Context, *Dynamic) error { return nil })
	}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestLimitsEndCalls(t *testing.T) {
	interruptible := load(t, smallPlan)
	limited := func(linker *Linker) { linker.Limit(Limits{Deadline: 50e6}) }
	app, err := interruptible.InstantiateDynamic(t.Context(), nil, limited)
	if err != nil {
		t.Fatal(err)
	}
	var exceeded *LimitError
	if _, err := app.Call(t.Context(), "spin"); !errors.As(err, &exceeded) || exceeded.Limit != "deadline" {
		t.Error(err)
	}
	rigid := load(t, strings.Replace(smallPlan, `"interruptible": true`, `"interruptible": false`, 1))
	fuel := func(linker *Linker) { linker.Limit(Limits{Fuel: 9}) }
	for flag, option := range map[string]Option{"--interruptible": limited, "--metered": fuel} {
		var link *LinkError
		if _, err := rigid.InstantiateDynamic(t.Context(), nil, option); !errors.As(err, &link) || !strings.Contains(err.Error(), flag) {
			t.Error(err)
		}
	}
}
