// Command driver takes the steps of scripts: it moves counters between numbered slots, in two instances of one component.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"testee/bindings"
	"testee/bindings/exports/witgen/conformance/store"
	"testee/bindings/host"
	"testee/bindings/host/wasi"
	"testee/bindings/wit"
	"testee/serving"
)

// session is an instance and what it has in its slots.
type session struct {
	ctx   context.Context
	app   *bindings.Instance
	slots map[uint32]*store.Counter
}

// arguments are those of a step.
type arguments []json.RawMessage

// errSkipped is what steps panic with that Go does not compile.
var errSkipped = errors.New("the compiler refuses it")

// steps are what a step does; the last parameter is the other instance. A nil result is none.
var steps = map[string]func(in *session, args arguments, other *session) any{
	"create": func(in *session, args arguments, _ *session) any {
		in.put(args.number(0), must(in.app.Store.NewCounter(in.ctx, args.number(1))))
		return nil
	},
	"add": func(in *session, args arguments, _ *session) any {
		return must(in.at(args.number(0)).Add(in.ctx, args.number(1)))
	},
	"value": func(in *session, args arguments, _ *session) any {
		return must(in.at(args.number(0)).Value(in.ctx))
	},
	"checked": func(in *session, args arguments, _ *session) any {
		number, err := in.at(args.number(0)).Checked(in.ctx, args.number(1))
		return result(wave(number), err)
	},
	"close": func(in *session, args arguments, _ *session) any {
		check(in.at(args.number(0)).Close2(in.ctx))
		return nil
	},
	"history": func(in *session, args arguments, _ *session) any {
		return must(in.at(args.number(0)).List(in.ctx))
	},
	"merge": func(in *session, args arguments, _ *session) any {
		left, right := in.at(args.number(0)), in.take(args.number(1))
		in.put(args.number(2), must(in.app.Store.CounterMerge(in.ctx, left, right)))
		return nil
	},
	"parse": func(in *session, args arguments, _ *session) any {
		counter, err := in.app.Store.CounterParse(in.ctx, args.text(0))
		return in.kept(args.number(1), counter, err)
	},
	"enter": func(in *session, args arguments, _ *session) any {
		gate, err := in.app.Store.NewGate(in.ctx, args.text(0))
		if err != nil {
			return result("", err)
		}
		defer gate.Close()
		back := must(gate.Enter(in.ctx, in.take(args.number(1))))
		if back != nil {
			in.put(args.number(1), *back)
		}
		return result(wave(back != nil), nil)
	},
	"make": func(in *session, args arguments, _ *session) any {
		counter, err := in.app.Store.Make(in.ctx, args.number(0))
		return in.kept(args.number(1), counter, err)
	},
	"total": func(in *session, args arguments, _ *session) any {
		return must(in.app.Store.Total(in.ctx, in.all(args.numbers(0))))
	},
	"swap": func(in *session, args arguments, _ *session) any {
		left, right := args.number(0), args.number(1)
		given := store.Pair{Left: in.take(left), Right: in.take(right), Name: args.text(2)}
		pair := must(in.app.Store.Swap(in.ctx, given))
		in.put(left, pair.Left)
		in.put(right, pair.Right)
		return pair.Name
	},
	"pick-one": func(in *session, args arguments, _ *session) any {
		slot := args.number(0)
		counter, err := in.app.Store.Pick(in.ctx, store.EitherOne{Value: in.take(slot)})
		return in.kept(slot, counter, err)
	},
	"pick-two": func(in *session, args arguments, _ *session) any {
		left, right := args.number(0), args.number(1)
		pair := store.Pair{Left: in.take(left), Right: in.take(right)}
		counter, err := in.app.Store.Pick(in.ctx, store.EitherTwo{Value: pair})
		return in.kept(left, counter, err)
	},
	"pick-none": func(in *session, _ arguments, _ *session) any {
		_, err := in.app.Store.Pick(in.ctx, store.EitherNone{})
		return result("", err)
	},
	"several": func(in *session, args arguments, _ *session) any {
		made := must(in.app.Store.Several(in.ctx, args.number(0)))
		numbers := make([]uint32, len(made))
		for i, entry := range made {
			numbers[i] = entry.F0
			in.put(args.number(1)+uint32(i), entry.F1)
		}
		return numbers
	},
	"look": func(in *session, args arguments, _ *session) any {
		return must(in.app.StoreUsers.Look(in.ctx, in.at(args.number(0))))
	},
	"look-at-all": func(in *session, args arguments, _ *session) any {
		return must(in.app.StoreUsers.LookAtAll(in.ctx, in.all(args.numbers(0))))
	},
	"exchange": func(in *session, args arguments, _ *session) any {
		slot := args.number(0)
		counter, err := in.app.StoreUsers.Exchange(in.ctx, in.take(slot))
		var failed *wit.Error[*store.Counter]
		if errors.As(err, &failed) {
			in.put(slot, failed.Payload)
			return false
		}
		in.put(slot, must(counter, err))
		return true
	},
	"unpack": func(in *session, args arguments, _ *session) any {
		left, right := args.number(0), args.number(1)
		pair := store.Pair{Left: in.take(left), Right: in.take(right)}
		first, second, err := in.app.StoreUsers.Unpack(in.ctx, pair)
		check(err)
		in.put(left, first)
		in.put(right, second)
		return nil
	},
	"release": func(in *session, args arguments, _ *session) any {
		check(in.take(args.number(0)).Close())
		return nil
	},
	"live": func(in *session, _ arguments, _ *session) any {
		return must(in.app.Store.Live(in.ctx))
	},
	"crash": func(in *session, args arguments, _ *session) any {
		check(in.app.Fail(in.ctx, args.text(0)))
		return nil
	},

	"drop": func(in *session, args arguments, _ *session) any {
		check(in.at(args.number(0)).Close())
		return nil
	},
	"give": func(in *session, args arguments, _ *session) any {
		in.give(in.at(args.number(0)))
		return nil
	},
	"give-twice": func(in *session, args arguments, _ *session) any {
		counter := in.at(args.number(0))
		must(in.app.Store.Swap(in.ctx, store.Pair{Left: counter, Right: counter}))
		return nil
	},
	"lend-and-give": func(in *session, args arguments, _ *session) any {
		counter := in.at(args.number(0))
		must(in.app.Store.CounterMerge(in.ctx, counter, counter))
		return nil
	},
	"lend-of-other": func(in *session, args arguments, other *session) any {
		must(in.app.Store.Total(in.ctx, []*store.Counter{other.at(args.number(0))}))
		return nil
	},
	"give-of-other": func(in *session, args arguments, other *session) any {
		in.give(other.at(args.number(0)))
		return nil
	},
	"lend-gate": func(*session, arguments, *session) any { panic(errSkipped) },
	"give-gate": func(*session, arguments, *session) any { panic(errSkipped) },
}

