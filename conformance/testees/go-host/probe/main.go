// Command probe lets a component try things that need grants: the directory of its plan, the grants as JSON, and what
// to try.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"testee/bindings"
	"testee/bindings/host"
	"testee/bindings/host/wasi"
	"testee/bindings/wit"

	_ "modernc.org/sqlite"
)

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, path, text string, words []string) error {
	var sections map[string]any
	if err := json.Unmarshal([]byte(text), &sections); err != nil {
		return err
	}
	grants, err := wasi.ReadGrants(sections, ".")
	if err != nil {
		return err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	component, err := host.Open(ctx, path, host.WithCacheDir(filepath.Join(cache, "witgen", "wazero")))
	if err != nil {
		return err
	}
	defer func() { _ = component.Close(ctx) }()
	app, err := bindings.New(ctx, component, wasi.With(wasi.Config{Grants: grants}))
	var came string
	if err == nil {
		came, err = app.Act(ctx, words)
	}
	var failed *wit.Error[string]
	var trapped *host.Trap
	switch {
	case err == nil:
		fmt.Printf("ok(%q)\n", came)
	case errors.As(err, &failed):
		fmt.Printf("err(%q)\n", failed.Payload)
	case errors.As(err, &trapped):
		fmt.Fprintln(os.Stderr, "error[trap]:", trapped)
	default:
		return err
	}
	return nil
}
