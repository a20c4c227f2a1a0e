// Command map-provider gives back what it gets.
package main

import "testees/map-provider/bindings/exports/witgen/conformance/maps"

type provider struct{}

func init() {
	maps.Export(provider{})
}

func main() {}

func (provider) EchoMap(value map[string]uint32) map[string]uint32 {
	return value
}

func (provider) EchoScores(value maps.Scores) maps.Scores {
	return value
}

func (provider) EchoNested(value map[uint8][]string) map[uint8][]string {
	return value
}
