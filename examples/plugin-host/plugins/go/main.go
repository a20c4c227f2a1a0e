// Command plugin is a component that makes an image black and white.
package main

import (
	"fmt"

	"threshold/bindings/example/plugins/logger"
	"threshold/bindings/exports/example/plugins/filters"
	"threshold/bindings/wit"
)

type threshold struct{}

func (threshold) Filter(image []byte, options filters.Options) ([]byte, error) {
	if options.Strength == 0 {
		return nil, wit.Fail[filters.FilterError](filters.FilterErrorUnsupported{Value: "a strength of 0"})
	}
	logger.Log(fmt.Sprintf("white from %d on", options.Strength))
	result := make([]byte, len(image))
	for index, pixel := range image {
		if pixel >= options.Strength {
			result[index] = 255
		}
	}
	return result, nil
}

func init() {
	filters.Export(threshold{})
}

func main() {}
