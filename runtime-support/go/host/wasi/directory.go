package wasi

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// directories has the functions that take paths in a directory.
func (b *binder) directories(to values) {
	const own = "filesystem/types#[method]descriptor."
	directory := func(name string, call func(d *descriptor, args []any) (any, error)) {
		to[own+name] = fallible(func(_ context.Context, d *descriptor, args []any) (any, error) {
			value, err := call(d, args)
			if err != nil {
				return nil, fileCode(err)
			}
			return value, nil
		})
	}
	// Functions that change what a path leads to.
	changing := func(name string, path int, call func(d *descriptor, name string, args []any) error) {
		directory(name, func(d *descriptor, args []any) (any, error) {
			given := args[path].(string)
			name, err := d.inside(given)
			if err == nil {
				err = d.change(given)
			}
			if err != nil {
				return nil, err
			}
			return nil, d.leaves(given, call(d, name, args))
		})
	}
	directory("open-at", func(d *descriptor, args []any) (any, error) {
		return d.open(has(args[0], "symlink-follow"), args[1].(string), args[2], args[3])
	})
	directory("stat-at", func(d *descriptor, args []any) (any, error) {
		info, err := d.info(has(args[0], "symlink-follow"), args[1].(string))
		if err != nil {
			return nil, err
		}
		return statOf(info), nil
	})
	directory("metadata-hash-at", func(d *descriptor, args []any) (any, error) {
		info, err := d.info(has(args[0], "symlink-follow"), args[1].(string))
		if err != nil {
			return nil, err
		}
		return hashOf(info), nil
	})
	directory("readlink-at", func(d *descriptor, args []any) (any, error) {
		name, err := d.inside(args[0].(string))
		if err != nil {
			return nil, err
		}
		target, err := d.root.Readlink(name)
		if err == nil && isOutside(target) {
			// Where it leads is a matter of the host.
			err = code("not-permitted")
		}
		return target, d.leaves(name, err)
	})
	changing("create-directory-at", 0, func(d *descriptor, name string, _ []any) error {
		return d.root.Mkdir(name, 0o777)
	})
	changing("remove-directory-at", 0, func(d *descriptor, name string, _ []any) error {
		if info, err := d.root.Lstat(name); err != nil || !info.IsDir() {
			return errors.Join(err, code("not-directory"))
		}
		return d.root.Remove(name)
	})
	changing("unlink-file-at", 0, func(d *descriptor, name string, _ []any) error {
		if info, err := d.root.Lstat(name); err == nil && info.IsDir() {
			return code("is-directory")
		}
		return d.root.Remove(name)
	})
	changing("symlink-at", 1, func(d *descriptor, name string, args []any) error {
		target := args[0].(string)
		if isOutside(target) {
			return code("not-permitted")
		}
		return d.root.Symlink(target, name)
	})
	changing("set-times-at", 1, func(d *descriptor, name string, args []any) error {
		if err := d.unlinked(name, has(args[0], "symlink-follow")); err != nil {
			return err
		}
		return d.root.Chtimes(name, timestamp(args[2]), timestamp(args[3]))
	})
	directory("rename-at", func(d *descriptor, args []any) (any, error) {
		return nil, d.move(args[0].(string), args[1].(*descriptor), args[2].(string), (*os.Root).Rename)
	})
	directory("link-at", func(d *descriptor, args []any) (any, error) {
		if has(args[0], "symlink-follow") {
			return nil, code("invalid")
		}
		return nil, d.move(args[1].(string), args[2].(*descriptor), args[3].(string), (*os.Root).Link)
	})
	directory("read-directory", func(d *descriptor, _ []any) (any, error) {
		if !d.isDir {
			return nil, code("not-directory")
		}
		opened, err := d.root.Open(".")
		if err != nil {
			return nil, err
		}
		return &entries{directory: opened}, nil
	})
	to["filesystem/types#[method]directory-entry-stream.read-directory-entry"] = fallible(
		func(_ context.Context, e *entries, _ []any) (any, error) { return e.next() },
	)
}

// isOutside says whether the target of a link is an absolute path, which no component can follow.
func isOutside(target string) bool {
	return target == "" || target[0] == '/'
}

// info is what is known of a path.
func (d *descriptor) info(follow bool, given string) (fs.FileInfo, error) {
	name, err := d.inside(given)
	if err != nil {
		return nil, err
	}
	look := d.root.Lstat
	if follow {
		look = d.root.Stat
	}
	info, err := look(name)
	return info, d.leaves(given, err)
}

// move gives a file another name, or one more; both directories must be writable, so that no second name widens a
// grant.
func (d *descriptor) move(
	from string, to *descriptor, name string, act func(root *os.Root, from, to string) error,
) error {
	given, err := d.inside(from)
	if err != nil {
		return err
	}
	target, err := to.inside(name)
	if err != nil {
		return err
	}
	if err := d.change(from); err != nil {
		return err
	}
	if err := to.change(name); err != nil {
		return err
	}
	if d.path != to.path || d.grant != to.grant {
		// Programs copy then, as they do between file systems.
		return code("cross-device")
	}
	return d.leaves(from, act(d.root, given, target))
}

// entries is the resource `directory-entry-stream`.
type entries struct {
	directory *os.File
	read      []fs.DirEntry
}

const entriesAtOnce = 128

// Close closes the directory.
func (e *entries) Close() error { return e.directory.Close() }

func (e *entries) next() (any, error) {
	if len(e.read) == 0 {
		var err error
		e.read, err = e.directory.ReadDir(entriesAtOnce)
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, fileCode(err)
		}
	}
	entry := e.read[0]
	e.read = e.read[1:]
	return host.Some{Value: map[string]any{"type": typeName(entry.Type()), "name": entry.Name()}}, nil
}
