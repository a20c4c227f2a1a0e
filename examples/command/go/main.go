// Command command is a component that counts the words of the files in "/texts", and of the standard input.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"command/bindings/exports/wasi/cli/run"
)

type command struct{}

func (command) Run() error {
	if err := count(); err != nil {
		fmt.Fprintln(os.Stderr, "cannot read /texts:", err)
		return errors.New("some text is not there")
	}
	return nil
}

func count() error {
	fmt.Println(os.Getenv("TITLE"))
	// They are sorted.
	entries, err := os.ReadDir("/texts")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join("/texts", entry.Name()))
		if err != nil {
			return err
		}
		fmt.Printf("%s: %d\n", entry.Name(), len(strings.Fields(string(text))))
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	fmt.Println("input:", len(strings.Fields(string(text))))
	return nil
}

func init() {
	run.Export(command{})
}

func main() {}
