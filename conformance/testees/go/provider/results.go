package main

import (
	"fmt"

	"testees/provider/bindings/exports/witgen/conformance/results"
	"testees/provider/bindings/wit"
)

type resultsImpl struct{}

func (resultsImpl) Divide(left, right uint32) (uint32, error) {
	if right == 0 {
		return 0, wit.Fail("division by zero")
	}
	return left / right, nil
}

func (resultsImpl) Find(name string) (string, error) {
	if name == "" {
		return "", fmt.Errorf("wrapped: %w", wit.Fail(results.FailureDenied))
	}
	return name + " found", nil
}

func (resultsImpl) Check(text string) error {
	if text != "" {
		return wit.Fail(results.Report{Line: uint32(len(text)), Message: text})
	}
	return nil
}

func (resultsImpl) Attempt(works bool) error {
	if !works {
		return wit.Fail(struct{}{})
	}
	return nil
}

func (resultsImpl) Produce(works bool) ([]string, error) {
	if !works {
		return nil, wit.Fail(struct{}{})
	}
	return []string{"a", "", "c"}, nil
}

func (resultsImpl) EchoResult(value wit.Result[uint64, string]) (uint64, error) {
	return value.Unwrap()
}

func (resultsImpl) EchoResults(value []wit.Result[float32, results.Failure]) []wit.Result[float32, results.Failure] {
	return value
}

func (resultsImpl) EchoBare(value []wit.Result[struct{}, struct{}]) []wit.Result[struct{}, struct{}] {
	return value
}

func (resultsImpl) EchoNested(value wit.Result[wit.Result[uint8, string], float64]) (wit.Result[uint8, string], error) {
	return value.Unwrap()
}
