// Command caller calls every function of the provider and compares.
package main

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"

	"testees/caller/bindings"
	"testees/caller/bindings/wit"
	"testees/caller/bindings/witgen/conformance/enums"
	"testees/caller/bindings/witgen/conformance/flagsets"
	"testees/caller/bindings/witgen/conformance/lists"
	"testees/caller/bindings/witgen/conformance/options"
	"testees/caller/bindings/witgen/conformance/params"
	"testees/caller/bindings/witgen/conformance/records"
	"testees/caller/bindings/witgen/conformance/results"
	"testees/caller/bindings/witgen/conformance/scalars"
	"testees/caller/bindings/witgen/conformance/tuples"
	"testees/caller/bindings/witgen/conformance/variants"
	"testees/caller/bindings/witgen/nested/inner"
	shared1 "testees/caller/bindings/witgen/versioned/v1_0_0/shared"
	shared11 "testees/caller/bindings/witgen/versioned/v1_1_0/shared"
	shared2 "testees/caller/bindings/witgen/versioned/v2_0_0/shared"
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
	c.scalars()
	c.lists()
	c.records()
	c.cases()
	c.results()
	c.flagsAndTuples()
	c.params()
	c.versions()
	return c.wrong
}

func (c *caller) equal(what string, got, want any) {
	if !reflect.DeepEqual(got, want) {
		c.wrong = append(c.wrong, fmt.Sprintf("%s: got %#v, want %#v", what, got, want))
	}
}

func echo[T any](c *caller, what string, function func(T) T, values ...T) {
	for _, value := range values {
		c.equal(what, function(value), value)
	}
}

func (c *caller) scalars() {
	echo(c, "bool", scalars.EchoBool, true, false)
	echo(c, "u8", scalars.EchoU8, 0, math.MaxUint8)
	echo(c, "u16", scalars.EchoU16, 0, math.MaxUint16)
	echo(c, "u32", scalars.EchoU32, 0, 1<<31, math.MaxUint32)
	echo(c, "u64", scalars.EchoU64, 0, 1<<53+1, math.MaxUint64)
	echo(c, "s8", scalars.EchoS8, math.MinInt8, -1, math.MaxInt8)
	echo(c, "s16", scalars.EchoS16, math.MinInt16, -1, math.MaxInt16)
	echo(c, "s32", scalars.EchoS32, math.MinInt32, -1, math.MaxInt32)
	echo(c, "s64", scalars.EchoS64, math.MinInt64, -1, math.MaxInt64)
	echo(c, "f32", scalars.EchoF32, 0, -1.5, math.MaxFloat32, float32(math.Inf(1)))
	echo(c, "f64", scalars.EchoF64, 0, math.Pi, math.SmallestNonzeroFloat64, math.Inf(-1))
	echo(c, "char", scalars.EchoChar, 'a', 'ß', '€', '𝄞', 0, 0x10ffff)
	echo(c, "string", scalars.EchoString, "", "a", "Grüße, 世界 🦀", strings.Repeat("x", 100_000))
}

func (c *caller) lists() {
	echo(c, "bytes", lists.EchoBytes, []byte{}, []byte{0, 255}, make([]byte, 1<<20))
	echo(c, "u16s", lists.EchoU16s, []uint16{}, []uint16{1, 65535})
	echo(c, "s64s", lists.EchoS64s, []int64{math.MinInt64, 0, math.MaxInt64})
	echo(c, "f64s", lists.EchoF64s, []float64{-0.5, math.Inf(1)})
	echo(c, "bools", lists.EchoBools, []bool{true, false, true})
	echo(c, "chars", lists.EchoChars, []rune("aß𝄞"))
	echo(c, "strings", lists.EchoStrings, []string{}, []string{"", "a", "bc"})
	echo(c, "nested", lists.EchoNested, [][]string{}, [][]string{{}, {"a"}, {"b", "", "c"}})
}

