package main

import (
	"strconv"
	"strings"

	"testees/provider/bindings/exports/witgen/conformance/params"
)

type paramsImpl struct{}

func (paramsImpl) Sixteen(
	a uint8, b uint16, c uint32, d uint64, e int8, f int16, g int32, h int64, i float32, j float64, k rune, l bool,
	m string, n []byte,
) string {
	return strings.Join([]string{
		strconv.FormatUint(uint64(a), 10),
		strconv.FormatUint(uint64(b), 10),
		strconv.FormatUint(uint64(c), 10),
		strconv.FormatUint(d, 10),
		strconv.FormatInt(int64(e), 10),
		strconv.FormatInt(int64(f), 10),
		strconv.FormatInt(int64(g), 10),
		strconv.FormatInt(h, 10),
		strconv.FormatFloat(float64(i), 'f', 1, 32),
		strconv.FormatFloat(j, 'f', 1, 64),
		string(k),
		strconv.FormatBool(l),
		m,
		strconv.Itoa(sum(n)),
	}, ",")
}

func (p paramsImpl) Seventeen(
	a uint8, b uint16, c uint32, d uint64, e int8, f int16, g int32, h int64, i float32, j float64, k rune, l bool,
	m string, n []byte, o uint8,
) string {
	return p.Sixteen(a, b, c, d, e, f, g, h, i, j, k, l, m, n) + "," + strconv.Itoa(int(o))
}

func (paramsImpl) Forty(
	a0, a1, a2, a3, a4, a5, a6, a7, a8, a9,
	b0, b1, b2, b3, b4, b5, b6, b7, b8, b9,
	c0, c1, c2, c3, c4, c5, c6, c7, c8, c9,
	d0, d1, d2, d3, d4, d5, d6, d7, d8, d9 uint32,
) uint64 {
	total := uint64(0)
	for _, number := range []uint32{
		a0, a1, a2, a3, a4, a5, a6, a7, a8, a9,
		b0, b1, b2, b3, b4, b5, b6, b7, b8, b9,
		c0, c1, c2, c3, c4, c5, c6, c7, c8, c9,
		d0, d1, d2, d3, d4, d5, d6, d7, d8, d9,
	} {
		total += uint64(number)
	}
	return total
}

func (paramsImpl) Several(
	point params.Point, settings params.Settings, figure params.Figure,
) (params.Point, params.Settings, params.Figure) {
	return point, settings, figure
}

func (paramsImpl) Nothing() {}

func sum(bytes []byte) int {
	total := 0
	for _, b := range bytes {
		total += int(b)
	}
	return total
}
