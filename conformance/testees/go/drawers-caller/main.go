// Command drawers-caller uses both drawers.
package main

import (
	"fmt"
	"reflect"

	"testees/drawers-caller/bindings"
	"testees/drawers-caller/bindings/left"
	"testees/drawers-caller/bindings/right"
)

type caller struct {
	wrong []string
}

func init() {
	bindings.Export(&caller{})
}

func main() {}

func (c *caller) Run() []string {
	c.wrong = nil
	pen, cup := left.Thing{Name: "pen", Weight: 12}, left.Thing{Name: "cup", Weight: 300}
	book := right.Thing{Name: "book", Weight: 1 << 31}
	c.equal("empty left", left.Take(), (*left.Thing)(nil))
	c.equal("put left", left.Put(pen), (*left.Thing)(nil))
	c.equal("right is empty still", right.Take(), (*right.Thing)(nil))
	c.equal("put right", right.Put(book), (*right.Thing)(nil))
	c.equal("put left again", left.Put(cup), &pen)
	c.equal("take left", left.Take(), &cup)
	c.equal("take right", right.Take(), &book)
	c.equal("empty right", right.Take(), (*right.Thing)(nil))
	return c.wrong
}

func (c *caller) equal(what string, got, want any) {
	if !reflect.DeepEqual(got, want) {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: got %#v, want %#v", what, got, want))
	}
}
