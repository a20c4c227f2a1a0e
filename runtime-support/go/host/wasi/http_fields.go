package wasi

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// fields is the resource `fields`: headers or trailers.
type fields struct {
	entries []field
	// How many bytes they have together.
	size int
	// Whether they belong to a message.
	fixed bool
}

type field struct {
	name  string
	value []byte
}

// What the fields of a message may have: they lie in the memory of the host, which no limit of a component bounds.
const mostFields = 128 << 10

var errTooManyFields = errors.New("the size of fields exceeds limit: it is 128 KiB")

// forbidden are headers of the connection, which are a matter of the host.
var forbidden = []string{
	"connection", "host", "http2-settings", "keep-alive", "proxy-authenticate", "proxy-authorization",
	"proxy-connection", "transfer-encoding", "upgrade",
}

// fieldsOf are headers of package http as a component sees them.
func fieldsOf(header http.Header) *fields {
	made := &fields{fixed: true}
	for name, values := range header {
		for _, value := range values {
			if !slices.Contains(forbidden, strings.ToLower(name)) {
				made.entries = append(made.entries, field{name, []byte(value)})
			}
		}
	}
	slices.SortStableFunc(made.entries, func(left, right field) int { return strings.Compare(left.name, right.name) })
	return made
}

// header is the fields as package http takes them.
func (f *fields) header() http.Header {
	made := http.Header{}
	for _, entry := range f.entries {
		made.Add(entry.name, string(entry.value))
	}
	return made
}

func (f *fields) of(name string) []any {
	found := []any{}
	for _, entry := range f.entries {
		if strings.EqualFold(entry.name, name) {
			found = append(found, entry.value)
		}
	}
	return found
}

func (f *fields) remove(name string) {
	for _, value := range f.of(name) {
		f.size -= len(name) + len(value.([]byte))
	}
	f.entries = slices.DeleteFunc(f.entries, func(entry field) bool { return strings.EqualFold(entry.name, name) })
}

// add adds an entry that may be sent.
func (f *fields) add(name string, value []byte) error {
	if err := f.mayChange(name); err != nil {
		return err
	}
	for _, char := range value {
		if char < ' ' && char != '\t' || char == 0x7f {
			return coded(plain("invalid-syntax"))
		}
	}
	f.size += len(name) + len(value)
	if f.size > mostFields {
		return errTooManyFields
	}
	f.entries = append(f.entries, field{name, value})
	return nil
}

func (f *fields) mayChange(name string) error {
	const tokens = "!#$%&'*+-.^_`|~"
	bad := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune(tokens, c)
	}
	switch {
	case f.fixed:
		return coded(plain("immutable"))
	case name == "" || strings.ContainsFunc(name, bad):
		return coded(plain("invalid-syntax"))
	case slices.Contains(forbidden, strings.ToLower(name)):
		return coded(plain("forbidden"))
	default:
		return nil
	}
}

// fixedCopy is what a message has for good.
func (f *fields) fixedCopy() *fields {
	return &fields{slices.Clone(f.entries), f.size, true}
}

func (b *binder) fields(to values) {
	const own = "http/types#[method]fields."
	to["http/types#[constructor]fields"] = func(context.Context, []any) (any, error) { return &fields{}, nil }
	to["http/types#[static]fields.from-list"] = attempt(func(_ context.Context, args []any) (any, error) {
		made := &fields{}
		for _, entry := range args[0].([]any) {
			pair := entry.([]any)
			if err := made.add(pair[0].(string), pair[1].([]byte)); err != nil {
				return nil, err
			}
		}
		return made, nil
	})
	to[own+"get"] = method(func(_ context.Context, f *fields, args []any) any { return f.of(args[0].(string)) })
	to[own+"has"] = method(func(_ context.Context, f *fields, args []any) any {
		return len(f.of(args[0].(string))) > 0
	})
	to[own+"set"] = fallible(func(_ context.Context, f *fields, args []any) (any, error) {
		name := args[0].(string)
		if err := f.mayChange(name); err != nil {
			return nil, err
		}
		changed := f.fixedCopy()
		changed.fixed = false
		changed.remove(name)
		for _, value := range args[1].([]any) {
			if err := changed.add(name, value.([]byte)); err != nil {
				return nil, err
			}
		}
		f.entries, f.size = changed.entries, changed.size
		return nil, nil
	})
	to[own+"append"] = fallible(func(_ context.Context, f *fields, args []any) (any, error) {
		return nil, f.add(args[0].(string), args[1].([]byte))
	})
	to[own+"delete"] = fallible(func(_ context.Context, f *fields, args []any) (any, error) {
		if err := f.mayChange(args[0].(string)); err != nil {
			return nil, err
		}
		f.remove(args[0].(string))
		return nil, nil
	})
	to[own+"entries"] = method(func(_ context.Context, f *fields, _ []any) any {
		found := []any{}
		for _, entry := range f.entries {
			found = append(found, []any{entry.name, entry.value})
		}
		return found
	})
	to[own+"clone"] = method(func(_ context.Context, f *fields, _ []any) any {
		return &fields{entries: slices.Clone(f.entries), size: f.size}
	})
}

// methodOf is a `method`.
func methodOf(name string) host.Case {
	if lower := strings.ToLower(name); slices.Contains(methods, lower) && strings.ToUpper(lower) == name {
		return plain(lower)
	}
	return host.Case{Name: "other", Value: name}
}

var methods = []string{"get", "head", "post", "put", "delete", "connect", "options", "trace", "patch"}

// methodText is the name that a `method` has in requests.
func methodText(value host.Case) string {
	if value.Name == "other" {
		return value.Value.(string)
	}
	return strings.ToUpper(value.Name)
}

// schemeOf is an `option<scheme>`.
func schemeOf(name string) any {
	switch name {
	case "":
		return nil
	case "http", "https":
		return host.Some{Value: plain(strings.ToUpper(name))}
	default:
		return host.Some{Value: host.Case{Name: "other", Value: name}}
	}
}

// schemeText is an `option<scheme>` as it is in URLs.
func schemeText(option any) string {
	given := present[host.Case](option)
	switch {
	case given == nil:
		return ""
	case given.Name == "other":
		return given.Value.(string)
	default:
		return strings.ToLower(given.Name)
	}
}
