package host

import (
	"encoding/binary"
	"unicode/utf8"
)

// transcoders copy strings between the memories of two components; docs/link-plan.md of witgen says what is on
// the stack. Adapters have checked that both places lie in their memories, and slices check it again.
var transcoders = map[string]func(from, to []byte, stack []uint64){
	"utf8-to-utf8":                    utf8ToUTF8,
	"utf8-to-utf16":                   utf8ToUTF16,
	"utf16-to-utf16":                  utf16ToUTF16,
	"latin1-to-latin1":                latin1ToLatin1,
	"latin1-to-utf16":                 latin1ToUTF16,
	"utf16-to-utf8":                   utf16ToUTF8,
	"latin1-to-utf8":                  latin1ToUTF8,
	"utf16-to-compact-probably-utf16": utf16ToCompactProbablyUTF16,
	"utf8-to-latin1":                  utf8ToLatin1,
	"utf16-to-latin1":                 utf16ToLatin1,
	"utf8-to-compact-utf16":           utf8ToCompactUTF16,
	"utf16-to-compact-utf16":          utf16ToCompactUTF16,
}

// part is so many bytes of a memory.
func part(data []byte, start, size uint64) []byte {
	start = uint64(uint32(start))
	if start+size > uint64(len(data)) {
		trap("out of bounds memory access")
	}
	return data[start : start+size]
}

// source is what is read: stack[0] is where, stack[1] how many units of so many bytes.
func source(from []byte, stack []uint64, width uint64) []byte {
	return part(from, stack[0], uint64(uint32(stack[1]))*width)
}

func checkedUTF8(text []byte) []byte {
	if !validUTF8(text) {
		trap("invalid utf8 encoding")
	}
	return text
}

// decodedUTF16 is UTF-16 as UTF-8.
func decodedUTF16(units []byte) []byte {
	text, valid := appendUTF16(make([]byte, 0, len(units)), units)
	if !valid {
		trap("invalid utf16 encoding")
	}
	return text
}

// unitsUpTo is how many units at the start are not above a limit.
func unitsUpTo(units []byte, limit uint16) int {
	count := 0
	for 2*count+1 < len(units) && binary.LittleEndian.Uint16(units[2*count:]) <= limit {
		count++
	}
	return count
}

func utf8ToUTF8(from, to []byte, stack []uint64) {
	text := checkedUTF8(source(from, stack, 1))
	copy(part(to, stack[2], uint64(len(text))), text)
}

func utf8ToUTF16(from, to []byte, stack []uint64) {
	text := checkedUTF8(source(from, stack, 1))
	stack[0] = uint64(putUTF16(part(to, stack[2], roomAfter(to, stack[2])), string(text)))
}

// roomAfter is how much of a memory comes after an address.
func roomAfter(data []byte, start uint64) uint64 {
	start = uint64(uint32(start))
	if start > uint64(len(data)) {
		trap("out of bounds memory access")
	}
	return uint64(len(data)) - start
}

func utf16ToUTF16(from, to []byte, stack []uint64) {
	units := source(from, stack, 2)
	decodedUTF16(units)
	copy(part(to, stack[2], uint64(len(units))), units)
}

func latin1ToLatin1(from, to []byte, stack []uint64) {
	text := source(from, stack, 1)
	copy(part(to, stack[2], uint64(len(text))), text)
}

func latin1ToUTF16(from, to []byte, stack []uint64) {
	text := source(from, stack, 1)
	units := part(to, stack[2], 2*uint64(len(text)))
	for i, char := range text {
		binary.LittleEndian.PutUint16(units[2*i:], uint16(char))
	}
}

func utf16ToUTF8(from, to []byte, stack []uint64) {
	units := source(from, stack, 2)
	if stack[4] != 0 {
		units = units[:2*unitsUpTo(units, 0x7f)]
	}
	text := decodedUTF16(units)
	room := part(to, stack[2], uint64(uint32(stack[3])))
	read, written := 0, 0
	for written < len(text) {
		char, size := utf8.DecodeRune(text[written:])
		if written+size > len(room) {
			break
		}
		written += copy(room[written:], text[written:written+size])
		read++
		if char > 0xffff {
			read++
		}
	}
	stack[0], stack[1] = uint64(read), uint64(written)
}

func latin1ToUTF8(from, to []byte, stack []uint64) {
	text := source(from, stack, 1)
	room := part(to, stack[2], uint64(uint32(stack[3])))
	read, written := 0, 0
	for _, char := range text {
		size := utf8.RuneLen(rune(char))
		if written+size > len(room) || stack[4] != 0 && size > 1 {
			break
		}
		written += utf8.EncodeRune(room[written:], rune(char))
		read++
	}
	stack[0], stack[1] = uint64(read), uint64(written)
}

func utf16ToCompactProbablyUTF16(from, to []byte, stack []uint64) {
	units := source(from, stack, 2)
	decodedUTF16(units)
	count := len(units) / 2
	if unitsUpTo(units, maxLatin1) == count {
		text := part(to, stack[2], uint64(count))
		for i := range text {
			text[i] = units[2*i]
		}
		stack[0] = uint64(count)
		return
	}
	copy(part(to, stack[2], uint64(len(units))), units)
	stack[0] = uint64(count) | utf16Tag
}

func utf8ToLatin1(from, to []byte, stack []uint64) {
	text := source(from, stack, 1)
	read, written := 0, 0
	room := part(to, stack[2], roomAfter(to, stack[2]))
	for read < len(text) && written < len(room) {
		char, size := utf8.DecodeRune(text[read:])
		if char > maxLatin1 || char == utf8.RuneError {
			break
		}
		room[written] = byte(char)
		read += size
		written++
	}
	stack[0], stack[1] = uint64(read), uint64(written)
}

func utf16ToLatin1(from, to []byte, stack []uint64) {
	units := source(from, stack, 2)
	count := unitsUpTo(units, maxLatin1)
	text := part(to, stack[2], uint64(count))
	for i := range text {
		text[i] = units[2*i]
	}
	stack[0], stack[1] = uint64(count), uint64(count)
}

func utf8ToCompactUTF16(from, to []byte, stack []uint64) {
	text := string(checkedUTF8(source(from, stack, 1)))
	room := part(to, stack[2], roomAfter(to, stack[2]))
	there := widen(room, stack[4])
	stack[0] = uint64(there + putUTF16(room[2*there:], text))
}

func utf16ToCompactUTF16(from, to []byte, stack []uint64) {
	units := source(from, stack, 2)
	decodedUTF16(units)
	room := part(to, stack[2], roomAfter(to, stack[2]))
	there := widen(room, stack[4])
	if 2*there+len(units) > len(room) {
		trap("out of bounds memory access")
	}
	copy(room[2*there:], units)
	stack[0] = uint64(there + len(units)/2)
}

// widen turns Latin-1 at the start into UTF-16, from its end.
func widen(room []byte, bytes uint64) int {
	there := int(uint32(bytes))
	if 2*there > len(room) {
		trap("out of bounds memory access")
	}
	for i := there - 1; i >= 0; i-- {
		binary.LittleEndian.PutUint16(room[2*i:], uint16(room[i]))
	}
	return there
}
