// Command drawers-provider has two drawers, each for one thing.
package main

import (
	"testees/drawers-provider/bindings/exports/left"
	"testees/drawers-provider/bindings/exports/right"
)

func init() {
	left.Export(&drawer[left.Thing]{})
	right.Export(&drawer[right.Thing]{})
}

func main() {}

type drawer[Thing any] struct {
	thing *Thing
}

func (d *drawer[Thing]) Put(thing Thing) *Thing {
	before := d.thing
	d.thing = &thing
	return before
}

func (d *drawer[Thing]) Take() *Thing {
	taken := d.thing
	d.thing = nil
	return taken
}
