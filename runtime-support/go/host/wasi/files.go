package wasi

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// descriptor is the resource `descriptor`: an open file or directory.
type descriptor struct {
	*guard
	// The granted directory that it was reached through, and its own path, as the component knows them.
	grant, path string
	file        *os.File
	flags       []string
	// What a directory keeps its paths in; that of a file is the directory that it was opened in.
	root *os.Root
	// The path of a file in its root.
	name  string
	isDir bool
}

// Close closes it.
func (d *descriptor) Close() error {
	err := d.file.Close()
	if d.isDir {
		err = errors.Join(err, d.root.Close())
	}
	return err
}

func (d *descriptor) mayWrite() bool { return d.Filesystem[d.grant].Write }

func (d *descriptor) has(flag string) bool { return has(d.flags, flag) }

func has(flags any, name string) bool {
	for _, flag := range flags.([]string) {
		if flag == name {
			return true
		}
	}
	return false
}

// errorCodes are the codes of errors of the operating system.
var errorCodes = []struct {
	err  error
	code code
}{
	{fs.ErrNotExist, "no-entry"},
	{fs.ErrExist, "exist"},
	{syscall.ENOTEMPTY, "not-empty"},
	{syscall.EACCES, "access"},
	{syscall.EPERM, "not-permitted"},
	{syscall.EROFS, "read-only"},
	{syscall.ENOTDIR, "not-directory"},
	{syscall.EISDIR, "is-directory"},
	{syscall.ELOOP, "loop"},
	{syscall.EINVAL, "invalid"},
	{syscall.EXDEV, "cross-device"},
	{syscall.ENAMETOOLONG, "name-too-long"},
	{syscall.ENOSPC, "insufficient-space"},
	{syscall.EFBIG, "file-too-large"},
	{syscall.EMLINK, "too-many-links"},
	{syscall.EBUSY, "busy"},
	{syscall.EPIPE, "pipe"},
	{syscall.ESPIPE, "invalid-seek"},
	{syscall.EBADF, "bad-descriptor"},
	{syscall.ETXTBSY, "text-file-busy"},
	{fs.ErrClosed, "bad-descriptor"},
	{errors.ErrUnsupported, "unsupported"},
}

// fileCode is the error code of an error.
func fileCode(err error) code {
	var known code
	if errors.As(err, &known) {
		return known
	}
	for _, known := range errorCodes {
		if errors.Is(err, known.err) {
			return known.code
		}
	}
	// What [os.Root] says has no type.
	if text := err.Error(); strings.HasSuffix(text, "path escapes from parent") {
		return "not-permitted"
	} else if strings.HasSuffix(text, "not a directory") {
		return "not-directory"
	}
	return "io"
}

// leaves tells the user of an error because a path would lead out of the directory.
func (d *descriptor) leaves(name string, err error) error {
	if err == nil {
		return nil
	}
	failed := fileCode(err)
	if failed != "not-permitted" || errors.Is(err, syscall.EPERM) {
		return failed
	}
	target := joined(d.path, name)
	missing := "filesystem"
	if outside := path.Dir(path.Clean("/" + target)); !strings.HasPrefix(
		outside+"/", strings.TrimRight(d.grant, "/")+"/",
	) {
		missing = "filesystem.\"" + outside + "\""
	}
	d.denied("reach `"+target+"`, which leads out of `"+d.grant+"`", missing)
	return failed
}

// joined is a path below another one, as text.
func joined(directory, name string) string {
	switch {
	case name == "" || name == ".":
		return directory
	case strings.HasPrefix(name, "/"):
		return name
	default:
		return strings.TrimRight(directory, "/") + "/" + name
	}
}

// change is an error where nothing may be changed.
func (d *descriptor) change(name string) error {
	if d.mayWrite() {
		return nil
	}
	d.denied("change `"+joined(d.path, name)+"`", "filesystem.\""+d.grant+"\".access = \"read-write\"")
	return code("not-permitted")
}

// inside is a path that a component gives, as [os.Root] takes it.
func (d *descriptor) inside(name string) (string, error) {
	switch {
	case !d.isDir:
		return "", code("not-directory")
	case name == "":
		return "", code("no-entry")
	case strings.ContainsRune(name, 0):
		return "", code("invalid")
	default:
		return name, nil
	}
}

// unlinked is an error where the last part of a path is a link that must not be followed.
func (d *descriptor) unlinked(name string, follow bool) error {
	if follow {
		return nil
	}
	if info, err := d.root.Lstat(name); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return code("loop")
	}
	return nil
}