func person(name string) records.Person {
	return records.Person{Name: name, Age: 36, Home: records.Point{X: -1, Y: 2}, Nicknames: []string{"a", name}}
}

func wide(text string) records.Wide {
	return records.Wide{
		A: 1, B: 2, C: 3, D: 1 << 60, E: -1, F: -2, G: -3, H: -1 << 60, I: 1.5, J: -2.5, K: 'é', L: true,
		M: text, N: []byte(text), O: records.Point{X: 7, Y: 8},
	}
}

func (c *caller) records() {
	echo(c, "point", records.EchoPoint, records.Point{X: math.MinInt32, Y: math.MaxInt32})
	echo(c, "person", records.EchoPerson, person("Ada"), person("é"))
	echo(c, "people", records.EchoPeople, []records.Person{}, []records.Person{person("Ada"), person("Bo")})
	echo(c, "wide", records.EchoWide, wide("text"))
	echo(c, "place", records.EchoPlace, records.Place{X: 1, Y: 2})
	c.equal("swap", records.Swap(wide("left"), wide("right")), []records.Wide{wide("right"), wide("left")})
}

func (c *caller) cases() {
	echo(c, "suit", enums.EchoSuit, enums.SuitHearts, enums.SuitSpades)
	echo(c, "suits", enums.EchoSuits, []enums.Suit{enums.SuitClubs, enums.SuitDiamonds})
	c.equal("suit text", enums.SuitDiamonds.String(), "diamonds")
	number, text := uint32(7), "text"
	echo(c, "option u32", options.EchoU32, nil, &number)
	echo(c, "option string", options.EchoString, nil, &text)
	settings := options.Settings{Name: &text}
	echo(c, "settings", options.EchoSettings, settings, options.Settings{})
	echo(c, "optional settings", options.EchoOptionalSettings, nil, &settings)
	echo(c, "option list", options.EchoList, []*string{nil, &text, nil})
	var none *uint32
	some := &number
	echo(c, "nested option", options.EchoNested, nil, &none, &some)
	shapes := []variants.Shape{
		variants.ShapeCircle{Value: 1.5},
		variants.ShapeRectangle{Value: wit.Tuple2[uint32, uint32]{F0: 1, F1: math.MaxUint32}},
		variants.ShapeLabel{Value: "text"},
		variants.ShapeEmpty{},
	}
	echo(c, "shape", variants.EchoShape, shapes...)
	echo(c, "shapes", variants.EchoShapes, shapes, []variants.Shape{})
	echo(c, "plain", variants.EchoPlain, []variants.Plain{variants.PlainNo{}, variants.PlainYes{}}...)
}

func (c *caller) results() {
	quotient, err := results.Divide(7, 2)
	c.equal("divide", []any{quotient, err}, []any{uint32(3), nil})
	_, err = results.Divide(7, 0)
	c.equal("divide by zero", payload[string](err), "division by zero")
	found, err := results.Find("it")
	c.equal("find", []any{found, err}, []any{"it found", nil})
	_, err = results.Find("")
	c.equal("find nothing", payload[results.Failure](err), results.FailureDenied)
	c.equal("message of an enum", err.Error(), "denied")
	c.equal("check", results.Check(""), nil)
	c.equal("check text", payload[results.Report](results.Check("bad")), results.Report{Line: 3, Message: "bad"})
	c.equal("attempt", results.Attempt(true), nil)
	c.equal("failed attempt", payload[struct{}](results.Attempt(false)), struct{}{})
	list, err := results.Produce(true)
	c.equal("produce", []any{list, err}, []any{[]string{"a", "", "c"}, nil})
	_, err = results.Produce(false)
	c.equal("failed produce", err != nil, true)
	number, err := results.EchoResult(wit.Ok[uint64, string](1 << 60))
	c.equal("ok", []any{number, err}, []any{uint64(1 << 60), nil})
	_, err = results.EchoResult(wit.Err[uint64]("no"))
	c.equal("err", payload[string](err), "no")
	echo(c, "results", results.EchoResults, []wit.Result[float32, results.Failure]{
		wit.Ok[float32, results.Failure](1.5), wit.Err[float32](results.FailureMissing),
	})
	echo(c, "bare", results.EchoBare, []wit.Result[struct{}, struct{}]{
		wit.Ok[struct{}, struct{}](struct{}{}), wit.Err[struct{}](struct{}{}),
	})
	inner := wit.Err[uint8]("inner")
	got, err := results.EchoNested(wit.Ok[wit.Result[uint8, string], float64](inner))
	c.equal("nested result", []any{got, err}, []any{inner, nil})
	_, err = results.EchoNested(wit.Err[wit.Result[uint8, string]](2.5))
	c.equal("nested failure", payload[float64](err), 2.5)
}