func (s *session) put(slot uint32, counter *store.Counter) {
	if old := s.slots[slot]; old != nil {
		check(old.Close())
	}
	s.slots[slot] = counter
}

func (s *session) at(slot uint32) *store.Counter {
	counter := s.slots[slot]
	if counter == nil {
		log.Fatalf("slot %d is empty", slot)
	}
	return counter
}

func (s *session) all(slots []uint32) []*store.Counter {
	counters := make([]*store.Counter, len(slots))
	for i, slot := range slots {
		counters[i] = s.at(slot)
	}
	return counters
}

func (s *session) take(slot uint32) *store.Counter {
	counter := s.at(slot)
	delete(s.slots, slot)
	return counter
}

// kept puts a counter away that a function gave, and is the result of that function.
func (s *session) kept(slot uint32, counter *store.Counter, err error) waved {
	if err == nil {
		s.put(slot, counter)
	}
	return result("", err)
}

// give gives a counter away for good.
func (s *session) give(counter *store.Counter) {
	gate := must(s.app.Store.NewGate(s.ctx, "open"))
	defer gate.Close()
	if back := must(gate.Enter(s.ctx, counter)); back != nil {
		check((*back).Close())
	}
}

func (a arguments) read(index int, into any) {
	if err := json.Unmarshal(a[index], into); err != nil {
		log.Fatal(err)
	}
}

