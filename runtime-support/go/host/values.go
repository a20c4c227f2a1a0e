package host

import (
	"fmt"
	"math"
	"slices"
	"unicode/utf8"
)

// kindOf is the kind of the bindings for the resource of a type, which dynamic instances make on demand.
func (m *Memory) kindOf(ty *planType) (kind *Kind, resource int) {
	resource = m.in.component.plan.ResourceTables[ty.Table].Resource
	for kind, number := range m.in.kinds {
		if number == resource {
			return kind, resource
		}
	}
	kind = NewKind("resource")
	m.in.kinds[kind] = resource
	return kind, resource
}

// checkValue says what is wrong with a value of the host, if anything.
func (p *plan) checkValue(m *Memory, ref *typeRef, value any) *ArgumentError {
	if ref.plain != "" {
		return checkPlain(ref.plain, value)
	}
	ty := &p.Types[ref.index]
	switch ty.Kind {
	case "list":
		if _, ok := value.([]byte); ok && ty.Element.plain == "u8" {
			return nil
		}
		list, ok := value.([]any)
		if !ok {
			return unexpected("a []any", value)
		}
		for i, element := range list {
			if bad := p.checkValue(m, ty.Element, element); bad != nil {
				return bad.At(i)
			}
		}
	case "map":
		return p.checkMap(m, ty, value)
	case "tuple":
		return p.checkTuple(m, ty, value)
	case "record":
		return p.checkRecord(m, ty, value)
	case "enum":
		if name, ok := value.(string); !ok || !slices.Contains(ty.Names, name) {
			return unexpected("one of the cases of the enum", value)
		}
	case "flags":
		names, ok := value.([]string)
		if !ok || slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(ty.Names, name) }) {
			return unexpected("names of flags", value)
		}
	case "own", "borrow":
		return m.checkDynamicHandle(ty, value)
	default:
		return p.checkCase(m, ty, value)
	}
	return nil
}

func unexpected(expected string, value any) *ArgumentError {
	return &ArgumentError{Expected: expected, Got: fmt.Sprintf("%T", value)}
}

func checkPlain(name string, value any) *ArgumentError {
	ok, expected := false, "a Go value for "+name
	switch name {
	case "bool":
		_, ok = value.(bool)
	case "u8":
		_, ok = value.(uint8)
	case "s8":
		_, ok = value.(int8)
	case "u16":
		_, ok = value.(uint16)
	case "s16":
		_, ok = value.(int16)
	case "u32":
		_, ok = value.(uint32)
	case "s32":
		_, ok = value.(int32)
	case "u64":
		_, ok = value.(uint64)
	case "s64":
		_, ok = value.(int64)
	case "f32":
		_, ok = value.(float32)
	case "f64":
		_, ok = value.(float64)
	case "char":
		char, isRune := value.(rune)
		ok, expected = isRune && utf8.ValidRune(char), "a rune that is a Unicode scalar value"
	case "string":
		text, isText := value.(string)
		ok, expected = isText && ValidString(text), "a string in UTF-8"
	}
	if !ok {
		return unexpected(expected, value)
	}
	return nil
}

func (p *plan) checkMap(m *Memory, ty *planType, value any) *ArgumentError {
	entries, ok := value.([]Entry)
	if !ok {
		return unexpected("an []Entry", value)
	}
	for i, entry := range entries {
		bad := p.checkValue(m, ty.Key, entry.Key)
		if bad == nil {
			bad = p.checkValue(m, ty.Value, entry.Value)
		}
		if bad != nil {
			return bad.At(i)
		}
	}
	return nil
}

func (p *plan) checkTuple(m *Memory, ty *planType, value any) *ArgumentError {
	parts, ok := value.([]any)
	if !ok || len(parts) != len(ty.Types) {
		return unexpected(fmt.Sprintf("a []any of %d elements", len(ty.Types)), value)
	}
	for i := range parts {
		if bad := p.checkValue(m, &ty.Types[i], parts[i]); bad != nil {
			return bad.At(i)
		}
	}
	return nil
}

func (p *plan) checkRecord(m *Memory, ty *planType, value any) *ArgumentError {
	fields, ok := value.(map[string]any)
	if !ok || len(fields) != len(ty.Fields) {
		return unexpected("a map[string]any with every field", value)
	}
	for _, field := range ty.Fields {
		if bad := p.checkValue(m, field.ty, fields[field.name]); bad != nil {
			return bad.In(field.name)
		}
	}
	return nil
}

