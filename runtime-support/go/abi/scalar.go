package abi

import (
	"errors"
	"math"
	"unicode/utf8"
)

// FromBool is 1 for true.
func FromBool(value bool) uint32 {
	if value {
		return 1
	}
	return 0
}

// FromRune is the number of a Unicode scalar value; it panics for surrogates and what is out of range.
func FromRune(value rune) uint32 {
	if !utf8.ValidRune(value) {
		panic("rune is not a Unicode scalar value")
	}
	return uint32(value)
}

// FromFloat32 is the bits of a float.
func FromFloat32(value float32) uint32 { return math.Float32bits(value) }

// FromFloat64 is the bits of a float.
func FromFloat64(value float64) uint64 { return math.Float64bits(value) }

// ToFloat32 is the float of these bits.
func ToFloat32(bits uint32) float32 { return math.Float32frombits(bits) }

// ToFloat64 is the float of these bits.
func ToFloat64(bits uint64) float64 { return math.Float64frombits(bits) }

// As finds the error of type T in the chain of err.
// It panics when there is none, since the function has no other way to say that it failed.
func As[T error](err error) T {
	if found, ok := err.(T); ok {
		return found
	}
	var target T
	if !errors.As(err, &target) {
		panic(strayError{err})
	}
	return target
}

// strayError is an error that a function returned although its WIT has no such error.
type strayError struct {
	error
}

func (e strayError) Error() string {
	return "an exported function returned an error that is not the wit.Error of its result: " + e.error.Error()
}

func (e strayError) Unwrap() error {
	return e.error
}
