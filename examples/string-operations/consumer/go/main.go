// Command consumer is a component that uses the operations of another one.
package main

import (
	"fmt"

	"consumer/bindings/example/stringoperations/operations"
	"consumer/bindings/exports/wasi/cli/run"
)

type command struct{}

func (command) Run() error {
	text := "Hello WebAssembly Component Model"
	fmt.Println("Original:", text)
	fmt.Println("Reversed:", operations.Reverse(text))
	fmt.Println("Words:", operations.WordCount(text))
	return nil
}

func init() {
	run.Export(command{})
}

func main() {}