func payload[E any](err error) any {
	var failed *wit.Error[E]
	if !errors.As(err, &failed) {
		return err
	}
	return failed.Payload
}

func (c *caller) flagsAndTuples() {
	echo(c, "permissions", flagsets.EchoPermissions, 0, flagsets.PermissionsRead|flagsets.PermissionsRunIt)
	c.equal("flag text", (flagsets.PermissionsRead | flagsets.PermissionsRunIt).String(), "read|run-it")
	echo(c, "nine", flagsets.EchoNine, flagsets.NineA|flagsets.NineI)
	echo(c, "full", flagsets.EchoFull, []flagsets.Full{flagsets.FullB31, flagsets.FullB0})
	number, text := tuples.EchoPair(wit.Tuple2[uint32, string]{F0: 1, F1: "b"})
	c.equal("pair", []any{number, text}, []any{uint32(1), "b"})
	c.equal("single", tuples.EchoSingle(wit.Tuple1[uint8]{F0: 9}), uint8(9))
	echo(c, "tuples", tuples.EchoList, []wit.Tuple3[uint8, uint64, string]{{F0: 1, F1: 2, F2: "c"}, {}})
	long := wit.Tuple18[
		uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8,
		uint8, uint8, uint8, uint8, uint8, uint8, uint8, uint8, string,
	]{F0: 1, F8: 8, F16: 255, F17: "last"}
	echo(c, "long tuple", tuples.EchoLong, nil, &long)
}

func (c *caller) params() {
	c.equal("sixteen",
		params.Sixteen(255, 65535, 3, 1<<63, -128, -6, -7, math.MinInt64, 1.5, -2.5, '🦀', true, "text", []byte{1, 255}),
		"255,65535,3,9223372036854775808,-128,-6,-7,-9223372036854775808,1.5,-2.5,🦀,true,text,256")
	c.equal("seventeen",
		params.Seventeen(1, 2, 3, 4, -5, -6, -7, -8, 0.5, 8, 'k', false, "", nil, 9),
		"1,2,3,4,-5,-6,-7,-8,0.5,8.0,k,false,,0,9")
	c.equal("forty",
		params.Forty(
			0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
			20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, math.MaxUint32,
		), uint64(741+math.MaxUint32))
	size := uint64(1 << 40)
	here, sized, figure := params.Point{X: 1, Y: -2}, params.Settings{Size: &size}, variants.ShapeLabel{Value: "it"}
	gotPoint, gotSettings, gotFigure := params.Several(here, sized, figure)
	c.equal("several", []any{gotPoint, gotSettings, gotFigure}, []any{here, sized, figure})
	params.Nothing()
}

func (c *caller) versions() {
	c.equal("depth", inner.Depth(), uint32(2))
	c.equal("renamed", bindings.Renamed(), uint32(42))
	echo(c, "version 1", shared1.Echo, shared1.Item{X: math.MaxUint32})
	echo(c, "version 1.1", shared11.Echo, shared11.Item{X: "x"})
	echo(c, "version 2", shared2.Echo, shared2.Item{X: math.MaxUint64, Y: "y"})
}