func (a arguments) number(index int) (number uint32) {
	a.read(index, &number)
	return number
}

func (a arguments) numbers(index int) (numbers []uint32) {
	a.read(index, &numbers)
	return numbers
}

func (a arguments) text(index int) (text string) {
	a.read(index, &text)
	return text
}

// waved is a text that is WAVE already.
type waved string

// result is what a function gave, or its failure; errors of another kind end the step.
func result(value waved, err error) waved {
	var failed *wit.Error[string]
	switch {
	case errors.As(err, &failed):
		return "err(" + wave(failed.Payload) + ")"
	case err != nil:
		panic(err)
	case value == "":
		return "ok"
	}
	return "ok(" + value + ")"
}

// wave is a value as WAVE.
func wave(value any) waved {
	switch value := value.(type) {
	case waved:
		return value
	case string:
		text, err := json.Marshal(value)
		check(err)
		return waved(text)
	case []string:
		return list(value)
	case []uint32:
		return list(value)
	}
	return waved(fmt.Sprint(value))
}

func list[T any](values []T) waved {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(wave(value))
	}
	return waved("[" + strings.Join(texts, ", ") + "]")
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

type answer struct {
	Ended string  `json:"ended"`
	Value *string `json:"value,omitempty"`
	Text  string  `json:"text,omitempty"`
}

// outcome is how a step ends; what is no error of the bindings ends the program.
func outcome(step func() any, said *bytes.Buffer) (given answer) {
	defer func() {
		reason := recover()
		err, _ := reason.(error)
		var trapped *host.Trap
		var refused *host.ArgumentError
		switch {
		case reason == nil:
		case errors.Is(err, errSkipped):
			given = answer{Ended: "skipped", Text: err.Error()}
		case errors.As(err, &refused):
			given = answer{Ended: "refused", Text: refused.Error()}
		case errors.As(err, &trapped) && trapped.Message == "cannot enter component instance":
			given = answer{Ended: "over", Text: trapped.Error()}
		case trapped != nil:
			given = answer{Ended: "trap", Text: trapped.Error() + "\n" + said.String()}
		default:
			panic(reason)
		}
	}()
	value := step()
	if value == nil {
		return answer{Ended: "well"}
	}
	text := string(wave(value))
	return answer{Ended: "well", Value: &text}
}

func main() {
	ctx := context.Background()
	component, err := serving.Open(ctx)
	check(err)
	var said bytes.Buffer
	options := wasi.With(wasi.Config{Stdout: &said, Stderr: &said})
	var sessions [2]*session
	lines, answers := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	for lines.Scan() {
		given := answer{Ended: "well"}
		text, isStep := strings.CutPrefix(lines.Text(), "step ")
		if !isStep {
			sessions = [2]*session{}
		} else {
			var step struct {
				Name  string
				Args  arguments
				Other bool
			}
			check(json.Unmarshal([]byte(text), &step))
			number := 0
			if step.Other {
				number = 1
			}
			if sessions[number] == nil {
				app := must(bindings.New(ctx, component, options))
				sessions[number] = &session{ctx, app, map[uint32]*store.Counter{}}
			}
			take := steps[step.Name]
			if take == nil {
				log.Fatalf("there is no step %s", step.Name)
			}
			given = outcome(func() any { return take(sessions[number], step.Args, sessions[1-number]) }, &said)
		}
		_, _ = said.WriteTo(os.Stderr)
		check(answers.Encode(given))
	}
	check(errors.Join(lines.Err(), component.Close(ctx)))
}
