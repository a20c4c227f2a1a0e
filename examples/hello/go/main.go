// Command hello is a component that greets.
package main

import "hello/bindings"

type greeter struct{}

func (greeter) Greet(name string) string {
	return "Hello, " + name + "!"
}

func init() {
	bindings.Export(greeter{})
}

func main() {}
