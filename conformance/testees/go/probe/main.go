// Command probe tries things that need grants.
package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"time"

	"testees/probe/bindings"
	"testees/probe/bindings/wit"
)

func init() {
	bindings.Export(probe{})
}

func main() {}

type probe struct{}

func (probe) Act(words []string) (string, error) {
	found, err := act(words[0], words[1:])
	if err != nil {
		return "", &wit.Error[string]{Payload: err.Error()}
	}
	return found, nil
}

func act(verb string, words []string) (string, error) {
	switch verb {
	case "read":
		text, err := os.ReadFile(words[0])
		return string(text), err
	case "write":
		return done(os.WriteFile(words[0], []byte("written"), 0o600))
	case "truncate":
		return open(words[0], os.O_WRONLY|os.O_TRUNC)
	case "append":
		return open(words[0], os.O_WRONLY|os.O_APPEND)
	case "reread":
		return done(reread(words[0], words[1], words[2]))
	case "list":
		return list(words[0])
	case "remove":
		return done(os.Remove(words[0]))
	case "mkdir":
		return done(os.Mkdir(words[0], 0o700))
	case "link":
		return done(os.Link(words[0], words[1]))
	case "symlink":
		return done(os.Symlink(words[0], words[1]))
	case "rename":
		return done(os.Rename(words[0], words[1]))
	case "env":
		value, found := os.LookupEnv(words[0])
		if !found {
			return "", errors.New("not set")
		}
		return value, nil
	case "variables":
		return variables(), nil
	case "work":
		for {
			runtime.KeepAlive(words)
		}
	case "allocate":
		var all [][]byte
		for {
			all = append(all, bytes.Repeat([]byte{1}, 1<<20))
		}
	case "measure", "date":
		return done(time.Now().IsZero())
	case "sleep":
		milliseconds, err := strconv.Atoi(words[0])
		time.Sleep(time.Duration(milliseconds) * time.Millisecond)
		return done(err)
	case "random":
		_, err := rand.Read(make([]byte, 8))
		return done(err)
	case "output":
		_, err := os.Stdout.WriteString(words[0])
		return done(err)
	case "complain":
		_, err := os.Stderr.WriteString(words[0])
		return done(err)
	default:
		return "", errors.New("no such verb")
	}
}

func done(outcome any) (string, error) {
	err, _ := outcome.(error)
	return "done", err
}

func open(path string, flags int) (string, error) {
	file, err := os.OpenFile(path, flags, 0)
	if err != nil {
		return "", err
	}
	return done(file.Close())
}

func reread(path, text, times string) error {
	count, err := strconv.Atoi(times)
	for range count {
		found, failed := os.ReadFile(path)
		if failed == nil && string(found) != text {
			return errors.New(string(found))
		}
	}
	return err
}

func list(path string) (string, error) {
	entries, err := os.ReadDir(path)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	sort.Strings(names)
	return strings.Join(names, " "), err
}

func variables() string {
	var names []string
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		names = append(names, name)
	}
	return strings.Join(names, " ")
}
