// Command command runs a composition of components that exports wasi:cli/run.
package main

import (
	"context"
	"log"
	"os"
	"path/filepath"

	"testee/bindings"
	"testee/bindings/host"
	"testee/bindings/host/wasi"
)

func main() {
	if err := run(context.Background(), os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, path string) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	component, err := host.Open(ctx, path, host.WithCacheDir(filepath.Join(cache, "witgen", "wazero")))
	if err != nil {
		return err
	}
	// What the world imports comes from the other component.
	app, err := bindings.New(ctx, component, bindings.Imports{}, wasi.With(wasi.Config{Stdout: os.Stdout, Stderr: os.Stderr}))
	if err != nil {
		return err
	}
	if err := app.Run.Run(ctx); err != nil {
		return err
	}
	return component.Close(ctx)
}
