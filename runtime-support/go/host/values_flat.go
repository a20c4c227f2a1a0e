package host

// Values of the host that have been checked, as flat values and in memory.

// flatReader reads flat values one by one.
type flatReader struct {
	rest []uint64
}

func (r *flatReader) next() uint64 {
	value := r.rest[0]
	r.rest = r.rest[1:]
	return value
}

func (p *plan) lowerFlat(m *Memory, ref *typeRef, value any, out []uint64) []uint64 {
	if ref.plain == "string" {
		start, length := m.LowerString(value.(string))
		return append(out, uint64(start), uint64(length))
	}
	if ref.plain != "" {
		return append(out, m.bits(value))
	}
	ty := &p.Types[ref.index]
	switch ty.Kind {
	case "list", "map":
		start, length := p.lowerList(m, ty, value)
		return append(out, uint64(start), uint64(length))
	case "tuple":
		for i, part := range value.([]any) {
			out = p.lowerFlat(m, &ty.Types[i], part, out)
		}
		return out
	case "record":
		for _, field := range ty.Fields {
			out = p.lowerFlat(m, field.ty, value.(map[string]any)[field.name], out)
		}
		return out
	case "enum", "flags", "own", "borrow":
		return append(out, uint64(m.number(ty, value)))
	default:
		end := len(out) + len(p.layoutOf(ref).flat)
		index, payload, _ := caseOf(ty, value)
		out = append(out, uint64(index))
		if ref := ty.variants()[index].ty; ref != nil {
			out = p.lowerFlat(m, ref, payload, out)
		}
		for len(out) < end {
			out = append(out, 0)
		}
		return out
	}
}

func (p *plan) liftFlat(m *Memory, ref *typeRef, flat *flatReader) any {
	if ref.plain == "string" {
		start := uint32(flat.next())
		return m.LiftString(start, uint32(flat.next()))
	}
	if ref.plain != "" {
		return plainOf(ref.plain, flat.next())
	}
	ty := &p.Types[ref.index]
	switch ty.Kind {
	case "list", "map":
		start := uint32(flat.next())
		return p.liftList(m, ty, start, uint32(flat.next()))
	case "tuple":
		parts := make([]any, len(ty.Types))
		for i := range parts {
			parts[i] = p.liftFlat(m, &ty.Types[i], flat)
		}
		return parts
	case "record":
		fields := make(map[string]any, len(ty.Fields))
		for _, field := range ty.Fields {
			fields[field.name] = p.liftFlat(m, field.ty, flat)
		}
		return fields
	case "enum", "flags", "own", "borrow":
		return m.named(ty, uint32(flat.next()))
	default:
		own := flatReader{flat.rest[1:]}
		index := int(Discriminant(uint32(flat.rest[0]), uint32(len(ty.variants()))))
		flat.rest = flat.rest[len(p.layoutOf(ref).flat):]
		return madeCase(ty, index, func(payload *typeRef) any { return p.liftFlat(m, payload, &own) })
	}
}

// madeCase makes a value of a case, with the payload that lift gives.
func madeCase(ty *planType, index int, lift func(payload *typeRef) any) any {
	item := ty.variants()[index]
	var payload any
	if item.ty != nil {
		payload = lift(item.ty)
	}
	switch {
	case ty.Kind != "option":
		return Case{item.name, payload}
	case index == 0:
		return nil
	default:
		return Some{payload}
	}
}

// entryType is the type of the entries of a map.
func entryType(ty *planType) []typeRef {
	return []typeRef{*ty.Key, *ty.Value}
}

func (p *plan) lowerList(m *Memory, ty *planType, value any) (start, length uint32) {
	if bytes, ok := value.([]byte); ok {
		return LowerNumbers(m, bytes)
	}
	if ty.Kind == "map" {
		entries := value.([]Entry)
		entry := p.makeLayout(&planType{Kind: "tuple", Types: entryType(ty)})
		start = m.Allocate(len(entries), entry.size, entry.align)
		for i, item := range entries {
			p.storeParts(m, entryType(ty), start+uint32(i)*entry.size, []any{item.Key, item.Value})
		}
		return start, uint32(len(entries))
	}
	list, element := value.([]any), p.layoutOf(ty.Element)
	start = m.Allocate(len(list), element.size, element.align)
	for i, item := range list {
		p.store(m, ty.Element, start+uint32(i)*element.size, item)
	}
	return start, uint32(len(list))
}

