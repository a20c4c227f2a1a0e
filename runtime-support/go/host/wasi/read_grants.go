package wasi

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ReadGrants makes grants of the sections of a grants file, as decoders of TOML and JSON give them: numbers are int64
// or float64, lists []any, tables map[string]any. Paths of the host are relative to dir.
//
//	var sections map[string]any
//	_, err := toml.DecodeFile("tool.toml", &sections)
//	grants, err := wasi.ReadGrants(sections, ".")
//
// An unknown key is an error with a suggestion.
func ReadGrants(sections map[string]any, dir string) (*Grants, error) {
	grants := new(Grants)
	reader := grantsReader{dir: dir}
	keys := reader.keys(grants)
	for _, section := range slices.Sorted(maps.Keys(sections)) {
		value := sections[section]
		if section == "filesystem" {
			grants.Filesystem = reader.directories(value)
			continue
		}
		known, ok := keys[section]
		if !ok {
			reader.unknown(section, section, append(slices.Sorted(maps.Keys(keys)), "filesystem"))
			continue
		}
		entries := reader.table(value, section)
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			if read, ok := known[key]; ok {
				read(entries[key], section+"."+key)
			} else {
				reader.unknown(section+"."+key, key, slices.Sorted(maps.Keys(known)))
			}
		}
	}
	if err := errors.Join(reader.wrong...); err != nil {
		return nil, err
	}
	return grants, nil
}

// grantsReader collects what is wrong.
type grantsReader struct {
	dir   string
	wrong []error
}

type readKey = func(value any, place string)

// keys are what reads the entries of each section.
func (r *grantsReader) keys(to *Grants) map[string]map[string]readKey {
	return map[string]map[string]readKey{
		"env": {"allow": r.names(&to.Env.Allow), "set": r.variables(&to.Env.Set)},
		"network": {
			"tcp-connect": list(r, &to.Network.TCPConnect, ParseAddress),
			"tcp-listen":  list(r, &to.Network.TCPListen, ParseAddress),
			"udp":         list(r, &to.Network.UDP, ParseAddress),
			"resolve":     r.texts(&to.Network.Resolve),
		},
		"http":      {"allow": list(r, &to.HTTP.Allow, ParseOrigin)},
		"clocks":    {"monotonic": r.flag(&to.Clocks.Monotonic), "wall": r.flag(&to.Clocks.Wall)},
		"random":    {"allow": r.flag(&to.Random.Allow)},
		"stdio":     {"stdin": r.flag(&to.Stdio.Stdin), "stdout": r.flag(&to.Stdio.Stdout), "stderr": r.flag(&to.Stdio.Stderr)},
		"keyvalue":  {"store": r.store(&to.KeyValue.Store)},
		"config":    {"set": r.variables(&to.Settings.Set)},
		"logging":   {"allow": r.flag(&to.Logging.Allow)},
		"blobstore": {"root": r.path(&to.BlobStore.Root)},
		"limits": {
			"memory":   r.size(&to.Limits.Memory),
			"deadline": r.time(&to.Limits.Deadline),
			"handles":  count(r, &to.Limits.Handles, math.MaxInt32),
			"fuel":     count(r, &to.Limits.Fuel, 1<<53),
		},
	}
}

func (r *grantsReader) refuse(format string, args ...any) {
	r.wrong = append(r.wrong, fmt.Errorf("wrong grants: "+format, args...))
}

func (r *grantsReader) table(value any, place string) map[string]any {
	found, ok := value.(map[string]any)
	if !ok {
		r.refuse("`%s` is a table", place)
	}
	return found
}

func (r *grantsReader) flag(to *bool) readKey {
	return func(value any, place string) {
		found, ok := value.(bool)
		if !ok {
			r.refuse("`%s` is `true` or `false`", place)
		}
		*to = found
	}
}

func (r *grantsReader) text(to *string) readKey {
	return func(value any, place string) {
		found, ok := value.(string)
		if !ok {
			r.refuse("`%s` is a text", place)
		}
		*to = found
	}
}

// absolute is a path of the host.
func (r *grantsReader) absolute(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(r.dir, path)
}

// path is one of the host.
func (r *grantsReader) path(to *string) readKey {
	read := r.text(to)
	return func(value any, place string) {
		read(value, place)
		*to = r.absolute(*to)
	}
}

// store is that of `wasi:keyvalue`.
func (r *grantsReader) store(to *string) readKey {
	read := r.text(to)
	return func(value any, place string) {
		read(value, place)
		if path, ok := isFile(*to); ok {
			*to = "file:" + r.absolute(path)
		} else if err := checkStore(*to); err != nil {
			r.refuse("%w", err)
		}
	}
}

// names are those of variables.
func (r *grantsReader) names(to *[]string) readKey {
	return list(r, to, func(name string) (string, error) {
		if !isVariable(name) {
			return "", fmt.Errorf("`%s` is no name of a variable", name)
		}
		return name, nil
	})
}

func isVariable(name string) bool {
	return name != "" && !strings.ContainsAny(name, "=\x00")
}

func (r *grantsReader) texts(to *[]string) readKey {
	return list(r, to, func(text string) (string, error) { return text, nil })
}

