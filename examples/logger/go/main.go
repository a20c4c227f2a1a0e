// Command app is a component that logs what it does.
package main

import (
	"app/bindings"
	"app/bindings/jacar/examples/logger"
)

type app struct{}

func (app) Run() {
	logger.Log("starting")
	logger.Log("done")
}

func init() {
	bindings.Export(app{})
}

func main() {}
