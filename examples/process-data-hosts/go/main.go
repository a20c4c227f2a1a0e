// Command process-data-host calls the component of process-data, whatever language it was written in.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"process-data-host/bindings"
	"process-data-host/bindings/host"
	"process-data-host/bindings/host/wasi"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, args []string) (err error) {
	if len(args) == 0 {
		return errors.New("give the directory that `witgen link --single-memory` made of the component")
	}
	component, err := host.Open(ctx, args[0])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, component.Close(ctx)) }()
	app, err := bindings.New(ctx, component, wasi.With(wasi.Config{Stderr: os.Stderr}))
	if err != nil {
		return err
	}
	for _, text := range []string{"one two  three\nfour", "", "naïve 🦀"} {
		report, err := app.ProcessData(ctx, text)
		if err != nil {
			return err
		}
		fmt.Println(report)
	}
	return nil
}
