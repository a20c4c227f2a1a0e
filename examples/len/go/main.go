// Command length is a component that counts characters.
package main

import (
	"unicode/utf8"

	"length/bindings/exports/example/stringoperations/lenpkg"
)

type counter struct{}

func (counter) Len(s string) uint32 {
	return uint32(utf8.RuneCountInString(s))
}

func init() {
	lenpkg.Export(counter{})
}

func main() {}
