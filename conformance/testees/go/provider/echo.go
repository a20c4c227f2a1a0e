package main

import (
	"testees/provider/bindings/exports/witgen/conformance/enums"
	"testees/provider/bindings/exports/witgen/conformance/flagsets"
	"testees/provider/bindings/exports/witgen/conformance/options"
	"testees/provider/bindings/exports/witgen/conformance/records"
	"testees/provider/bindings/exports/witgen/conformance/variants"
	shared1 "testees/provider/bindings/exports/witgen/versioned/v1_0_0/shared"
	shared11 "testees/provider/bindings/exports/witgen/versioned/v1_1_0/shared"
	shared2 "testees/provider/bindings/exports/witgen/versioned/v2_0_0/shared"
	"testees/provider/bindings/wit"
)

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

type shared1Impl struct{}

func (shared1Impl) Echo(value shared1.Item) shared1.Item {
	return value
}

type shared11Impl struct{}

func (shared11Impl) Echo(value shared11.Item) shared11.Item {
	return value
}

type shared2Impl struct{}

func (shared2Impl) Echo(value shared2.Item) shared2.Item {
	return value
}

type innerImpl struct{}

func (innerImpl) Depth() uint32 {
	return 2
}

type inlineImpl struct{}

func (inlineImpl) Echo(value string) string {
	return value
}