func (p *plan) checkCase(m *Memory, ty *planType, value any) *ArgumentError {
	index, payload, ok := caseOf(ty, value)
	if !ok {
		return unexpected("a value of the "+ty.Kind, value)
	}
	if ref := ty.variants()[index].ty; ref != nil {
		if bad := p.checkValue(m, ref, payload); bad != nil {
			return bad.In(ty.variants()[index].name)
		}
	}
	return nil
}

// caseOf is the case that a value has, and its payload.
func caseOf(ty *planType, value any) (index int, payload any, ok bool) {
	if ty.Kind == "option" {
		some, present := value.(Some)
		switch {
		case present:
			return 1, some.Value, true
		default:
			return 0, nil, value == nil
		}
	}
	item, ok := value.(Case)
	if !ok {
		return 0, nil, false
	}
	index = slices.IndexFunc(ty.variants(), func(c planNamed) bool { return c.name == item.Name })
	return index, item.Value, index >= 0
}

func (m *Memory) checkDynamicHandle(ty *planType, value any) *ArgumentError {
	kind, resource := m.kindOf(ty)
	if resource < len(m.in.component.plan.ImportedResources) {
		return nil
	}
	held, ok := value.(*Resource)
	if !ok || held == nil {
		return unexpected("a *Resource", value)
	}
	if expected := m.CheckHandle(kind, &held.Handle, ty.Kind == "own"); expected != "" {
		return unexpected(expected, value)
	}
	return nil
}

// bits is a plain value as a flat one.
func (m *Memory) bits(value any) uint64 {
	switch value := value.(type) {
	case bool:
		return uint64(FromBool(value))
	case uint8:
		return uint64(value)
	case int8:
		return uint64(uint32(value))
	case uint16:
		return uint64(value)
	case int16:
		return uint64(uint32(value))
	case uint32:
		return uint64(value)
	case int32:
		return uint64(uint32(value))
	case uint64:
		return value
	case int64:
		return uint64(value)
	case float32:
		return uint64(math.Float32bits(value))
	case float64:
		return math.Float64bits(value)
	default:
		return 0
	}
}

// plainOf is the plain value of a flat one.
func plainOf(name string, bits uint64) any {
	switch name {
	case "bool":
		return uint32(bits) != 0
	case "u8":
		return uint8(bits)
	case "s8":
		return int8(bits)
	case "u16":
		return uint16(bits)
	case "s16":
		return int16(bits)
	case "u32":
		return uint32(bits)
	case "s32":
		return int32(bits)
	case "u64":
		return bits
	case "s64":
		return int64(bits)
	case "f32":
		return math.Float32frombits(uint32(bits))
	case "f64":
		return math.Float64frombits(bits)
	default:
		return Rune(uint32(bits))
	}
}

// number is an enum, flags or a handle as a number.
func (m *Memory) number(ty *planType, value any) uint32 {
	switch ty.Kind {
	case "enum":
		return uint32(slices.Index(ty.Names, value.(string)))
	case "flags":
		var bits uint32
		for _, name := range value.([]string) {
			bits |= 1 << slices.Index(ty.Names, name)
		}
		return bits
	}
	kind, _ := m.kindOf(ty)
	if held, ok := value.(*Resource); ok && held.held != nil && held.held.in == m.in {
		return m.LowerHandle(kind, &held.Handle, ty.Kind == "own")
	}
	return m.LowerValue(kind, value, ty.Kind == "own")
}

// named is the enum, the flags or the handle of a number.
func (m *Memory) named(ty *planType, number uint32) any {
	switch ty.Kind {
	case "enum":
		return ty.Names[Discriminant(number, uint32(len(ty.Names)))]
	case "flags":
		names := []string{}
		for i, name := range ty.Names {
			if number&(1<<i) != 0 {
				names = append(names, name)
			}
		}
		return names
	}
	kind, resource := m.kindOf(ty)
	if resource < len(m.in.component.plan.ImportedResources) {
		return m.liftValue(kind, number, ty.Kind == "own")
	}
	made := new(Resource)
	m.LiftHandle(kind, &made.Handle, number, ty.Kind == "own")
	return made
}
