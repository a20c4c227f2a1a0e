package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"

	"plugin-host/bindings"
	"plugin-host/bindings/exports/example/plugins/filters"
	"plugin-host/bindings/host"
	"plugin-host/bindings/host/wasi"
	"plugin-host/bindings/wit"
)

// plugin is a component and its instances.
type plugin struct {
	component *host.Component
	// An instance that was stopped is replaced by another one.
	instances *host.Pool[*bindings.Instance]
}

// load loads a plugin with its grants; without a file, it is granted nothing.
func load(ctx context.Context, path string) (*plugin, error) {
	grants, err := readGrants(path + ".json")
	if err != nil {
		return nil, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	component, err := host.Open(ctx, path, host.WithCacheDir(filepath.Join(cache, "witgen", "wazero")))
	if err != nil {
		return nil, err
	}
	imports := bindings.Imports{Logger: logger{filepath.Base(path)}}
	config := wasi.Config{Grants: grants}
	return &plugin{component, host.NewPool(4, func(ctx context.Context) (*bindings.Instance, error) {
		return bindings.New(ctx, component, imports, wasi.With(config))
	})}, nil
}

// close lets go of a plugin, if there is one.
func (p *plugin) close(ctx context.Context) {
	if p == nil {
		return
	}
	if err := errors.Join(p.instances.Close(ctx), p.component.Close(ctx)); err != nil {
		log.Print(err)
	}
}

// apply changes the image, and says what came of it.
func (p *plugin) apply(ctx context.Context, image []byte, options filters.Options) string {
	var changed []byte
	err := p.instances.Do(ctx, func(ctx context.Context, app *bindings.Instance) (err error) {
		changed, err = app.Filters.Filter(ctx, image, options)
		return err
	})
	var failed *wit.Error[filters.FilterError]
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
	}
	return fmt.Sprint("stopped: ", err)
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

func readGrants(path string) (*wasi.Grants, error) {
	sections := map[string]any{}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		if err := json.Unmarshal(text, &sections); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return wasi.ReadGrants(sections, filepath.Dir(path))
}

// stampOf says when the files of a plugin and its grants were written, by which a change is noticed.
func stampOf(path string) string {
	files, _ := filepath.Glob(filepath.Join(path, "*"))
	var stamp strings.Builder
	for _, file := range append(files, path+".json") {
		if info, err := os.Stat(file); err == nil {
			fmt.Fprintln(&stamp, file, info.ModTime().UnixNano(), info.Size())
		}
	}
	return stamp.String()
}
