// Command plugin-host is an application whose plugins are components, each with grants of its own, and which outlives
// all that they do.
//
// It takes a folder, in which NAME is the directory that `witgen link --single-memory --interruptible --metered` made of
// a plugin, and NAME.json its grants: the sections of a grants file.
// Each line that it reads, a width and a strength, goes to all plugins; what has changed since is loaded again.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"plugin-host/bindings/exports/example/plugins/filters"
)

var image = []byte{0, 50, 100, 150, 200, 250}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: plugin-host FOLDER")
	}
	app := application{folder: os.Args[1], plugins: map[string]*entry{}}
	if err := app.run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

type application struct {
	folder  string
	plugins map[string]*entry
}

// entry is what is known of a plugin; nil where no version of it could be loaded.
type entry struct {
	stamp  string
	plugin *plugin
}

// run ends when there is nothing more to read.
func (a *application) run(ctx context.Context) error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var options filters.Options
		if _, err := fmt.Sscanf(lines.Text(), "%d %d", &options.Width, &options.Strength); err != nil {
			fmt.Printf("give a width and a strength, not `%s`\n", lines.Text())
			continue
		}
		if err := a.refresh(ctx); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(a.plugins)) {
			if plugin := a.plugins[name].plugin; plugin != nil {
				fmt.Printf("%s: %s\n", name, plugin.apply(ctx, image, options))
			}
		}
	}
	return lines.Err()
}

// refresh loads what is new or has changed; a version that cannot be loaded leaves the one before it.
func (a *application) refresh(ctx context.Context) error {
	plans, err := filepath.Glob(filepath.Join(a.folder, "*", "plan.json"))
	if err != nil {
		return err
	}
	found := map[string]string{}
	for _, plan := range plans {
		path := filepath.Dir(plan)
		found[filepath.Base(path)] = path
	}
	for name, known := range a.plugins {
		if _, ok := found[name]; !ok {
			delete(a.plugins, name)
			known.plugin.close(ctx)
		}
	}
	for name, path := range found {
		known, ok := a.plugins[name]
		if !ok {
			known = &entry{}
			a.plugins[name] = known
		}
		stamp := stampOf(path)
		if stamp == known.stamp {
			continue
		}
		known.stamp = stamp
		loaded, err := load(ctx, path)
		if err != nil {
			fmt.Printf("%s: not loaded: %v\n", name, err)
			continue
		}
		known.plugin.close(ctx)
		known.plugin = loaded
	}
	return nil
}
