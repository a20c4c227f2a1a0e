// Command processdata is a component that a host program calls.
package main

import (
	"fmt"
	"strings"

	"processdata/bindings"
)

type processor struct{}

func (processor) ProcessData(input string) string {
	return fmt.Sprintf("Processed %d words", len(strings.Fields(input)))
}

func init() {
	bindings.Export(processor{})
}

func main() {}
