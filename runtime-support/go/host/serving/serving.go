// Package serving is how host programs of the conformance suite answer requests.
package serving

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/witgen/witgen/runtime-support/go/host"
	"github.com/witgen/witgen/runtime-support/go/host/wasi"
)

// Verbs are what a program can be asked; each says what is not as it should be.
type Verbs[T any] struct {
	Run    func(ctx context.Context, app T, group, value, step uint32) *string
	Call   func(ctx context.Context, app T, index uint32) *string
	Misuse func(ctx context.Context, app T, index uint32) *string
}

// ErrSkipped is what a misuse panics with that Go does not compile.
var ErrSkipped = errors.New("the compiler refuses it")

// Refused says what is not as it should be when a wrong argument is given, and then a good one.
func Refused[T any](call func(value T), wrong, good T) *string {
	said := refusal(func() { call(wrong) })
	if said == nil {
		call(good)
	}
	return said
}

func refusal(call func()) (said *string) {
	defer func() {
		reason := recover()
		err, _ := reason.(error)
		var refused *host.ArgumentError
		switch {
		case reason == nil:
			text := "the argument was accepted"
			said = &text
		case !errors.As(err, &refused):
			panic(reason)
		case refused.Path == "" || refused.Function == "":
			text := "the error does not say where: " + refused.Error()
			said = &text
		}
	}()
	call()
	return nil
}

// Open opens the component that the program is to run.
func Open(ctx context.Context) (*host.Component, error) {
	var options []host.LoadOption
	if dir, err := os.UserCacheDir(); err == nil {
		options = append(options, host.WithCacheDir(filepath.Join(dir, "witgen", "wazero")))
	}
	return host.Open(ctx, os.Args[1], options...)
}

type answer struct {
	Ended string `json:"ended"`
	Text  string `json:"text,omitempty"`
}

// Serve answers the requests on stdin; a trap ends the instance.
func Serve[T any](
	instantiate func(ctx context.Context, component *host.Component, options ...host.Option) (T, error),
	verbs Verbs[T],
) {
	if err := serve(instantiate, verbs); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve[T any](
	instantiate func(ctx context.Context, component *host.Component, options ...host.Option) (T, error),
	verbs Verbs[T],
) error {
	ctx := context.Background()
	component, err := Open(ctx)
	if err != nil {
		return err
	}
	var said bytes.Buffer
	wasi := wasi.With(wasi.Config{Stdout: &said, Stderr: &said})
	var app *T
	lines, answers := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	for lines.Scan() {
		if app == nil {
			made, err := instantiate(ctx, component, wasi)
			if err != nil {
				return err
			}
			app = &made
		}
		given := outcome(ctx, *app, verbs, lines.Text(), &said)
		if given.Ended == "trap" || given.Ended == "failed" {
			app = nil
		}
		if given.Ended == "failed" {
			given.Ended = "different"
		}
		_, _ = said.WriteTo(os.Stderr)
		if err := answers.Encode(given); err != nil {
			return err
		}
	}
	return errors.Join(lines.Err(), component.Close(ctx))
}

func outcome[T any](ctx context.Context, app T, verbs Verbs[T], line string, said *bytes.Buffer) (given answer) {
	defer func() {
		reason := recover()
		if reason == nil {
			return
		}
		err, _ := reason.(error)
		var trapped *host.Trap
		switch {
		case errors.As(err, &trapped):
			given = answer{"trap", trapped.Error() + "\n" + said.String()}
		case errors.Is(err, ErrSkipped):
			given = answer{"skipped", err.Error()}
		default:
			given = answer{"failed", fmt.Sprint(reason)}
		}
	}()
	words := strings.Fields(line)
	var numbers [3]uint32
	for i, word := range words[1:] {
		number, err := strconv.ParseUint(word, 10, 32)
		if err != nil {
			panic(err)
		}
		numbers[i] = uint32(number)
	}
	var text *string
	switch {
	case words[0] == "run":
		text = verbs.Run(ctx, app, numbers[0], numbers[1], numbers[2])
	case words[0] == "call":
		text = verbs.Call(ctx, app, numbers[0])
	case verbs.Misuse != nil:
		text = verbs.Misuse(ctx, app, numbers[0])
	default:
		panic(ErrSkipped)
	}
	if text == nil {
		return answer{Ended: "well"}
	}
	return answer{"different", *text}
}
