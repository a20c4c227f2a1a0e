// Command provider is a component that offers operations on text.
package main

import (
	"slices"
	"strings"

	"provider/bindings/exports/example/stringoperations/operations"
)

type texts struct{}

func (texts) Reverse(s string) string {
	characters := []rune(s)
	slices.Reverse(characters)
	return string(characters)
}

func (texts) WordCount(s string) uint32 {
	return uint32(len(strings.Fields(s)))
}

func init() {
	operations.Export(texts{})
}

func main() {}
