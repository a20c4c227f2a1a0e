package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"time"
)

// slot has an instance, and another one after that was closed or has ended.
type slot struct {
	target *target
	mutex  sync.Mutex
	app    *application
}

// application is an instance, what can be called of it and what it has given.
type application struct {
	instance
	methods []method
	open    resources
}

// method is a function of an instance; its name is for messages.
type method struct {
	name string
	call reflect.Value
}

// resources are those that an instance gave.
type resources struct {
	mutex sync.Mutex
	all   []reflect.Value
}

const mostResources = 64

// keep takes resources out of a value; beyond some, old ones are forgotten or closed.
func (r *resources) keep(random *rand.Rand, value reflect.Value) {
	switch value.Kind() {
	case reflect.Pointer:
		if value.IsNil() {
			return
		}
		if !isResource(value.Type()) {
			r.keep(random, value.Elem())
			return
		}
		r.mutex.Lock()
		var old reflect.Value
		if len(r.all) < mostResources {
			r.all = append(r.all, value)
		} else {
			at := random.IntN(mostResources)
			old, r.all[at] = r.all[at], value
		}
		r.mutex.Unlock()
		if old.IsValid() && random.IntN(2) == 0 {
			_ = old.Interface().(io.Closer).Close()
		}
	case reflect.Slice:
		for i := range value.Len() {
			r.keep(random, value.Index(i))
		}
	case reflect.Struct:
		for i := range value.NumField() {
			if value.Type().Field(i).IsExported() {
				r.keep(random, value.Field(i))
			}
		}
	}
}

// some is one of them of a type.
func (r *resources) some(random *rand.Rand, ty reflect.Type) reflect.Value {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for range 8 {
		if len(r.all) == 0 {
			break
		}
		if found := r.all[random.IntN(len(r.all))]; ty == nil || found.Type() == ty {
			return found
		}
	}
	return reflect.Value{}
}

var contextType = reflect.TypeFor[context.Context]()

// methodsOf are the methods of a value that call a component, and those of its fields.
func methodsOf(value reflect.Value, path string) []method {
	var methods []method
	for i := range value.NumMethod() {
		call, name := value.Method(i), value.Type().Method(i).Name
		takesContext := call.Type().NumIn() > 0 && call.Type().In(0) == contextType
		// What ends an instance is done elsewhere.
		if takesContext && (name != "Close" || path != "") {
			methods = append(methods, method{path + name, call})
		}
	}
	if inner := reflect.Indirect(value); inner.Kind() == reflect.Struct && path == "" {
		for i := range inner.NumField() {
			if field := inner.Type().Field(i); field.IsExported() {
				methods = append(methods, methodsOf(inner.Field(i), field.Name+".")...)
			}
		}
	}
	return methods
}

// present is the instance of a slot, which is made when there is none.
func (s *slot) present(ctx context.Context) (*application, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.app == nil {
		made, err := s.target.open(ctx)
		if err != nil {
			return nil, err
		}
		s.app = &application{instance: made, methods: methodsOf(reflect.ValueOf(made), "")}
	}
	return s.app, nil
}

// replace closes an instance that is still the present one; whether it was.
func (s *slot) replace(app *application) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.app != app {
		return nil
	}
	err := app.Close(context.Background())
	if s.target.outcome(err) == busy {
		return nil
	}
	s.app = nil
	return err
}

// close closes the instance that there is.
func (s *slot) close(ctx context.Context) error {
	if s.app == nil {
		return nil
	}
	return s.app.Close(ctx)
}

// worker is a goroutine that calls.
type worker struct {
	random  *rand.Rand
	slots   []*slot
	counts  map[string]int
	failure error
}

func (w *worker) one(times int) bool { return w.random.IntN(times) == 0 }

// run calls until the context ends, or something is wrong.
func (w *worker) run(ctx context.Context) error {
	for ctx.Err() == nil {
		slot := w.slots[w.random.IntN(len(w.slots))]
		app, err := slot.present(context.WithoutCancel(ctx))
		if err != nil {
			return fmt.Errorf("a new instance: %w", err)
		}
		if w.one(2_000) {
			if err := slot.replace(app); err != nil {
				return fmt.Errorf("close: %w", err)
			}
			w.counts["closings"]++
		}
		if w.one(100) {
			// Others may be about to use it.
			if resource := app.open.some(w.random, nil); resource.IsValid() {
				if err := resource.Interface().(io.Closer).Close(); err != nil && !strings.Contains(err.Error(), "in use") {
					return fmt.Errorf("close of a resource: %w", err)
				}
			}
		}
		result, err := w.call(slot.target, app)
		if err != nil {
			return err
		}
		w.counts[string(result)]++
		if result == trapped || result == stopped {
			if err := slot.replace(app); err != nil {
				return fmt.Errorf("close after a trap: %w", err)
			}
		}
	}
	return nil
}