// open is `open-at`.
func (d *descriptor) open(follow bool, name string, how, flags any) (*descriptor, error) {
	given, err := d.inside(name)
	if err != nil {
		return nil, err
	}
	mode := 0
	for flag, bit := range map[string]int{"create": os.O_CREATE, "exclusive": os.O_EXCL, "truncate": os.O_TRUNC} {
		if has(how, flag) {
			mode |= bit
		}
	}
	if mode != 0 || has(flags, "write") {
		if err := d.change(name); err != nil {
			return nil, err
		}
	}
	if err := d.unlinked(given, follow); err != nil && mode&os.O_EXCL == 0 {
		return nil, err
	}
	switch {
	case has(flags, "write") && has(flags, "read"):
		mode |= os.O_RDWR
	case has(flags, "write") || mode&os.O_TRUNC != 0:
		mode |= os.O_WRONLY
	}
	made := &descriptor{
		guard: d.guard, grant: d.grant, path: joined(d.path, name), flags: flags.([]string), root: d.root, name: given,
	}
	// A directory can only be opened for reading.
	if info, err := d.root.Stat(given); err == nil && info.IsDir() {
		if mode&os.O_TRUNC != 0 || has(flags, "write") {
			return nil, code("is-directory")
		}
		if mode&os.O_EXCL != 0 {
			return nil, code("exist")
		}
		return made.enter()
	} else if has(how, "directory") {
		if err == nil {
			return nil, code("not-directory")
		}
		return nil, d.leaves(name, err)
	} else if err == nil && !info.Mode().IsRegular() && info.Mode()&fs.ModeCharDevice == 0 {
		// Opening a pipe would wait for its other end.
		return nil, code("unsupported")
	}
	if made.file, err = d.root.OpenFile(given, mode, 0o666); err != nil {
		return nil, d.leaves(name, err)
	}
	return made, nil
}

// enter opens a directory, which keeps its paths in itself from then on.
func (d *descriptor) enter() (*descriptor, error) {
	root, err := d.root.OpenRoot(d.name)
	if err != nil {
		return nil, d.leaves("", err)
	}
	d.root, d.name, d.isDir = root, ".", true
	if d.file, err = root.Open("."); err != nil {
		return nil, errors.Join(fileCode(err), root.Close())
	}
	return d, nil
}

// preopened opens the directories that are granted.
func (g *guard) preopened() ([]any, error) {
	found := []any{}
	for _, name := range slices.Sorted(maps.Keys(g.Filesystem)) {
		directory := g.Filesystem[name]
		root, err := os.OpenRoot(directory.Host)
		if err != nil {
			return nil, err
		}
		opened := &descriptor{
			guard: g, grant: name, path: name, flags: []string{"read"}, root: root, name: ".", isDir: true,
		}
		if directory.Write {
			opened.flags = []string{"read", "mutate-directory"}
		}
		if opened.file, err = root.Open("."); err != nil {
			return nil, errors.Join(err, root.Close())
		}
		found = append(found, []any{opened, name})
	}
	return found, nil
}

// offset is a position of a file.
func offset(at uint64) (int64, error) {
	if at > math.MaxInt64 {
		return 0, code("invalid")
	}
	return int64(at), nil
}

