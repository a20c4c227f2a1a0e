// Command provider gives back what it gets.
package main

import (
	"fmt"

	"roundtripprovider/bindings/exports/witgen/conformance/enums"
	"roundtripprovider/bindings/exports/witgen/conformance/flagsets"
	"roundtripprovider/bindings/exports/witgen/conformance/lists"
	"roundtripprovider/bindings/exports/witgen/conformance/options"
	"roundtripprovider/bindings/exports/witgen/conformance/records"
	"roundtripprovider/bindings/exports/witgen/conformance/resources"
	"roundtripprovider/bindings/exports/witgen/conformance/results"
	"roundtripprovider/bindings/exports/witgen/conformance/scalars"
	"roundtripprovider/bindings/exports/witgen/conformance/tuples"
	"roundtripprovider/bindings/exports/witgen/conformance/variants"
	"roundtripprovider/bindings/wit"
)

func init() {
	scalars.Export(scalarsImpl{})
	lists.Export(listsImpl{})
	records.Export(recordsImpl{})
	enums.Export(enumsImpl{})
	options.Export(optionsImpl{})
	variants.Export(variantsImpl{})
	flagsets.Export(flagsetsImpl{})
	tuples.Export(tuplesImpl{})
	resources.Export(resourcesImpl{})
	results.Export(resultsImpl{})
}

func main() {}

type scalarsImpl struct{}

func (scalarsImpl) EchoBool(value bool) bool {
	return value
}

func (scalarsImpl) EchoU8(value uint8) uint8 {
	return value
}

func (scalarsImpl) EchoU16(value uint16) uint16 {
	return value
}

func (scalarsImpl) EchoU32(value uint32) uint32 {
	return value
}

func (scalarsImpl) EchoU64(value uint64) uint64 {
	return value
}

func (scalarsImpl) EchoS8(value int8) int8 {
	return value
}

func (scalarsImpl) EchoS16(value int16) int16 {
	return value
}

func (scalarsImpl) EchoS32(value int32) int32 {
	return value
}

func (scalarsImpl) EchoS64(value int64) int64 {
	return value
}

func (scalarsImpl) EchoF32(value float32) float32 {
	return value
}

func (scalarsImpl) EchoF64(value float64) float64 {
	return value
}

func (scalarsImpl) EchoChar(value rune) rune {
	return value
}

func (scalarsImpl) EchoString(value string) string {
	return value
}

type listsImpl struct{}

func (listsImpl) EchoBytes(value []byte) []byte {
	return value
}

func (listsImpl) EchoU16s(value []uint16) []uint16 {
	return value
}

func (listsImpl) EchoS64s(value []int64) []int64 {
	return value
}

func (listsImpl) EchoF64s(value []float64) []float64 {
	return value
}

func (listsImpl) EchoBools(value []bool) []bool {
	return value
}

func (listsImpl) EchoChars(value []rune) []rune {
	return value
}

func (listsImpl) EchoStrings(value []string) []string {
	return value
}

func (listsImpl) EchoNested(value [][]string) [][]string {
	return value
}

type recordsImpl struct{}

func (recordsImpl) EchoPoint(value records.Point) records.Point {
	return value
}

func (recordsImpl) EchoPerson(value records.Person) records.Person {
	return value
}

func (recordsImpl) EchoPeople(value []records.Person) []records.Person {
	return value
}

func (recordsImpl) EchoWide(value records.Wide) records.Wide {
	return value
}

func (recordsImpl) EchoPlace(value records.Place) records.Place {
	return value
}

func (recordsImpl) Swap(left, right records.Wide) []records.Wide {
	return []records.Wide{right, left}
}

type enumsImpl struct{}

func (enumsImpl) EchoSuit(value enums.Suit) enums.Suit {
	return value
}

func (enumsImpl) EchoSuits(value []enums.Suit) []enums.Suit {
	return value
}

type optionsImpl struct{}

func (optionsImpl) EchoU32(value *uint32) *uint32 {
	return value
}

func (optionsImpl) EchoString(value *string) *string {
	return value
}

func (optionsImpl) EchoSettings(value options.Settings) options.Settings {
	return value
}

func (optionsImpl) EchoOptionalSettings(value *options.Settings) *options.Settings {
	return value
}

func (optionsImpl) EchoList(value []*string) []*string {
	return value
}

func (optionsImpl) EchoNested(value **uint32) **uint32 {
	return value
}

type variantsImpl struct{}

func (variantsImpl) EchoShape(value variants.Shape) variants.Shape {
	return value
}

func (variantsImpl) EchoShapes(value []variants.Shape) []variants.Shape {
	return value
}

func (variantsImpl) EchoPlain(value variants.Plain) variants.Plain {
	return value
}

type flagsetsImpl struct{}

func (flagsetsImpl) EchoPermissions(value flagsets.Permissions) flagsets.Permissions {
	return value
}

func (flagsetsImpl) EchoNine(value flagsets.Nine) flagsets.Nine {
	return value
}

func (flagsetsImpl) EchoFull(value []flagsets.Full) []flagsets.Full {
	return value
}

type tuplesImpl struct{}

func (tuplesImpl) EchoPair(value wit.Tuple2[uint32, string]) (uint32, string) {
	return value.F0, value.F1
}

func (tuplesImpl) EchoSingle(value wit.Tuple1[uint8]) uint8 {
	return value.F0
}

func (tuplesImpl) EchoList(value []wit.Tuple3[uint8, uint64, string]) []wit.Tuple3[uint8, uint64, string] {
	return value
}

func (tuplesImpl) EchoLong(value *wit.Tuple18[uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, string]) *wit.Tuple18[uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, string] {
	return value
}

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

type counter struct {
	value uint32
}

var live uint32

func newCounter(value uint32) *counter {
	live++
	return &counter{value}
}

func (c *counter) Add(number uint32) uint32 {
	c.value += number
	return c.value
}

func (c *counter) Value() uint32 {
	return c.value
}

func (c *counter) Close() {
	live--
}

type resourcesImpl struct{}

func (resourcesImpl) NewCounter(start uint32) resources.Counter {
	return newCounter(start)
}

func (resourcesImpl) CounterMerge(left, right resources.Counter) resources.Counter {
	merged := newCounter(left.Value() + right.Value())
	right.(*counter).Close()
	return merged
}

func (resourcesImpl) Make(start uint32) (resources.Counter, error) {
	if start == 0 {
		return nil, wit.Fail("nothing to count")
	}
	return newCounter(start), nil
}

func (resourcesImpl) Total(counters []resources.Counter) uint32 {
	total := uint32(0)
	for _, c := range counters {
		total += c.Value()
	}
	return total
}

func (resourcesImpl) Swap(pair resources.Pair) resources.Pair {
	return resources.Pair{Left: pair.Right, Right: pair.Left, Name: pair.Name}
}

func (resourcesImpl) Live() uint32 {
	return live
}
