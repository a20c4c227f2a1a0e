package host

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// encoding is how a component encodes its strings.
type encoding uint8

const (
	encodingUTF8 encoding = iota
	encodingUTF16
	// Latin-1, or UTF-16 when the highest bit of the length says so.
	encodingCompact
)

var encodings = map[string]encoding{
	"utf8": encodingUTF8, "utf16": encodingUTF16, "compact-utf16": encodingCompact,
}

const (
	utf16Tag  = 1 << 31
	maxLatin1 = 0xff
)

// LiftString reads a string.
func (m *Memory) LiftString(start, length uint32) string {
	if m.encoding != encodingUTF8 {
		return m.liftWide(start, length)
	}
	if uint64(start)+uint64(length) > uint64(len(m.data)) || length > maxBytes {
		trap("string pointer/length out of bounds of memory")
	}
	text := m.data[start : start+length]
	if !validUTF8(text) {
		trap("invalid utf-8 in a string")
	}
	if length > 0 && length <= longestShort {
		return m.short(text)
	}
	return string(text)
}

const (
	// Strings up to this length share memory with their neighbours.
	longestShort = 64
	// The most that is kept because one of them is.
	mostShorts = 1 << 10
)

// short is the string of a short text. Those of one list mostly live as long as each other, so after the first few they
// are put together, in blocks that have room for as much as there was so far.
func (m *Memory) short(text []byte) string {
	before := m.read
	m.read += len(text)
	if before < longestShort {
		m.shorts = nil
		return string(text)
	}
	if len(text) > cap(m.shorts)-len(m.shorts) {
		m.shorts = make([]byte, 0, min(max(before, longestShort), mostShorts))
	}
	start := len(m.shorts)
	m.shorts = append(m.shorts, text...)
	return unsafe.String(&m.shorts[start], len(text))
}

// LowerString writes a string.
func (m *Memory) LowerString(text string) (start, length uint32) {
	if m.encoding != encodingUTF8 {
		return m.lowerWide(text)
	}
	start = m.Allocate(len(text), 1, 1)
	copy(m.data[start:], text)
	return start, uint32(len(text))
}

func (m *Memory) liftWide(start, length uint32) string {
	latin1 := m.encoding == encodingCompact && length&utf16Tag == 0
	units := length
	if m.encoding == encodingCompact {
		units &^= utf16Tag
	}
	bytes := uint64(units)
	if !latin1 {
		bytes *= 2
	}
	if start&1 != 0 {
		trap("string pointer is not aligned")
	}
	if uint64(start)+bytes > uint64(len(m.data)) || bytes > maxBytes {
		trap("string pointer/length out of bounds of memory")
	}
	data := m.data[start : uint64(start)+bytes]
	if latin1 {
		return string(appendLatin1(nil, data))
	}
	text, valid := appendUTF16(nil, data)
	if !valid {
		trap("invalid utf-16 in a string")
	}
	return string(text)
}

func (m *Memory) lowerWide(text string) (start, length uint32) {
	if m.encoding == encodingCompact && isLatin1(text) {
		count := utf8.RuneCountInString(text)
		start = m.Allocate(count, 1, 2)
		at := start
		for _, char := range text {
			m.data[at] = byte(char)
			at++
		}
		return start, uint32(count)
	}
	units := 0
	for _, char := range text {
		units += utf16.RuneLen(char)
	}
	start = m.Allocate(units, 2, 2)
	putUTF16(m.data[start:], text)
	if m.encoding == encodingCompact {
		return start, uint32(units) | utf16Tag
	}
	return start, uint32(units)
}

func isLatin1(text string) bool {
	for _, char := range text {
		if char > maxLatin1 {
			return false
		}
	}
	return true
}

// putUTF16 encodes a valid string and returns how many units it has.
func putUTF16(to []byte, text string) int {
	units := 0
	put := func(unit rune) {
		binary.LittleEndian.PutUint16(to[2*units:], uint16(unit))
		units++
	}
	for _, char := range text {
		if high, low := utf16.EncodeRune(char); high != utf8.RuneError {
			put(high)
			put(low)
		} else {
			put(char)
		}
	}
	return units
}

// appendLatin1 appends Latin-1 as UTF-8.
func appendLatin1(to, from []byte) []byte {
	for _, char := range from {
		to = utf8.AppendRune(to, rune(char))
	}
	return to
}

// appendUTF16 appends UTF-16 as UTF-8, and says whether all surrogates were in pairs.
func appendUTF16(to, from []byte) ([]byte, bool) {
	for at := 0; at+1 < len(from); at += 2 {
		char := rune(binary.LittleEndian.Uint16(from[at:]))
		if utf16.IsSurrogate(char) {
			if at+3 >= len(from) {
				return to, false
			}
			at += 2
			char = utf16.DecodeRune(char, rune(binary.LittleEndian.Uint16(from[at:])))
			if char == utf8.RuneError {
				return to, false
			}
		}
		to = utf8.AppendRune(to, char)
	}
	return to, true
}

// asciiPrefix is how many bytes at the start are surely ASCII.
func asciiPrefix(text []byte) int {
	const high = 0x8080808080808080
	at := 0
	for ; at+32 <= len(text); at += 32 {
		part := text[at : at+32 : at+32]
		a, b := binary.NativeEndian.Uint64(part), binary.NativeEndian.Uint64(part[8:])
		c, d := binary.NativeEndian.Uint64(part[16:]), binary.NativeEndian.Uint64(part[24:])
		if (a|b|c|d)&high != 0 {
			return at
		}
	}
	for ; at+8 <= len(text); at += 8 {
		if binary.NativeEndian.Uint64(text[at:])&high != 0 {
			return at
		}
	}
	// What is left is looked at together with bytes before it.
	switch count := len(text); {
	case count >= 8 && binary.NativeEndian.Uint64(text[count-8:])&high == 0:
		return count
	case count >= 4 && count < 8 &&
		(binary.NativeEndian.Uint32(text)|binary.NativeEndian.Uint32(text[count-4:]))&(high>>32) == 0:
		return count
	}
	for at < len(text) && text[at] < utf8.RuneSelf {
		at++
	}
	return at
}

// validUTF8 is [utf8.Valid], which takes twice as long for ASCII.
func validUTF8(text []byte) bool {
	ascii := asciiPrefix(text)
	return ascii == len(text) || utf8.Valid(text[ascii:])
}

// ValidString says whether a string is one of the component model, which knows no others than UTF-8.
// It is for generated code.
func ValidString(text string) bool {
	return validUTF8(unsafe.Slice(unsafe.StringData(text), len(text)))
}
