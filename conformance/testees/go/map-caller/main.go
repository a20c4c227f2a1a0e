// Command map-caller calls every function of the provider and compares.
package main

import (
	"fmt"

	"testees/map-caller/bindings"
	"testees/map-caller/bindings/witgen/conformance/maps"
)

type caller struct{}

func init() {
	bindings.Export(caller{})
}

func main() {}

func (caller) Run() []string {
	var wrong []string
	for _, value := range []map[string]uint32{nil, {"": 0}, {"one": 1, "two": 2, "größer": 1 << 31}} {
		wrong = echo(wrong, "map", maps.EchoMap, value)
		wrong = echo(wrong, "scores", maps.EchoScores, maps.Scores{ByName: value})
	}
	wrong = echo(wrong, "nested", maps.EchoNested, map[uint8][]string{0: {}, 7: {"a", ""}, 255: {"b"}})
	large := make(map[string]uint32)
	for i := range uint32(1000) {
		large[fmt.Sprint(i)] = i
	}
	return echo(wrong, "large map", maps.EchoMap, large)
}

// echo compares as text, in which an empty map and none are one, and keys are in order.
func echo[T any](wrong []string, what string, function func(T) T, value T) []string {
	got := function(value)
	if fmt.Sprint(got) == fmt.Sprint(value) {
		return wrong
	}
	return append(wrong, fmt.Sprintf("%s: got %v, want %v", what, got, value))
}
