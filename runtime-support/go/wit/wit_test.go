package wit

import (
	"errors"
	"fmt"
	"testing"
)

type level uint8

func (level) String() string { return "high" }

func TestPayloadIsFoundInAWrappedError(t *testing.T) {
	wrapped := fmt.Errorf("outer: %w", Fail(level(3)))
	var found *Error[level]
	if !errors.As(wrapped, &found) || found.Payload != 3 {
		t.Errorf("found %v", found)
	}
	var other *Error[string]
	if errors.As(wrapped, &other) {
		t.Error("found a payload of another type")
	}
}

func TestMessageIsReadableForEveryPayload(t *testing.T) {
	for expected, err := range map[string]error{
		"high":            Fail(level(1)),
		"text":            Fail("text"),
		"true":            Fail(true),
		"-7":              Fail(int16(-7)),
		"18446":           Fail(uint64(18446)),
		"1.5":             Fail(float32(1.5)),
		"the call failed": Fail(struct{ A int }{1}),
		"inner":           Fail(errors.New("inner")),
	} {
		if err.Error() != expected {
			t.Errorf("%q instead of %q", err.Error(), expected)
		}
	}
}

func TestResultHoldsOneOfTwo(t *testing.T) {
	ok, failed := Ok[int, string](3), Err[int]("no")
	if value, is := ok.Ok(); !is || value != 3 {
		t.Error("ok has no value")
	}
	if _, is := ok.Err(); is {
		t.Error("ok has an error")
	}
	if payload, is := failed.Err(); !is || payload != "no" {
		t.Error("err has no payload")
	}
	if _, err := failed.Unwrap(); err == nil || err.Error() != "no" {
		t.Errorf("err unwraps to %v", err)
	}
	if value, err := ok.Unwrap(); value != 3 || err != nil {
		t.Errorf("ok unwraps to %v, %v", value, err)
	}
	if zero := (Result[int, string]{}); zero != Ok[int, string](0) {
		t.Error("the zero value is not ok")
	}
}
