package host

import (
	"fmt"
	"strings"
)

// layout is how a type lies in memory, and how it is flattened.
type layout struct {
	size, align uint32
	flat        []byte
	// Where the payload of a case is.
	payload uint32
	handles bool
	text    string
}

// The core types that types are flattened to.
const (
	flatI32 byte = 0x7f
	flatI64 byte = 0x7e
	flatF32 byte = 0x7d
	flatF64 byte = 0x7c
)

func plainLayout(name string, size uint32, flat byte) *layout {
	return &layout{size: size, align: size, flat: []byte{flat}, text: name}
}

// plainTypes are the types that plans have by their names.
var plainTypes = map[string]*layout{
	"bool": plainLayout("bool", 1, flatI32), "char": plainLayout("char", 4, flatI32),
	"u8": plainLayout("u8", 1, flatI32), "s8": plainLayout("s8", 1, flatI32),
	"u16": plainLayout("u16", 2, flatI32), "s16": plainLayout("s16", 2, flatI32),
	"u32": plainLayout("u32", 4, flatI32), "s32": plainLayout("s32", 4, flatI32),
	"u64": plainLayout("u64", 8, flatI64), "s64": plainLayout("s64", 8, flatI64),
	"f32": plainLayout("f32", 4, flatF32), "f64": plainLayout("f64", 8, flatF64),
	"string": {size: 8, align: 4, flat: []byte{flatI32, flatI32}, text: "string"},
}

// layoutOf is the layout of a type; that of none is empty.
func (p *plan) layoutOf(ref *typeRef) *layout {
	switch {
	case ref == nil:
		return &layout{align: 1}
	case ref.plain != "":
		return plainTypes[ref.plain]
	}
	if p.layouts[ref.index] == nil {
		made := p.makeLayout(&p.Types[ref.index])
		// More flat values than fit are never passed.
		made.flat = made.flat[:min(len(made.flat), 2*maxFlat)]
		if len(made.text) > maxTypeText || made.size > maxTypeSize {
			p.tooLarge = true
			made = &layout{align: 1, handles: made.handles}
		}
		p.layouts[ref.index] = made
	}
	return p.layouts[ref.index]
}

// A type that takes more is none that anybody wrote.
const (
	maxTypeText = 1 << 20
	maxTypeSize = 1 << 28
)

// makeLayouts makes the layouts of all types, whose parts are known to lead somewhere.
func (p *plan) makeLayouts() error {
	p.layouts = make([]*layout, len(p.Types))
	for index := range p.Types {
		p.layoutOf(&typeRef{index: index})
		if p.tooLarge {
			return fmt.Errorf("the type %d is too large", index)
		}
	}
	return nil
}

func (p *plan) makeLayout(ty *planType) *layout {
	switch ty.Kind {
	case "list":
		element := p.layoutOf(ty.Element)
		return p.pair("list<"+element.text+">", element.handles)
	case "map":
		key, value := p.layoutOf(ty.Key), p.layoutOf(ty.Value)
		return p.pair("map<"+key.text+", "+value.text+">", key.handles || value.handles)
	case "own", "borrow":
		return &layout{size: 4, align: 4, flat: []byte{flatI32}, handles: true, text: ty.Kind}
	case "flags":
		size := flagsSize(len(ty.Names))
		return &layout{size: size, align: size, flat: []byte{flatI32}, text: "flags{" + strings.Join(ty.Names, ", ") + "}"}
	case "enum":
		size := tagSize(len(ty.Names))
		return &layout{size: size, align: size, flat: []byte{flatI32}, text: "enum{" + strings.Join(ty.Names, ", ") + "}"}
	case "record":
		names, refs := make([]string, len(ty.Fields)), make([]*typeRef, len(ty.Fields))
		for i, field := range ty.Fields {
			names[i], refs[i] = field.name+": ", field.ty
		}
		return p.product("record{", names, refs, "}")
	case "tuple":
		refs := make([]*typeRef, len(ty.Types))
		for i := range ty.Types {
			refs[i] = &ty.Types[i]
		}
		return p.product("tuple<", make([]string, len(refs)), refs, ">")
	default:
		return p.cases(ty)
	}
}

