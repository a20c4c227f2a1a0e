// Command plugin-host is an application whose plugins are components, and which outlives all that they do.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"plugin-host/bindings"
	"plugin-host/bindings/exports/example/plugins/filters"
	"plugin-host/bindings/host"
	"plugin-host/bindings/host/wasi"
	"plugin-host/bindings/wit"
)

var image = []byte{0, 50, 100, 150, 200, 250}

// What every plugin may do: no files, no variables, no output.
// The run times of Python, JavaScript and Go use clocks and random numbers before a plugin does anything.
var grants = wasi.Grants{
	Clocks: wasi.Clocks{Monotonic: true, Wall: true},
	Random: wasi.Random{Allow: true},
	Limits: wasi.Limits{Memory: 64 << 20, Deadline: 2 * time.Second},
}

// logger takes what a plugin logs.
type logger struct {
	name string
}

// Log prints a message after the name of the plugin.
func (l logger) Log(_ context.Context, message string) error {
	fmt.Printf("%s: %s\n", l.name, message)
	return nil
}

// plugin is a component and its instances.
type plugin struct {
	name      string
	component *host.Component
	// An instance that was stopped is replaced by another one.
	instances *host.Pool[*bindings.Instance]
}

// load loads a plugin from the directory that `witgen link --single-memory --interruptible` made of it; deadlines need
// the latter.
func load(ctx context.Context, path string) (*plugin, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	component, err := host.Open(ctx, path, host.WithCacheDir(filepath.Join(cache, "witgen", "wazero")))
	if err != nil {
		return nil, err
	}
	loaded := &plugin{name: filepath.Base(path), component: component}
	loaded.instances = host.NewPool(4, func(ctx context.Context) (*bindings.Instance, error) {
		imports := bindings.Imports{Logger: logger{loaded.name}}
		return bindings.New(ctx, component, imports, wasi.With(wasi.Config{Grants: &grants}))
	})
	return loaded, nil
}

// apply changes the image, and says what came of it.
func (p *plugin) apply(ctx context.Context, width uint32, strength uint8) string {
	var changed []byte
	err := p.instances.Do(ctx, func(ctx context.Context, app *bindings.Instance) (err error) {
		changed, err = app.Filters.Filter(ctx, image, filters.Options{Width: width, Strength: strength})
		return err
	})
	var failed *wit.Error[filters.FilterError]
	var exceeded *host.LimitError
	var trapped *host.Trap
	switch {
	case err == nil:
		return strings.ReplaceAll(fmt.Sprint(changed), " ", ", ")
	case errors.As(err, &failed):
		switch reason := failed.Payload.(type) {
		case filters.FilterErrorRagged:
			return fmt.Sprintf("%d pixels are left over", reason.Value)
		case filters.FilterErrorUnsupported:
			return "cannot do it: " + reason.Value
		}
	case errors.As(err, &exceeded):
		return "stopped (" + exceeded.Limit + ")"
	case errors.As(err, &trapped):
		return "stopped (" + trapped.Message + ")"
	}
	return err.Error()
}

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, paths []string) error {
	for _, path := range paths {
		plugin, err := load(ctx, path)
		if err != nil {
			return err
		}
		if plugin.name == "naughty" {
			for strength := range uint8(3) {
				fmt.Printf("%s: %s\n", plugin.name, plugin.apply(ctx, 3, strength))
			}
		} else {
			fmt.Printf("%s: %s\n", plugin.name, plugin.apply(ctx, 3, 100))
			fmt.Printf("%s: %s\n", plugin.name, plugin.apply(ctx, 4, 0))
		}
		if err := errors.Join(plugin.instances.Close(ctx), plugin.component.Close(ctx)); err != nil {
			return err
		}
	}
	return nil
}
