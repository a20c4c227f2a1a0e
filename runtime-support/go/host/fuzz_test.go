package host

import (
	"context"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"
)

// decisions are what bytes make; without any more it gives zeros.
type decisions struct {
	rest []byte
}

func (s *decisions) number(below int) int {
	if len(s.rest) == 0 {
		return 0
	}
	first := s.rest[0]
	s.rest = s.rest[1:]
	return int(first) % below
}

func (s *decisions) bits() uint64 {
	var bits uint64
	for range 8 {
		bits = bits<<8 | uint64(s.number(256))
	}
	return bits
}

var plainNames = slices.Sorted(maps.Keys(plainTypes))

// someType adds a type to a plan; what it consists of lies before it.
func (s *decisions) someType(p *plan, depth int) *typeRef {
	kinds := []string{"list", "map", "tuple", "record", "enum", "flags", "variant", "option", "result"}
	choice := s.number(len(plainNames) + len(kinds))
	if choice < len(plainNames) || depth == 0 {
		return &typeRef{plain: plainNames[choice%len(plainNames)]}
	}
	ty := planType{Kind: kinds[choice-len(plainNames)]}
	part := func() *typeRef { return s.someType(p, depth-1) }
	count := 1 + s.number(5)
	switch ty.Kind {
	case "list":
		ty.Element = part()
	case "map":
		ty.Key, ty.Value = &typeRef{plain: "u16"}, part()
	case "option":
		ty.Some = part()
	case "result":
		ty.Ok, ty.Err = part(), part()
	}
	for i := range count {
		name := fmt.Sprint("n", i)
		switch ty.Kind {
		case "tuple":
			ty.Types = append(ty.Types, *part())
		case "record":
			ty.Fields = append(ty.Fields, planNamed{name, part()})
		case "variant":
			ty.Cases = append(ty.Cases, planNamed{name, part()})
		case "enum", "flags":
			ty.Names = append(ty.Names, name)
		}
	}
	p.Types = append(p.Types, ty)
	return &typeRef{index: len(p.Types) - 1}
}

// plainValue is a value of a plain type, without NaN, which is not equal to itself.
func (s *decisions) plainValue(name string) any {
	switch name {
	case "string":
		return string([]rune{rune(s.number(128)), 'ä', '🦀'}[:s.number(4)])
	case "char":
		return rune(s.number(0xd800))
	}
	value := plainOf(name, s.bits())
	switch float := value.(type) {
	case float32:
		if math.IsNaN(float64(float)) {
			return float32(0)
		}
	case float64:
		if math.IsNaN(float) {
			return 0.0
		}
	}
	return value
}

// value is a value of a type.
func (s *decisions) value(p *plan, ref *typeRef) any {
	if ref.plain != "" {
		return s.plainValue(ref.plain)
	}
	ty := &p.Types[ref.index]
	switch ty.Kind {
	case "list":
		if ty.Element.plain == "u8" {
			return append([]byte{}, fmt.Sprint(s.bits())[:s.number(2)]...)
		}
		list := []any{}
		for range s.number(4) {
			list = append(list, s.value(p, ty.Element))
		}
		return list
	case "map":
		entries := []Entry{}
		for range s.number(4) {
			entries = append(entries, Entry{s.value(p, ty.Key), s.value(p, ty.Value)})
		}
		return entries
	case "tuple":
		parts := []any{}
		for i := range ty.Types {
			parts = append(parts, s.value(p, &ty.Types[i]))
		}
		return parts
	case "record":
		fields := map[string]any{}
		for _, field := range ty.Fields {
			fields[field.name] = s.value(p, field.ty)
		}
		return fields
	case "enum":
		return ty.Names[s.number(len(ty.Names))]
	case "flags":
		names := []string{}
		for _, name := range ty.Names {
			if s.number(2) == 1 {
				names = append(names, name)
			}
		}
		return names
	default:
		index := s.number(len(ty.variants()))
		return madeCase(ty, index, func(payload *typeRef) any { return s.value(p, payload) })
	}
}

// scratch is a linear memory of the host's own, and what allocates in it.
type scratch struct {
	data []byte
	next uint64
}

func (s *scratch) Size() uint32 { return uint32(len(s.data)) }

func (s *scratch) Read(start, size uint32) ([]byte, bool) { return s.data[start : start+size], true }

func (s *scratch) Grow(uint32) (uint32, bool) { return 0, false }

func (s *scratch) CallWithStack(_ context.Context, stack []uint64) error {
	align, size := stack[2], stack[3]
	stack[0] = (s.next + align - 1) &^ (align - 1)
	s.next = stack[0] + size
	if s.next > uint64(len(s.data)) {
		trap("the test has too little memory")
	}
	return nil
}

// FuzzValues lowers and lifts values of types that bytes make: they stay as they are.
// Values of another type are refused, or are lowered without a panic.
func FuzzValues(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x0e\x10\x04\x12\x05\x0d\x07\x08\x11\x13\x14\x02"))
	f.Add([]byte("\x14\x12\x0d\x03\x0f\x03\x0c\x02\x01\x05\x07\x09\x0b\x0d\x0f\x11\x13"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s := &decisions{text}
		p := new(plan)
		ref, other := s.someType(p, 3), s.someType(p, 2)
		if p.makeLayouts() != nil {
			return
		}
		in := &Instance{component: &Component{plan: p}, flags: make([]leaveFlag, 1)}
		in.call = callContext{context.Background(), in}
		for _, encoding := range encodings {
			room := &scratch{data: make([]byte, 1<<17), next: 8}
			m := &Memory{in: in, flags: &in.flags[0], memory: room, realloc: room, encoding: encoding}
			m.refresh()
			value := s.value(p, ref)
			if bad := p.checkValue(m, ref, value); bad != nil {
				t.Fatalf("%#v is refused: %v", value, bad)
			}
			layout := p.layoutOf(ref)
			at := m.Allocate(1, layout.size, layout.align)
			p.store(m, ref, at, value)
			if back := p.load(m, ref, at); !reflect.DeepEqual(back, value) {
				t.Fatalf("%#v became %#v", value, back)
			}
			if len(layout.flat) <= maxFlat {
				flat := p.lowerFlat(m, ref, value, nil)
				if back := p.liftFlat(m, ref, &flatReader{flat}); !reflect.DeepEqual(back, value) || len(flat) != len(layout.flat) {
					t.Fatalf("%#v became %#v by %v", value, back, flat)
				}
			}
			if p.checkValue(m, other, value) == nil {
				layout := p.layoutOf(other)
				p.store(m, other, m.Allocate(1, layout.size, layout.align), value)
			}
		}
	})
}
