package main

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"time"

	provider "testee/bindings/provider"
	"testee/bindings/provider/exports/witgen/conformance/store"
	"testee/bindings/provider/exports/witgen/conformance/variants"
	"testee/bindings/provider/exports/witgen/testees/failures"
	providerhost "testee/bindings/provider/host"
	providerwasi "testee/bindings/provider/host/wasi"
	"testee/bindings/soak"
	soakhost "testee/bindings/soak/host"
	soakwasi "testee/bindings/soak/host/wasi"
	"testee/bindings/soak/witgen/testees/source"
)

// instance is what the bindings of every world have.
type instance interface {
	Close(ctx context.Context) error
}

// target is a component of some world.
type target struct {
	open    func(ctx context.Context) (instance, error)
	outcome func(err error) outcome
	close   func(ctx context.Context) error
}

// outcome is what a call said.
type outcome string

const (
	answered  outcome = "answered"
	failed    outcome = "failed as WIT says"
	refused   outcome = "refused"
	busy      outcome = "busy"
	closed    outcome = "closed"
	cancelled outcome = "not begun"
	stopped   outcome = "stopped"
	trapped   outcome = "trapped"
	unknown   outcome = "unknown"
)

// told is the outcome that an error tells; each world has runtime support, and so errors, of its own.
func told[Trap, Argument error](err, errBusy, errClosed error) outcome {
	var trap Trap
	var argument Argument
	ended := errors.Is(err, context.Canceled)
	switch {
	case err == nil:
		return answered
	case errors.As(err, &trap) && ended:
		return stopped
	case errors.As(err, &trap):
		return trapped
	case errors.As(err, &argument):
		return refused
	case errors.Is(err, errBusy):
		return busy
	case errors.Is(err, errClosed):
		return closed
	case ended:
		return cancelled
	case strings.HasPrefix(reflect.TypeOf(err).String(), "*wit.Error["):
		return failed
	default:
		return unknown
	}
}

// worlds load components of each world.
var worlds = map[string]func(ctx context.Context, path, cache string) (*target, error){
	"provider": func(ctx context.Context, path, cache string) (*target, error) {
		component, err := providerhost.Open(ctx, path, providerhost.WithCacheDir(cache))
		if err != nil {
			return nil, err
		}
		return &target{
			open: func(ctx context.Context) (instance, error) {
				return provider.New(ctx, component, provider.Imports{}, providerwasi.With(providerwasi.Config{Stderr: io.Discard}))
			},
			outcome: func(err error) outcome {
				return told[*providerhost.Trap, *providerhost.ArgumentError](err, providerhost.ErrBusy, providerhost.ErrClosed)
			},
			close: component.Close,
		}, nil
	},
	"soak": func(ctx context.Context, path, cache string) (*target, error) {
		component, err := soakhost.Open(ctx, path, soakhost.WithCacheDir(cache))
		if err != nil {
			return nil, err
		}
		return &target{
			open: func(ctx context.Context) (instance, error) {
				return soak.New(ctx, component, soak.Imports{Source: rows{}}, soakwasi.With(soakwasi.Config{Stderr: io.Discard}))
			},
			outcome: func(err error) outcome {
				return told[*soakhost.Trap, *soakhost.ArgumentError](err, soakhost.ErrBusy, soakhost.ErrClosed)
			},
			close: component.Close,
		}, nil
	},
}

// cases are those of variants, which nothing else tells.
var cases = []reflect.Type{
	reflect.TypeFor[store.EitherOne](), reflect.TypeFor[store.EitherTwo](), reflect.TypeFor[store.EitherNone](),
	reflect.TypeFor[failures.ReasonMissing](), reflect.TypeFor[failures.ReasonDenied](),
	reflect.TypeFor[failures.ReasonLate](), reflect.TypeFor[variants.ShapeCircle](),
	reflect.TypeFor[variants.ShapeRectangle](), reflect.TypeFor[variants.ShapeLabel](),
	reflect.TypeFor[variants.ShapeEmpty](), reflect.TypeFor[variants.PlainYes](), reflect.TypeFor[variants.PlainNo](),
}

// limits are how large the numbers of functions are whose work grows with them, or whose sums must not get too large.
var limits = map[string]int{"Draw": 20_000, "Pause": 2_000, "Several": 20, "Make": 10, "NewCounter": 10, "Add": 10}

// endings are how often, of a thousand times, functions are called that end their instance.
var endings = map[string]int{"Fail": 20}

// errDrawn is what ends some calls of an import.
var errDrawn = errors.New("nothing is left to draw")

// rows are what components draw from; at times nothing is left, or it takes a while.
type rows struct{}

// Text is text of so many bytes.
func (rows) Text(ctx context.Context, size uint32) (string, error) {
	switch rand.IntN(500) {
	case 0:
		return "", errDrawn
	case 1:
		panic("the drawer is stuck")
	case 2, 3, 4:
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
		}
	}
	return strings.Repeat("a", int(size)), nil
}

// Bytes are so many bytes.
func (rows) Bytes(_ context.Context, size uint32) ([]byte, error) {
	return make([]byte, size), nil
}

// Rows are so many rows.
func (rows) Rows(_ context.Context, count uint32) ([]source.Row, error) {
	made := make([]source.Row, count)
	for id := range made {
		made[id] = source.Row{Id: uint32(id), Name: "Zeile ✓", Values: []float64{1, 2, 3}}
	}
	return made, nil
}
