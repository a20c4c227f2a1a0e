// Package vectors is what test guests need to write down values and to compare them.
package vectors

import (
	"errors"
	"fmt"
	"math"
	"reflect"

	"github.com/witgen/witgen/runtime-support/go/wit"
)

// Pointer is the address of a copy of value: an option that is present.
func Pointer[T any](value T) *T {
	return &value
}

// Failure is the error of a result without a value.
func Failure(_ struct{}, err error) error {
	return err
}

// Result makes one value of what a function returns.
func Result[T, E any](value T, err error) wit.Result[T, E] {
	if err == nil {
		return wit.Ok[T, E](value)
	}
	var failed *wit.Error[E]
	if !errors.As(err, &failed) {
		panic(err)
	}
	return wit.Err[T](failed.Payload)
}

// Value is the value of a function of a host, which may always fail.
func Value[T any](value T, err error) T {
	Done(err)
	return value
}

// Done ends the program's step when a function failed.
func Done(err error) {
	if err != nil {
		panic(err)
	}
}

// Outcome is [Result] for functions that return nothing but an error.
func Outcome[E any](err error) wit.Result[struct{}, E] {
	return Result[struct{}, E](struct{}{}, err)
}

// Known says nothing when the exporter knows the value.
func Known(known bool, wanted any) *string {
	if known {
		return nil
	}
	return Pointer("the exporter holds another value than " + text(wanted))
}

// Differ says how two values differ, if they do.
func Differ(got, wanted any) *string {
	if Same(got, wanted) {
		return nil
	}
	return Pointer("got " + text(got) + ", wanted " + text(wanted))
}

// Same compares: -0.0 is not 0.0, every NaN is one, and an empty slice is a nil one.
func Same(left, right any) bool {
	return same(reflect.ValueOf(left), reflect.ValueOf(right))
}

func same(left, right reflect.Value) bool {
	if left.IsValid() != right.IsValid() || left.IsValid() && left.Type() != right.Type() {
		return false
	}
	switch left.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Bool:
		return left.Bool() == right.Bool()
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return left.Int() == right.Int()
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return left.Uint() == right.Uint()
	case reflect.Float32, reflect.Float64:
		a, b := left.Float(), right.Float()
		return math.IsNaN(a) && math.IsNaN(b) || math.Float64bits(a) == math.Float64bits(b)
	case reflect.String:
		return left.String() == right.String()
	case reflect.Slice:
		for i := range min(left.Len(), right.Len()) {
			if !same(left.Index(i), right.Index(i)) {
				return false
			}
		}
		return left.Len() == right.Len()
	case reflect.Map:
		for _, key := range left.MapKeys() {
			value := right.MapIndex(key)
			if !value.IsValid() || !same(left.MapIndex(key), value) {
				return false
			}
		}
		return left.Len() == right.Len()
	case reflect.Struct:
		for i := range left.NumField() {
			if !same(left.Field(i), right.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Pointer, reflect.Interface:
		if left.IsNil() || right.IsNil() {
			return left.IsNil() == right.IsNil()
		}
		return same(left.Elem(), right.Elem())
	default:
		panic("a value of WIT has no kind " + left.Kind().String())
	}
}

func text(value any) string {
	text := fmt.Sprintf("%#v", value)
	if len(text) > 200 {
		text = text[:200]
	}
	return text
}