// pair is the layout of an address and a length.
func (*plan) pair(text string, handles bool) *layout {
	return &layout{size: 8, align: 4, flat: []byte{flatI32, flatI32}, handles: handles, text: text}
}

func (p *plan) product(open string, names []string, refs []*typeRef, end string) *layout {
	made := &layout{align: 1}
	texts := make([]string, len(refs))
	for i, ref := range refs {
		part := p.layoutOf(ref)
		made.size = aligned(made.size, part.align) + part.size
		made.align = max(made.align, part.align)
		if len(made.flat) <= 2*maxFlat {
			made.flat = append(made.flat, part.flat...)
		}
		made.handles = made.handles || part.handles
		texts[i] = names[i] + part.text
	}
	made.size = aligned(made.size, made.align)
	made.text = open + strings.Join(texts, ", ") + end
	return made
}

// cases is the layout of what has cases.
func (p *plan) cases(ty *planType) *layout {
	cases := ty.variants()
	tag := tagSize(len(cases))
	made := &layout{align: tag, flat: []byte{flatI32}}
	texts := make([]string, len(cases))
	var size uint32
	for i, item := range cases {
		part := p.layoutOf(item.ty)
		size = max(size, part.size)
		made.align = max(made.align, part.align)
		made.handles = made.handles || part.handles
		for at, flat := range part.flat {
			if at+1 < len(made.flat) {
				made.flat[at+1] = joined(made.flat[at+1], flat)
			} else {
				made.flat = append(made.flat, flat)
			}
		}
		texts[i] = item.name
		if item.ty != nil {
			texts[i] += "(" + part.text + ")"
		}
	}
	made.payload = aligned(tag, made.align)
	made.size = aligned(made.payload+size, made.align)
	made.text = ty.Kind + "{" + strings.Join(texts, ", ") + "}"
	switch ty.Kind {
	case "option":
		made.text = "option<" + p.layoutOf(ty.Some).text + ">"
	case "result":
		made.text = "result<" + orNone(p, ty.Ok) + ", " + orNone(p, ty.Err) + ">"
	}
	return made
}

func orNone(p *plan, ref *typeRef) string {
	if ref == nil {
		return "_"
	}
	return p.layoutOf(ref).text
}

// variants are the cases of a variant, an option or a result.
func (t *planType) variants() []planNamed {
	switch t.Kind {
	case "option":
		return []planNamed{{name: "none"}, {"some", t.Some}}
	case "result":
		return []planNamed{{"ok", t.Ok}, {"err", t.Err}}
	default:
		return t.Cases
	}
}

// joined is the flat type that holds either of two.
func joined(left, right byte) byte {
	switch {
	case left == right:
		return left
	case left == flatI32 && right == flatF32, left == flatF32 && right == flatI32:
		return flatI32
	default:
		return flatI64
	}
}

func aligned(offset, align uint32) uint32 {
	return (offset + align - 1) / align * align
}

func tagSize(cases int) uint32 {
	switch {
	case cases <= 1<<8:
		return 1
	case cases <= 1<<16:
		return 2
	default:
		return 4
	}
}

func flagsSize(flags int) uint32 {
	switch {
	case flags <= 8:
		return 1
	case flags <= 16:
		return 2
	default:
		return 4
	}
}

func (p *plan) hasHandles(ref *typeRef) bool {
	return p.layoutOf(ref).handles
}

// signature is the text that bindings compare.
func (p *plan) signature(function *planFunc) string {
	params := make([]string, len(function.Params))
	for i, param := range function.Params {
		params[i] = p.layoutOf(param.ty).text
	}
	text := "(" + strings.Join(params, ", ") + ")"
	if function.Result != nil {
		text += " -> " + p.layoutOf(function.Result).text
	}
	return text
}