func (b *binder) files(to values) {
	const own = "filesystem/types#[method]descriptor."
	file := func(name string, call func(d *descriptor, args []any) (any, error)) {
		to[own+name] = fallible(func(_ context.Context, d *descriptor, args []any) (any, error) {
			value, err := call(d, args)
			if err != nil {
				return nil, fileCode(err)
			}
			return value, nil
		})
	}
	to["filesystem/preopens#get-directories"] = func(context.Context, []any) (any, error) {
		return b.preopened()
	}
	to["filesystem/types#filesystem-error-code"] = func(_ context.Context, args []any) (any, error) {
		found := args[0].(*failed).error
		var known *fs.PathError
		if !errors.As(found, &known) {
			return nil, nil
		}
		return host.Some{Value: string(fileCode(found))}, nil
	}
	file("read-via-stream", func(d *descriptor, args []any) (any, error) {
		at, err := offset(args[0].(uint64))
		if err != nil || !d.has("read") || d.isDir {
			return nil, code("bad-descriptor")
		}
		return &fileInput{d.file, at}, nil
	})
	file("write-via-stream", func(d *descriptor, args []any) (any, error) {
		at, err := offset(args[0].(uint64))
		if err != nil || !d.has("write") || d.isDir {
			return nil, code("bad-descriptor")
		}
		return &fileOutput{file: d.file, at: at}, nil
	})
	file("append-via-stream", func(d *descriptor, _ []any) (any, error) {
		if !d.has("write") || d.isDir {
			return nil, code("bad-descriptor")
		}
		return &fileOutput{file: d.file, appends: true}, nil
	})
	file("advise", func(*descriptor, []any) (any, error) { return nil, nil })
	sync := func(d *descriptor, _ []any) (any, error) {
		if !d.mayWrite() {
			return nil, nil
		}
		return nil, d.file.Sync()
	}
	file("sync", sync)
	file("sync-data", sync)
	file("get-flags", func(d *descriptor, _ []any) (any, error) { return d.flags, nil })
	file("get-type", func(d *descriptor, _ []any) (any, error) {
		info, err := d.file.Stat()
		if err != nil {
			return nil, err
		}
		return typeName(info.Mode()), nil
	})
	file("set-size", func(d *descriptor, args []any) (any, error) {
		if err := d.change(""); err != nil {
			return nil, err
		}
		size, err := offset(args[0].(uint64))
		if err != nil || !d.has("write") {
			return nil, code("invalid")
		}
		return nil, d.file.Truncate(size)
	})
	file("read", func(d *descriptor, args []any) (any, error) {
		at, err := offset(args[1].(uint64))
		if err != nil || !d.has("read") || d.isDir {
			return nil, code("bad-descriptor")
		}
		bytes := make([]byte, min(args[0].(uint64), mostBytes))
		count, err := d.file.ReadAt(bytes, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		return []any{bytes[:count], err != nil && count == 0 || errors.Is(err, io.EOF)}, nil
	})
	file("write", func(d *descriptor, args []any) (any, error) {
		at, err := offset(args[1].(uint64))
		if err != nil || !d.has("write") || d.isDir {
			return nil, code("bad-descriptor")
		}
		count, err := d.file.WriteAt(args[0].([]byte), at)
		return uint64(count), err
	})
	file("stat", func(d *descriptor, _ []any) (any, error) {
		info, err := d.file.Stat()
		if err != nil {
			return nil, err
		}
		return statOf(info), nil
	})
	file("set-times", func(d *descriptor, args []any) (any, error) {
		if err := d.change(""); err != nil {
			return nil, err
		}
		return nil, d.root.Chtimes(d.name, timestamp(args[0]), timestamp(args[1]))
	})
	file("metadata-hash", func(d *descriptor, _ []any) (any, error) {
		info, err := d.file.Stat()
		if err != nil {
			return nil, err
		}
		return hashOf(info), nil
	})
	to[own+"is-same-object"] = method(func(_ context.Context, d *descriptor, args []any) any {
		left, failed := d.file.Stat()
		right, err := args[0].(*descriptor).file.Stat()
		return failed == nil && err == nil && os.SameFile(left, right)
	})
}

// timestamp is a `new-timestamp`; the zero time is no change.
func timestamp(value any) time.Time {
	switch given := value.(host.Case); given.Name {
	case "now":
		return time.Now()
	case "timestamp":
		fields := given.Value.(map[string]any)
		return time.Unix(int64(fields["seconds"].(uint64)), int64(fields["nanoseconds"].(uint32)))
	default:
		return time.Time{}
	}
}

func typeName(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "regular-file"
	case mode.IsDir():
		return "directory"
	case mode&fs.ModeSymlink != 0:
		return "symbolic-link"
	case mode&fs.ModeCharDevice != 0:
		return "character-device"
	case mode&fs.ModeDevice != 0:
		return "block-device"
	case mode&fs.ModeNamedPipe != 0:
		return "fifo"
	case mode&fs.ModeSocket != 0:
		return "socket"
	default:
		return "unknown"
	}
}

func statOf(info fs.FileInfo) any {
	more := detailsOf(info)
	return map[string]any{
		"type":                        typeName(info.Mode()),
		"link-count":                  more.links,
		"size":                        uint64(info.Size()),
		"data-access-timestamp":       dateOf(more.accessed),
		"data-modification-timestamp": dateOf(info.ModTime()),
		"status-change-timestamp":     dateOf(more.changed),
	}
}

// dateOf is an `option<datetime>`.
func dateOf(moment time.Time) any {
	if moment.IsZero() || moment.Unix() < 0 {
		return nil
	}
	return host.Some{Value: map[string]any{
		"seconds": uint64(moment.Unix()), "nanoseconds": uint32(moment.Nanosecond()),
	}}
}

func hashOf(info fs.FileInfo) any {
	more := detailsOf(info)
	return map[string]any{"lower": more.inode, "upper": more.device}
}

// details are what [fs.FileInfo] has no methods for.
type details struct {
	links, inode, device uint64
	accessed, changed    time.Time
}

// fileInput reads a file from a position on.
type fileInput struct {
	file *os.File
	at   int64
}

func (*fileInput) pending() <-chan struct{} { return nil }

func (i *fileInput) read(length uint64) ([]byte, error) {
	if length == 0 {
		return nil, nil
	}
	bytes := make([]byte, length)
	count, err := i.file.ReadAt(bytes, i.at)
	i.at += int64(count)
	if count > 0 {
		err = nil
	}
	return bytes[:count], err
}

// fileOutput writes a file from a position on, or at its end.
type fileOutput struct {
	file    *os.File
	at      int64
	appends bool
}

func (*fileOutput) pending() <-chan struct{}    { return nil }
func (*fileOutput) room() (uint64, error)       { return pipeSize, nil }
func (*fileOutput) flush(context.Context) error { return nil }

func (o *fileOutput) write(_ context.Context, bytes []byte) error {
	if o.appends {
		info, err := o.file.Stat()
		if err != nil {
			return err
		}
		o.at = info.Size()
	}
	count, err := o.file.WriteAt(bytes, o.at)
	o.at += int64(count)
	return err
}
