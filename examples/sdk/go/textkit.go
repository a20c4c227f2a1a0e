// Package textkit has slugs and measures of texts.
package textkit

import (
	"context"
	"embed"
	"errors"
	"io/fs"

	"example.com/textkit/bindings"
	"example.com/textkit/bindings/exports/example/textkit/text"
	"example.com/textkit/bindings/host"
)

//go:embed bindings/component
var files embed.FS

// Kit is an instance of the library, which takes one call at a time.
type Kit struct {
	*text.Exports

	component *host.Component
	instance  *bindings.Instance
}

// Load compiles the component that comes along; keep what it returns.
func Load(ctx context.Context) (*Kit, error) {
	folder, err := fs.Sub(files, "bindings/component")
	if err != nil {
		return nil, err
	}
	component, err := host.Load(ctx, folder)
	if err != nil {
		return nil, err
	}
	instance, err := bindings.New(ctx, component)
	if err != nil {
		return nil, errors.Join(err, component.Close(ctx))
	}
	return &Kit{instance.Text, component, instance}, nil
}

// Close ends the instance.
func (k *Kit) Close(ctx context.Context) error {
	return errors.Join(k.instance.Close(ctx), k.component.Close(ctx))
}