func (p *plan) liftList(m *Memory, ty *planType, start, length uint32) any {
	if ty.Kind == "map" {
		entry := p.makeLayout(&planType{Kind: "tuple", Types: entryType(ty)})
		entries := make([]Entry, m.CheckList(start, length, entry.size, entry.align))
		for i := range entries {
			parts := p.loadParts(m, entryType(ty), start+uint32(i)*entry.size)
			entries[i] = Entry{parts[0], parts[1]}
		}
		return entries
	}
	if ty.Element.plain == "u8" {
		return LiftNumbers[byte](m, start, length)
	}
	element := p.layoutOf(ty.Element)
	list := make([]any, m.CheckList(start, length, element.size, element.align))
	for i := range list {
		list[i] = p.load(m, ty.Element, start+uint32(i)*element.size)
	}
	return list
}

// storeParts stores the elements of a tuple.
func (p *plan) storeParts(m *Memory, types []typeRef, at uint32, parts []any) {
	for i := range types {
		layout := p.layoutOf(&types[i])
		at = aligned(at, layout.align)
		p.store(m, &types[i], at, parts[i])
		at += layout.size
	}
}

func (p *plan) loadParts(m *Memory, types []typeRef, at uint32) []any {
	parts := make([]any, len(types))
	for i := range types {
		layout := p.layoutOf(&types[i])
		at = aligned(at, layout.align)
		parts[i] = p.load(m, &types[i], at)
		at += layout.size
	}
	return parts
}

// putSized stores a number of so many bytes.
func (m *Memory) putSized(size, at uint32, value uint64) {
	switch size {
	case 1:
		m.PutU8(at, uint32(value))
	case 2:
		m.PutU16(at, uint32(value))
	case 4:
		m.PutU32(at, uint32(value))
	default:
		m.PutU64(at, value)
	}
}

// sized loads a number of so many bytes.
func (m *Memory) sized(size, at uint32) uint64 {
	switch size {
	case 1:
		return uint64(m.U8(at))
	case 2:
		return uint64(m.U16(at))
	case 4:
		return uint64(m.U32(at))
	default:
		return m.U64(at)
	}
}

func (p *plan) store(m *Memory, ref *typeRef, at uint32, value any) {
	layout := p.layoutOf(ref)
	if ref.plain == "string" {
		start, length := m.LowerString(value.(string))
		m.PutU32(at, start)
		m.PutU32(at+4, length)
		return
	}
	if ref.plain != "" {
		m.putSized(layout.size, at, m.bits(value))
		return
	}
	ty := &p.Types[ref.index]
	switch ty.Kind {
	case "list", "map":
		start, length := p.lowerList(m, ty, value)
		m.PutU32(at, start)
		m.PutU32(at+4, length)
	case "tuple":
		p.storeParts(m, ty.Types, at, value.([]any))
	case "record":
		for _, field := range ty.Fields {
			at = aligned(at, p.layoutOf(field.ty).align)
			p.store(m, field.ty, at, value.(map[string]any)[field.name])
			at += p.layoutOf(field.ty).size
		}
	case "enum", "flags", "own", "borrow":
		m.putSized(layout.size, at, uint64(m.number(ty, value)))
	default:
		index, payload, _ := caseOf(ty, value)
		m.putSized(tagSize(len(ty.variants())), at, uint64(index))
		if ref := ty.variants()[index].ty; ref != nil {
			p.store(m, ref, at+layout.payload, payload)
		}
	}
}

func (p *plan) load(m *Memory, ref *typeRef, at uint32) any {
	layout := p.layoutOf(ref)
	if ref.plain == "string" {
		return m.LiftString(m.U32(at), m.U32(at+4))
	}
	if ref.plain != "" {
		return plainOf(ref.plain, m.sized(layout.size, at))
	}
	ty := &p.Types[ref.index]
	switch ty.Kind {
	case "list", "map":
		return p.liftList(m, ty, m.U32(at), m.U32(at+4))
	case "tuple":
		return p.loadParts(m, ty.Types, at)
	case "record":
		fields := make(map[string]any, len(ty.Fields))
		for _, field := range ty.Fields {
			at = aligned(at, p.layoutOf(field.ty).align)
			fields[field.name] = p.load(m, field.ty, at)
			at += p.layoutOf(field.ty).size
		}
		return fields
	case "enum", "flags", "own", "borrow":
		return m.named(ty, uint32(m.sized(layout.size, at)))
	default:
		tag := uint32(m.sized(tagSize(len(ty.variants())), at))
		index := int(Discriminant(tag, uint32(len(ty.variants()))))
		return madeCase(ty, index, func(payload *typeRef) any { return p.load(m, payload, at+layout.payload) })
	}
}
