package host

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
)

// Names of modules that core modules import from, after [renameImports].
const (
	// Functions of the host.
	hostModule = "host"
	// The flags of component instances.
	flagsModule = "flags"
)

// instanceName is what the core instance of this number is called.
func instanceName(index int) string {
	return strconv.Itoa(index)
}

var errDamagedModule = errors.New("a module is damaged")

// The sections of a module that matter here.
const (
	sectionCustom = 0
	sectionImport = 2
)

// renameImports gives each import of a module the name that a plan leads to, in order.
//
// Plans join imports one by one, and the engine does so by names of modules.
func renameImports(wasm []byte, names [][2]string) ([]byte, error) {
	const headerSize = 8
	if len(wasm) < headerSize {
		return nil, errDamagedModule
	}
	out := append(make([]byte, 0, len(wasm)+16*len(names)), wasm[:headerSize]...)
	rest, found := wasm[headerSize:], false
	for len(rest) > 0 {
		body, after, err := section(rest)
		if err != nil {
			return nil, err
		}
		if rest[0] != sectionImport {
			out = append(out, rest[:len(rest)-len(after)]...)
		} else {
			found = true
			renamed, err := renamed(body, names)
			if err != nil {
				return nil, err
			}
			out = append(out, sectionImport)
			out = binary.AppendUvarint(out, uint64(len(renamed)))
			out = append(out, renamed...)
		}
		rest = after
	}
	if !found && len(names) > 0 {
		return nil, fmt.Errorf("a module has no imports, and the plan has %d arguments for it", len(names))
	}
	return out, nil
}

// section is the body of the first section, and what comes after it.
func section(wasm []byte) (body, after []byte, err error) {
	size, length := binary.Uvarint(wasm[1:])
	if length <= 0 || size > uint64(len(wasm)-1-length) {
		return nil, nil, errDamagedModule
	}
	body = wasm[1+length:]
	return body[:size], body[size:], nil
}

func renamed(body []byte, names [][2]string) ([]byte, error) {
	reader := wasmReader{rest: body}
	if count := reader.number(); count != uint64(len(names)) {
		return nil, fmt.Errorf("a module has %d imports, and the plan has %d arguments for it", count, len(names))
	}
	out := binary.AppendUvarint(nil, uint64(len(names)))
	for _, name := range names {
		reader.skip(int(reader.number()))
		reader.skip(int(reader.number()))
		kind := reader.rest
		reader.importType()
		if reader.damaged {
			return nil, errDamagedModule
		}
		for _, part := range name {
			out = binary.AppendUvarint(out, uint64(len(part)))
			out = append(out, part...)
		}
		out = append(out, kind[:len(kind)-len(reader.rest)]...)
	}
	return out, nil
}

// wasmReader reads what it can, and says in the end whether there was enough.
type wasmReader struct {
	rest    []byte
	damaged bool
}

func (r *wasmReader) number() uint64 {
	value, length := binary.Uvarint(r.rest)
	if length <= 0 {
		r.damaged = true
		return 0
	}
	r.rest = r.rest[length:]
	return value
}

func (r *wasmReader) skip(count int) {
	if count < 0 || count > len(r.rest) {
		r.damaged = true
		return
	}
	r.rest = r.rest[count:]
}

// importType skips the kind of an import and what is said of it.
func (r *wasmReader) importType() {
	const (
		function, table, memory, global = 0, 1, 2, 3
		// Types of references with an index of a type; no others have more than a byte.
		refNull, ref = 0x63, 0x64
	)
	valueType := func() {
		if len(r.rest) > 0 && (r.rest[0] == refNull || r.rest[0] == ref) {
			r.skip(1)
			r.number()
			return
		}
		r.skip(1)
	}
	limits := func() {
		if r.number()&1 != 0 {
			r.number()
		}
		r.number()
	}
	if len(r.rest) == 0 {
		r.damaged = true
		return
	}
	kind := r.rest[0]
	r.skip(1)
	switch kind {
	case function:
		r.number()
	case table:
		valueType()
		limits()
	case memory:
		limits()
	case global:
		valueType()
		r.skip(1)
	default:
		r.damaged = true
	}
}

// flagGlobals is a module with as many mutable globals that are 1, exported as "0", "1" and so on.
func flagGlobals(count int) []byte {
	const i32, mutable, i32Const, end, exportedGlobal = 0x7f, 1, 0x41, 0x0b, 3
	globals := binary.AppendUvarint(nil, uint64(count))
	exports := binary.AppendUvarint(nil, uint64(count))
	for index := range count {
		globals = append(globals, i32, mutable, i32Const, 1, end)
		name := strconv.Itoa(index)
		exports = binary.AppendUvarint(exports, uint64(len(name)))
		exports = append(exports, name...)
		exports = append(exports, exportedGlobal)
		exports = binary.AppendUvarint(exports, uint64(index))
	}
	wasm := []byte("\x00asm\x01\x00\x00\x00")
	for _, part := range []struct {
		id   byte
		body []byte
	}{{6, globals}, {7, exports}} {
		wasm = append(wasm, part.id)
		wasm = binary.AppendUvarint(wasm, uint64(len(part.body)))
		wasm = append(wasm, part.body...)
	}
	return wasm
}
