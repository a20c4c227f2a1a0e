package host

import (
	"errors"
	"fmt"
	"strings"
)

// ErrBusy says that another call of the same instance has not ended.
// An instance takes one call at a time; make more instances of the component for more.
var ErrBusy = errors.New("the instance is in another call")

// ErrClosed says that an instance or its component was closed.
var ErrClosed = errors.New("the instance is closed")

// Trap says that the component did something that it must not do.
// Its instance cannot be used any more.
type Trap struct {
	// Message says what it did.
	Message string
	// Stack is the stack of WebAssembly functions, innermost first, where the engine knows it.
	Stack string

	cause error
}

// Error is the message and its cause.
func (t *Trap) Error() string {
	if t.cause != nil && t.Message != t.cause.Error() {
		return t.Message + ": " + t.cause.Error()
	}
	return t.Message
}

// Unwrap is what led to the trap: the error of an imported function, that of a context, or an earlier trap.
func (t *Trap) Unwrap() error {
	return t.cause
}

// LinkError says why a component cannot be used, everything at once.
type LinkError struct {
	// Component says of what: a world, or a plan.
	Component string
	// Problems are what is wrong.
	Problems []string
}

// Error lists the problems.
func (e *LinkError) Error() string {
	return e.Component + ": " + strings.Join(e.Problems, "; ")
}

// ArgumentError says that a value does not have the type that WIT says.
// The component was not called, and its instance can be used as before.
type ArgumentError struct {
	// Function is the name of the function in WIT.
	Function string
	// Path leads from the function to the value: "people[2].name", or "result" for what an import returned.
	Path string
	// Expected is what the value must be.
	Expected string
	// Got is what it is.
	Got string
}

// Error says all of it.
func (e *ArgumentError) Error() string {
	return fmt.Sprintf("%s: %s: expected %s, got %s", e.Function, e.Path, e.Expected, e.Got)
}

// In adds a step to the front of the path; a nil error stays nil.
// It is for generated code.
func (e *ArgumentError) In(step string) *ArgumentError {
	if e == nil {
		return nil
	}
	if e.Path == "" || e.Path[0] == '[' || e.Path[0] == '.' {
		e.Path = step + e.Path
	} else {
		e.Path = step + "." + e.Path
	}
	return e
}

// At adds an index to the front of the path; a nil error stays nil.
// It is for generated code.
func (e *ArgumentError) At(index int) *ArgumentError {
	if e == nil {
		return nil
	}
	return e.In(fmt.Sprintf("[%d]", index))
}

// trap ends what is under way; [Func.Leave] or the engine catches it.
func trap(format string, args ...any) {
	panic(&Trap{Message: fmt.Sprintf(format, args...)})
}

// As finds the error of type T in the chain of err.
// Any other error is a trap, since the component has no way to be told.
// It is for generated code.
func As[T error](err error) T {
	if found, ok := err.(T); ok {
		return found
	}
	var target T
	if !errors.As(err, &target) {
		panic(importFailed(err))
	}
	return target
}

func importFailed(err error) *Trap {
	return &Trap{Message: "an imported function failed", cause: err}
}

// engineErrors are the texts of the engine and what the specification calls the same.
var engineErrors = []struct{ engine, text string }{
	{"unreachable", "wasm `unreachable` instruction executed"},
	{stackOverflow, "call stack exhausted"},
	{"invalid table access", "undefined element: out of bounds table access"},
	{"out of bounds memory access", "out of bounds memory access"},
	{"integer divide by zero", "integer divide by zero"},
	{"integer overflow", "integer overflow"},
	{"invalid conversion to integer", "invalid conversion to integer"},
	{"indirect call type mismatch", "indirect call type mismatch"},
}

const (
	stackOverflow = "stack overflow"
	enginePrefix  = "wasm error: "
	stackPrefix   = "\nwasm stack trace:\n"
	hostSuffix    = " (recovered by wazero)"
)

// trapOf makes a trap of what the engine says, or of what a function of the host panicked with.
func trapOf(reason any) *Trap {
	err, ok := reason.(error)
	if !ok {
		return &Trap{Message: fmt.Sprint(reason)}
	}
	text, stack, _ := strings.Cut(err.Error(), stackPrefix)
	var own *Trap
	if errors.As(err, &own) {
		if own.Stack == "" {
			own.Stack = unindented(stack)
		}
		return own
	}
	// The compiling engine says this one without its prefix.
	if engine, found := strings.CutPrefix(text, enginePrefix); found || text == stackOverflow {
		for _, known := range engineErrors {
			if engine == known.engine {
				return &Trap{Message: known.text, Stack: unindented(stack)}
			}
		}
		return &Trap{Message: engine, Stack: unindented(stack)}
	}
	message, panicked := strings.CutSuffix(text, hostSuffix)
	cause := err
	if inner := errors.Unwrap(err); stack != "" && (inner != nil || panicked) {
		// Nothing, where a function of the host panicked with what is no error.
		cause = inner
	}
	return &Trap{Message: message, Stack: unindented(stack), cause: cause}
}

func unindented(stack string) string {
	return strings.ReplaceAll(strings.TrimPrefix(stack, "\t"), "\n\t", "\n")
}
