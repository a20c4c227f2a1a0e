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

// As finds the error of type T in the chain of err; it panics with err when there is none,
// since the function has no way to say that to its caller.
func As[T error](err error) T {
	var target T
	if !errors.As(err, &target) {
		panic(err)
	}
	return target
}