// choose is a method of the instance, or of one of its resources.
func (w *worker) choose(app *application) (chosen method, ofResource bool) {
	if w.one(4) {
		if resource := app.open.some(w.random, nil); resource.IsValid() {
			if methods := methodsOf(resource, resource.Type().String()+"."); len(methods) > 0 {
				return methods[w.random.IntN(len(methods))], true
			}
		}
	}
	for {
		chosen = app.methods[w.random.IntN(len(app.methods))]
		if often, ends := endings[chosen.name]; !ends || w.random.IntN(1000) < often {
			return chosen, false
		}
	}
}

// call calls something, and says what is wrong with the outcome.
func (w *worker) call(target *target, app *application) (outcome, error) {
	method, risky := w.choose(app)
	name := method.name[strings.LastIndexByte(method.name, '.')+1:]
	ctx, hurries := context.Background(), w.one(10)
	if hurries {
		short, cancel := context.WithCancel(ctx)
		defer cancel()
		ctx = short
		if w.one(2) {
			cancel()
		} else {
			timer := time.AfterFunc(time.Duration(w.random.IntN(1_000))*time.Microsecond, cancel)
			defer timer.Stop()
		}
	}
	maker := &maker{random: w.random, open: &app.open, limit: limits[name], spoil: w.one(10), risky: risky}
	args := []reflect.Value{reflect.ValueOf(ctx)}
	for i := 1; i < method.call.Type().NumIn(); i++ {
		arg := reflect.New(method.call.Type().In(i)).Elem()
		maker.set(arg, 0)
		args = append(args, arg)
	}
	results := method.call.Call(args)
	last := len(results) - 1
	err, _ := results[last].Interface().(error)
	got := target.outcome(err)
	right := false
	switch got {
	case answered, failed:
		right = !maker.spoiled
	case refused:
		right = maker.spoiled || maker.risky
	case busy, closed:
		right = true
	case cancelled:
		right = hurries
	case stopped:
		// Another call may have been, which ended the instance.
		right = hurries || isOver(err)
	case trapped:
		_, ends := endings[name]
		right = ends || isOver(err)
	}
	if !right {
		return got, fmt.Errorf("%s is %s (spoiled %t, with resources %t, in a hurry %t): %w",
			method.name, got, maker.spoiled, maker.risky, hurries, errors.Join(err, errors.New("not as it should be")))
	}
	if got == answered {
		for _, result := range results[:last] {
			app.open.keep(w.random, result)
		}
		// A tuple comes back as several results.
		echoes := strings.HasPrefix(name, "Echo") && last == 1 && results[0].Type() == args[1].Type()
		if echoes && !same(args[1], results[0]) {
			return got, fmt.Errorf("%s gave %v for %v", method.name, results[0], args[1])
		}
	}
	return got, nil
}

// isOver says whether a trap is of an instance that had ended before, or of an import that failed.
func isOver(err error) bool {
	text := err.Error()
	return errors.Is(err, errDrawn) || strings.Contains(text, "cannot enter component instance") ||
		strings.Contains(text, "the drawer is stuck")
}

// same compares values as WIT does: a list may be nil.
func same(left, right reflect.Value) bool {
	if left.Kind() == reflect.Slice && left.Len() == 0 {
		return right.Len() == 0
	}
	return fmt.Sprintf("%#v", readable(left)) == fmt.Sprintf("%#v", readable(right))
}

// readable is a value without pointers in it.
func readable(value reflect.Value) any {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if value.IsNil() {
			return nil
		}
		return []any{readable(value.Elem())}
	case reflect.Slice:
		parts := make([]any, value.Len())
		for i := range parts {
			parts[i] = readable(value.Index(i))
		}
		return parts
	case reflect.Struct:
		parts := make([]any, value.NumField())
		for i := range parts {
			parts[i] = readable(value.Field(i))
		}
		return parts
	default:
		return fmt.Sprint(value)
	}
}
