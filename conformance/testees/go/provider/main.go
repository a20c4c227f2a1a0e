// Command provider gives back what it gets, in each type of WIT.
package main

import (
	"testees/provider/bindings"
	"testees/provider/bindings/exports/inline"
	"testees/provider/bindings/exports/witgen/conformance/enums"
	"testees/provider/bindings/exports/witgen/conformance/flagsets"
	"testees/provider/bindings/exports/witgen/conformance/lists"
	"testees/provider/bindings/exports/witgen/conformance/options"
	"testees/provider/bindings/exports/witgen/conformance/params"
	"testees/provider/bindings/exports/witgen/conformance/records"
	"testees/provider/bindings/exports/witgen/conformance/results"
	"testees/provider/bindings/exports/witgen/conformance/scalars"
	"testees/provider/bindings/exports/witgen/conformance/store"
	"testees/provider/bindings/exports/witgen/conformance/tuples"
	"testees/provider/bindings/exports/witgen/conformance/variants"
	"testees/provider/bindings/exports/witgen/nested/inner"
	"testees/provider/bindings/exports/witgen/testees/failures"
	shared1 "testees/provider/bindings/exports/witgen/versioned/v1_0_0/shared"
	shared11 "testees/provider/bindings/exports/witgen/versioned/v1_1_0/shared"
	shared2 "testees/provider/bindings/exports/witgen/versioned/v2_0_0/shared"
)

func init() {
	bindings.Export(world{})
	inline.Export(inlineImpl{})
	inner.Export(innerImpl{})
	scalars.Export(scalarsImpl{})
	lists.Export(listsImpl{})
	records.Export(recordsImpl{})
	enums.Export(enumsImpl{})
	options.Export(optionsImpl{})
	results.Export(resultsImpl{})
	variants.Export(variantsImpl{})
	flagsets.Export(flagsetsImpl{})
	tuples.Export(tuplesImpl{})
	params.Export(paramsImpl{})
	store.Export(storeImpl{})
	failures.Export(failuresImpl{})
	shared1.Export(shared1Impl{})
	shared11.Export(shared11Impl{})
	shared2.Export(shared2Impl{})
}

func main() {}

type world struct{}

func (world) EchoTagged(value bindings.Tagged) bindings.Tagged {
	return value
}

func (world) Fail(message string) {
	panic(message)
}

func (world) Renamed() uint32 {
	return 42
}