// list reads a list of texts.
func list[T any](r *grantsReader, to *[]T, parse func(text string) (T, error)) readKey {
	return func(value any, place string) {
		items, ok := value.([]any)
		if !ok {
			r.refuse("`%s` is a list of texts", place)
		}
		for _, item := range items {
			text, ok := item.(string)
			if !ok {
				r.refuse("`%s` is a list of texts", place)
				return
			}
			parsed, err := parse(text)
			if err != nil {
				r.refuse("%w", err)
				continue
			}
			*to = append(*to, parsed)
		}
	}
}

func (r *grantsReader) variables(to *map[string]string) readKey {
	return func(value any, place string) {
		*to = map[string]string{}
		for name, value := range r.table(value, place) {
			text, ok := value.(string)
			if !ok {
				r.refuse("`%s.%s` is a text", place, name)
			}
			if strings.HasPrefix(place, "env.") && !isVariable(name) {
				r.refuse("`%s` is no name of a variable", name)
			}
			(*to)[name] = text
		}
	}
}

func (r *grantsReader) size(to *Size) readKey {
	return func(value any, place string) {
		bytes, ok := number(value)
		if text, isText := value.(string); isText {
			var err error
			if *to, err = ParseSize(text); err != nil {
				r.refuse("%w", err)
			}
			return
		}
		if !ok || bytes < 0 || bytes != math.Trunc(bytes) || bytes >= 1<<53 {
			r.refuse("`%s` is a text such as \"256MiB\" or a number of bytes", place)
			return
		}
		*to = Size(bytes)
	}
}

func count[T int | int64](r *grantsReader, to *T, most float64) readKey {
	return func(value any, place string) {
		count, ok := number(value)
		if !ok || count < 0 || count != math.Trunc(count) || count > most {
			r.refuse("`%s` is a number", place)
			return
		}
		// Zero would be the usual number.
		*to = cmp.Or(T(count), -1)
	}
}

func (r *grantsReader) time(to *time.Duration) readKey {
	return func(value any, place string) {
		seconds, ok := number(value)
		if text, isText := value.(string); isText {
			seconds, ok = parseTime(text)
		}
		if !ok || seconds < 0 || seconds > math.MaxInt64/1e9 {
			r.refuse("`%s` is a text such as \"5s\" or \"200ms\" or a number of seconds", place)
			return
		}
		// A deadline of nothing is over at once; zero would be none.
		*to = max(1, time.Duration(seconds*1e9))
	}
}

func number(value any) (float64, bool) {
	switch value := value.(type) {
	case int64:
		return float64(value), true
	case float64:
		return value, true
	default:
		return 0, false
	}
}

// ParseSize reads a number of bytes with a unit: `256MiB`.
func ParseSize(text string) (Size, error) {
	at := strings.IndexFunc(text, func(c rune) bool { return c < '0' || c > '9' })
	if at < 0 {
		at = len(text)
	}
	bytes, err := strconv.ParseUint(text[:at], 10, 64)
	shift, known := map[string]uint{"": 0, "B": 0, "KiB": 10, "MiB": 20, "GiB": 30}[strings.TrimSpace(text[at:])]
	if err != nil || !known || bytes > math.MaxUint64>>shift {
		return 0, fmt.Errorf("`%s` is no size such as \"256MiB\"", text)
	}
	return Size(bytes << shift), nil
}

// parseTime is a number of seconds.
func parseTime(text string) (float64, bool) {
	at := strings.IndexFunc(text, func(c rune) bool { return (c < '0' || c > '9') && c != '.' })
	if at < 0 {
		return 0, false
	}
	amount, err := strconv.ParseFloat(text[:at], 64)
	factor, known := map[string]float64{"s": 1, "ms": 1e-3, "m": 60, "h": 3600}[strings.TrimSpace(text[at:])]
	return amount * factor, err == nil && known
}

func (r *grantsReader) directories(value any) map[string]Directory {
	found := map[string]Directory{}
	for name, value := range r.table(value, "filesystem") {
		place := fmt.Sprintf("filesystem.%q", name)
		var directory Directory
		for key, value := range r.table(value, place) {
			switch {
			case key == "host":
				r.text(&directory.Host)(value, place+".host")
			case key == "access" && value == "read-write":
				directory.Write = true
			case key == "access" && value == "read":
			case key == "access":
				r.refuse("`%s.access` is \"read\" or \"read-write\"", place)
			default:
				r.unknown(place+"."+key, key, []string{"host", "access"})
			}
		}
		if !isPlainPath(name) {
			r.refuse("`%s` is no path of a component: it begins with `/` and has no `.` or `..`", name)
		}
		if directory.Host == "" {
			r.refuse("`%s.host` is the path of a directory", place)
		}
		directory.Host = r.absolute(directory.Host)
		found[name] = directory
	}
	return found
}

// unknown refuses a key, and suggests another.
func (r *grantsReader) unknown(place, name string, known []string) {
	best := slices.MinFunc(known, func(left, right string) int { return distance(name, left) - distance(name, right) })
	help := "there are " + strings.Join(known, ", ")
	if distance(name, best) <= 1+len(name)/3 {
		help = "did you mean `" + best + "`?"
	}
	r.refuse("there is no `%s`; %s", place, help)
}

// distance is how many letters have to be changed.
func distance(left, right string) int {
	row := make([]int, len(right)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(left) {
		previous := row[0]
		row[0] = i + 1
		for j := range len(right) {
			changed := previous
			if left[i] != right[j] {
				changed++
			}
			previous = row[j+1]
			row[j+1] = min(changed, row[j]+1, previous+1)
		}
	}
	return row[len(right)]
}
