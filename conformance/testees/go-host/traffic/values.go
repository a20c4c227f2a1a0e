package main

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"unsafe"
)

// maker makes random values of types.
type maker struct {
	random *rand.Rand
	// Resources that may be lent or given away.
	open *resources
	// The largest number.
	limit int
	// Whether something is made that WIT does not allow, in the end whether it was.
	spoil, spoiled bool
	// Whether it has resources, which others may have taken meanwhile.
	risky bool
}

// one says whether something happens that happens once in so many times.
func (m *maker) one(times int) bool { return m.random.IntN(times) == 0 }

// spoils says whether the value that is made now is to be a wrong one.
func (m *maker) spoils() bool {
	m.spoiled = m.spoil
	return m.spoil
}

// set fills a value; how deep it is in another one bounds how long its lists are.
func (m *maker) set(value reflect.Value, depth int) {
	switch value.Kind() {
	case reflect.Bool:
		value.SetBool(m.one(2))
	case reflect.Int8, reflect.Int16, reflect.Int64:
		value.SetInt(int64(m.random.Uint64()))
	case reflect.Int32:
		// It may be a rune.
		value.SetInt(m.random.Int64N(0xd800))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		m.setUnsigned(value)
	case reflect.Float32, reflect.Float64:
		value.SetFloat(m.random.NormFloat64())
	case reflect.String:
		value.SetString(m.text())
	case reflect.Slice:
		length := m.length(depth)
		value.Set(reflect.MakeSlice(value.Type(), length, length))
		for i := range length {
			m.set(value.Index(i), depth+1)
		}
	case reflect.Pointer:
		m.setPointer(value, depth)
	case reflect.Interface:
		m.setCase(value, depth)
	case reflect.Struct:
		m.setStruct(value, depth)
	default:
		panic(fmt.Sprintf("no value of %v is known", value.Type()))
	}
}

func (m *maker) length(depth int) int {
	switch {
	case depth == 0 && m.one(50):
		return m.random.IntN(5_000)
	case depth < 3:
		return m.random.IntN(8)
	default:
		return m.random.IntN(2)
	}
}

func (m *maker) text() string {
	switch {
	case m.one(4) && m.spoils():
		return "\xff"
	case m.one(100):
		return strings.Repeat("Größe 寸法 🦀 ", m.random.IntN(10_000))
	case m.one(3):
		return "open"
	default:
		return "Größe 寸法 🦀 "[:[]int{0, 1, 2, 4, 7, 8}[m.random.IntN(6)]]
	}
}

// setUnsigned sets a number, an enum or flags; of those with names, which ones there are.
func (m *maker) setUnsigned(value reflect.Value) {
	named, hasNames := value.Interface().(fmt.Stringer)
	_, isFlags := value.Type().MethodByName("Has")
	switch {
	case !hasNames:
		value.SetUint(m.random.Uint64())
		if m.limit > 0 {
			value.SetUint(uint64(m.random.IntN(m.limit)))
		}
	case isFlags:
		for bit := range value.Type().Bits() {
			value.SetUint(1 << bit)
			if named = value.Interface().(fmt.Stringer); named.String() == "none" {
				value.SetUint(m.random.Uint64() & (1<<bit - 1))
				return
			}
		}
		value.SetUint(m.random.Uint64())
	case m.one(2) && m.spoils():
		value.SetUint(0xff)
	default:
		count := uint64(0)
		for value.SetUint(count); value.Interface().(fmt.Stringer).String() != "unknown"; value.SetUint(count) {
			count++
		}
		value.SetUint(m.random.Uint64N(count))
	}
}

// setPointer sets an option or a resource.
func (m *maker) setPointer(value reflect.Value, depth int) {
	if isResource(value.Type()) {
		m.risky = true
		if m.one(4) && m.spoils() {
			return
		}
		if found := m.open.some(m.random, value.Type()); found.IsValid() {
			value.Set(found)
		} else {
			m.spoiled = true
		}
		return
	}
	if m.one(2) {
		value.Set(reflect.New(value.Type().Elem()))
		m.set(value.Elem(), depth+1)
	}
}

func (m *maker) setCase(value reflect.Value, depth int) {
	if m.one(2) && m.spoils() {
		return
	}
	possible := make([]reflect.Type, 0, len(cases))
	for _, ty := range cases {
		if ty.Implements(value.Type()) {
			possible = append(possible, ty)
		}
	}
	made := reflect.New(possible[m.random.IntN(len(possible))]).Elem()
	m.set(made, depth+1)
	value.Set(made)
}

// setStruct sets a record, a tuple or a result, whose fields are its own.
func (m *maker) setStruct(value reflect.Value, depth int) {
	if failed := value.FieldByName("failed"); failed.IsValid() {
		side := "value"
		if m.one(2) {
			own(failed).SetBool(true)
			side = "payload"
		}
		m.set(own(value.FieldByName(side)), depth+1)
		return
	}
	for i := range value.NumField() {
		m.set(value.Field(i), depth+1)
	}
}

// own is a field that others may not set.
func own(field reflect.Value) reflect.Value {
	return reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
}

// isResource says whether a pointer is a resource and no option.
func isResource(ty reflect.Type) bool {
	_, closes := ty.MethodByName("Close")
	return ty.Kind() == reflect.Pointer && closes
}
