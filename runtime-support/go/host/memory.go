package host

import (
	"encoding/binary"
	"math"
	"unicode/utf8"
	"unsafe"
)

// The longest string or list, in bytes.
const maxBytes = 1<<31 - 1

// Memory is where the values of one function live: a linear memory, its allocator and the handles of a component
// instance. Whatever is wrong with what the component gives is a trap.
// It is for generated code.
type Memory struct {
	in       *Instance
	instance int
	encoding encoding
	handles  *handleTable
	flags    *leaveFlag
	memory   memory
	realloc  function
	// All of the memory, until the component runs again.
	data []byte
	// Room for short strings, and how many bytes of them were read since the component ran.
	shorts []byte
	read   int
	stack  [4]uint64
}

// place makes what a set of options describes.
func (in *Instance) place(index int) *Memory {
	if in.places[index] == nil {
		options := &in.component.plan.Options[index]
		in.places[index] = &Memory{
			in: in, instance: options.Instance, encoding: encodings[options.Encoding],
			handles: &in.tables[options.Instance], flags: &in.flags[options.Instance],
		}
	}
	return in.places[index]
}

// complete looks up what the steps of the plan gave since the place was made.
func (m *Memory) complete(options *planOptions) {
	if m.memory == nil && options.Memory != nil && *options.Memory < len(m.in.memories) {
		m.memory = m.in.memories[*options.Memory]
	}
	if m.realloc == nil && options.Realloc != nil && *options.Realloc < len(m.in.reallocs) {
		m.realloc = m.in.reallocs[*options.Realloc]
	}
}

// refresh follows the memory, which may have grown.
func (m *Memory) refresh() {
	m.read = 0
	if m.memory != nil && (m.memory.Size() != uint32(len(m.data)) || len(m.data) == 0) {
		m.data = bytesOf(m.memory)
	}
}

// Allocate makes room for count elements and returns its address.
func (m *Memory) Allocate(count int, size, align uint32) uint32 {
	bytes := uint64(count) * uint64(size)
	if bytes > math.MaxUint32 {
		trap("a list is too long for the memory")
	}
	if m.realloc == nil {
		trap("the component has nothing that allocates")
	}
	m.flags.set(false)
	m.stack = [4]uint64{0, 0, uint64(align), bytes}
	if err := m.realloc.CallWithStack(&m.in.call, m.stack[:]); err != nil {
		panic(trapOf(err))
	}
	m.flags.set(true)
	m.refresh()
	start := uint32(m.stack[0])
	if start&(align-1) != 0 {
		trap("realloc return: result not aligned")
	}
	if uint64(start)+bytes > uint64(len(m.data)) {
		trap("realloc return: beyond end of memory")
	}
	return start
}

// Check checks that a value of that size and alignment is in the memory, and returns its address.
func (m *Memory) Check(start, size, align uint32, what string) uint32 {
	if start&(align-1) != 0 {
		trap("%s pointer is not aligned", what)
	}
	if uint64(start)+uint64(size) > uint64(len(m.data)) {
		trap("%s pointer/length out of bounds of memory", what)
	}
	return start
}

// CheckList checks that a list is in the memory, and returns how many elements it has.
func (m *Memory) CheckList(start, length, size, align uint32) int {
	bytes := uint64(length) * uint64(size)
	if start&(align-1) != 0 {
		trap("list pointer is not aligned")
	}
	if uint64(start)+bytes > uint64(len(m.data)) || bytes > maxBytes {
		trap("list pointer/length out of bounds of memory")
	}
	return int(length)
}

// View is a list of bytes in the memory itself, which may be read until the component runs again.
func (m *Memory) View(start, length uint32) []byte {
	count := uint32(m.CheckList(start, length, 1, 1))
	return m.data[start : start+count : start+count]
}

// U8 reads a number at an address that was checked, as the other functions of its kind do.
func (m *Memory) U8(at uint32) uint32 { return uint32(m.data[at]) }

// S8 is [Memory.U8] with a sign.
func (m *Memory) S8(at uint32) uint32 { return uint32(int32(int8(m.data[at]))) }

// U16 reads 16 bits.
func (m *Memory) U16(at uint32) uint32 { return uint32(binary.LittleEndian.Uint16(m.data[at:])) }

// S16 is [Memory.U16] with a sign.
func (m *Memory) S16(at uint32) uint32 {
	return uint32(int32(int16(binary.LittleEndian.Uint16(m.data[at:]))))
}

// U32 reads 32 bits.
func (m *Memory) U32(at uint32) uint32 { return binary.LittleEndian.Uint32(m.data[at:]) }

// U64 reads 64 bits.
func (m *Memory) U64(at uint32) uint64 { return binary.LittleEndian.Uint64(m.data[at:]) }

// F32 reads a float.
func (m *Memory) F32(at uint32) float32 { return math.Float32frombits(m.U32(at)) }

// F64 reads a float.
func (m *Memory) F64(at uint32) float64 { return math.Float64frombits(m.U64(at)) }

// PutU8 writes the lowest 8 bits of a number.
func (m *Memory) PutU8(at, value uint32) { m.data[at] = byte(value) }

// PutU16 writes the lowest 16 bits of a number.
func (m *Memory) PutU16(at, value uint32) {
	binary.LittleEndian.PutUint16(m.data[at:], uint16(value))
}

// PutU32 writes 32 bits.
func (m *Memory) PutU32(at, value uint32) { binary.LittleEndian.PutUint32(m.data[at:], value) }

// PutU64 writes 64 bits.
func (m *Memory) PutU64(at uint32, value uint64) {
	binary.LittleEndian.PutUint64(m.data[at:], value)
}

// PutF32 writes a float.
func (m *Memory) PutF32(at uint32, value float32) { m.PutU32(at, math.Float32bits(value)) }

// PutF64 writes a float.
func (m *Memory) PutF64(at uint32, value float64) { m.PutU64(at, math.Float64bits(value)) }

// Number is a type that has the same bits in Go and in the component model.
type Number interface {
	~uint8 | ~uint16 | ~uint32 | ~uint64 | ~int8 | ~int16 | ~int32 | ~int64 | ~float32 | ~float64
}

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// LiftNumbers reads a list of numbers.
func LiftNumbers[T Number](m *Memory, start, length uint32) []T {
	var zero T
	size := uint32(unsafe.Sizeof(zero))
	list := make([]T, m.CheckList(start, length, size, size))
	if len(list) > 0 {
		bytes := unsafe.Slice((*byte)(unsafe.Pointer(&list[0])), len(list)*int(size))
		copyNumbers(bytes, m.data[start:], int(size))
	}
	return list
}

// LowerNumbers writes a list of numbers.
func LowerNumbers[T Number](m *Memory, list []T) (start, length uint32) {
	var zero T
	size := uint32(unsafe.Sizeof(zero))
	start = m.Allocate(len(list), size, size)
	if len(list) > 0 {
		bytes := unsafe.Slice((*byte)(unsafe.Pointer(&list[0])), len(list)*int(size))
		copyNumbers(m.data[start:start+uint32(len(bytes))], bytes, int(size))
	}
	return start, uint32(len(list))
}

// copyNumbers copies numbers of a size, whose bytes have another order on some machines.
func copyNumbers(to, from []byte, size int) {
	if littleEndian || size == 1 {
		copy(to, from)
		return
	}
	for i := 0; i < len(to); i += size {
		for j := range size {
			to[i+j] = from[i+size-1-j]
		}
	}
}

// LiftRecords reads a list of records that consist of numbers of these sizes, without anything in between.
func LiftRecords[T any](m *Memory, start, length, align uint32, sizes ...uint32) []T {
	var zero T
	size := uint32(unsafe.Sizeof(zero))
	list := make([]T, m.CheckList(start, length, size, align))
	if len(list) > 0 {
		copyRecords(recordBytes(list), m.data[start:], sizes)
	}
	return list
}

// LowerRecords writes such a list.
func LowerRecords[T any](m *Memory, list []T, align uint32, sizes ...uint32) (start, length uint32) {
	var zero T
	start = m.Allocate(len(list), uint32(unsafe.Sizeof(zero)), align)
	if len(list) > 0 {
		bytes := recordBytes(list)
		copyRecords(m.data[start:start+uint32(len(bytes))], bytes, sizes)
	}
	return start, uint32(len(list))
}

func recordBytes[T any](list []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&list[0])), uintptr(len(list))*unsafe.Sizeof(list[0]))
}

// copyRecords copies numbers of several sizes, which take turns.
func copyRecords(to, from []byte, sizes []uint32) {
	if littleEndian {
		copy(to, from)
		return
	}
	for at := 0; at < len(to); {
		for _, size := range sizes {
			copyNumbers(to[at:at+int(size)], from[at:at+int(size)], int(size))
			at += int(size)
		}
	}
}

// Bool is whether a flat value is true.
func Bool(value uint32) bool { return value != 0 }

// FromBool is 1 for true.
func FromBool(value bool) uint32 {
	if value {
		return 1
	}
	return 0
}

// Rune checks a flat value.
func Rune(value uint32) rune {
	if value > utf8.MaxRune || !utf8.ValidRune(rune(value)) {
		trap("invalid `char` bit pattern")
	}
	return rune(value)
}

// Discriminant checks which of several cases a value has.
func Discriminant(value, cases uint32) uint32 {
	if value >= cases {
		trap("invalid variant discriminant")
	}
	return value
}

// Flags are the flags that there are; other bits mean nothing.
func Flags(value, known uint32) uint32 { return value & known }

// ValidRune says whether a rune is a char of the component model: no surrogate, and not out of range.
func ValidRune(value rune) bool { return utf8.ValidRune(value) }

// FromFloat32 is the bits of a float.
func FromFloat32(value float32) uint32 { return math.Float32bits(value) }

// FromFloat64 is the bits of a float.
func FromFloat64(value float64) uint64 { return math.Float64bits(value) }

// ToFloat32 is the float of these bits.
func ToFloat32(bits uint32) float32 { return math.Float32frombits(bits) }

// ToFloat64 is the float of these bits.
func ToFloat64(bits uint64) float64 { return math.Float64frombits(bits) }
