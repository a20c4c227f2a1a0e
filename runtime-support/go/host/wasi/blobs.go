package wasi

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// blobs is a directory of containers, each a directory of files. No name and no link leads out of it.
type blobs struct {
	root *os.Root
}

// blobsOf opens what is granted, once, so that all instances have the same directory even if it is moved.
func blobsOf(grants *Grants) func() (*blobs, error) {
	return sync.OnceValues(func() (*blobs, error) {
		root, err := os.OpenRoot(grants.BlobStore.Root)
		return &blobs{root}, err
	})
}

type missingContainer struct{ name string }

func (m missingContainer) Error() string { return "there is no container `" + m.name + "`" }

type missingObject struct{ container, name string }

func (m missingObject) Error() string {
	return "there is no object `" + m.name + "` in `" + m.container + "`"
}

var errLongName = errors.New("the name is too long")

// fileName is the name of the file for any text: no path, not hidden, and another one for each text.
// It is the same in all hosts.
func fileName(name string) (string, error) {
	// What common file systems allow.
	const longest = 255
	var file strings.Builder
	for at := range len(name) {
		char := name[at]
		switch {
		case 'a' <= char && char <= 'z', 'A' <= char && char <= 'Z', '0' <= char && char <= '9',
			char == '_', char == '-', char == '.' && at > 0:
			file.WriteByte(char)
		default:
			fmt.Fprintf(&file, "%%%02X", char)
		}
	}
	if name == "" {
		// No other name is written like this.
		return "%", nil
	}
	if file.Len() > longest {
		return "", errLongName
	}
	return file.String(), nil
}

// nameOf is the text that a file was named for; none where no store has named it.
func nameOf(file string) (string, bool) {
	if file == "%" {
		return "", true
	}
	var name []byte
	for at := 0; at < len(file); at++ {
		if file[at] != '%' {
			name = append(name, file[at])
			continue
		}
		if at+2 >= len(file) {
			return "", false
		}
		char, err := strconv.ParseUint(file[at+1:at+3], 16, 8)
		if err != nil {
			return "", false
		}
		name = append(name, byte(char))
		at += 2
	}
	again, err := fileName(string(name))
	return string(name), err == nil && again == file
}

func (b *blobs) createContainer(name string) error {
	file, err := fileName(name)
	if err != nil {
		return err
	}
	err = b.root.Mkdir(file, 0o777)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("there is a container `%s` already", name)
	}
	return err
}

// container says when a container was made.
func (b *blobs) container(name string) (made uint64, err error) {
	file, err := fileName(name)
	if err != nil {
		return 0, err
	}
	info, err := b.root.Lstat(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return 0, missingContainer{name}
	}
	if err != nil {
		return 0, err
	}
	return seconds(info), nil
}

func seconds(info fs.FileInfo) uint64 {
	return uint64(max(0, info.ModTime().Unix()))
}

func (b *blobs) deleteContainer(name string) error {
	file, err := fileName(name)
	if err != nil {
		return err
	}
	return b.root.RemoveAll(file)
}

// objects are the names of all objects.
func (b *blobs) objects(container string) ([]string, error) {
	if _, err := b.container(container); err != nil {
		return nil, err
	}
	file, err := fileName(container)
	if err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(b.root.FS(), file)
	var names []string
	for _, entry := range entries {
		if name, ok := nameOf(entry.Name()); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, err
}

// place is the path of an object, which may not be there, in a container that is.
func (b *blobs) place(container, name string) (string, error) {
	if _, err := b.container(container); err != nil {
		return "", err
	}
	folder, err := fileName(container)
	if err != nil {
		return "", err
	}
	file, err := fileName(name)
	return path.Join(folder, file), err
}

// object looks at an object. Links are none: this store makes no links.
func (b *blobs) object(container, name string) (fs.FileInfo, error) {
	at, err := b.place(container, name)
	if err != nil {
		return nil, err
	}
	info, err := b.root.Lstat(at)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nil, missingObject{container, name}
	}
	return info, err
}

func (b *blobs) delete(container, name string) error {
	at, err := b.place(container, name)
	if err != nil {
		return err
	}
	if err := b.root.Remove(at); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// blob is a part of an object.
type blob struct {
	io.Reader
	io.Closer
	size uint64
}

// read opens the bytes from start to end, both included; an end behind the last byte is the last byte.
func (b *blobs) read(container, name string, start, end uint64) (*blob, error) {
	info, err := b.object(container, name)
	if err != nil {
		return nil, err
	}
	at, err := b.place(container, name)
	if err != nil {
		return nil, err
	}
	file, err := b.root.Open(at)
	if err != nil {
		return nil, err
	}
	behind := uint64(info.Size())
	if end < behind {
		behind = end + 1
	}
	size := behind - min(start, behind)
	return &blob{io.NewSectionReader(file, int64(min(start, behind)), int64(size)), file, size}, nil
}

// stagedBlob is a file that becomes an object.
type stagedBlob struct {
	*blobs
	file  *os.File
	name  string
	ended bool
}

func (b *blobs) stage() (*stagedBlob, error) {
	name := ".incoming-" + rand.Text()
	file, err := b.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	return &stagedBlob{blobs: b, file: file, name: name}, nil
}

// become makes it an object, or replaces one, at once for all who look.
func (s *stagedBlob) become(container, name string) error {
	at, err := s.place(container, name)
	if err == nil {
		err = s.file.Close()
	}
	if err == nil {
		err = s.root.Rename(s.name, at)
	}
	if err != nil {
		return errors.Join(err, s.Close())
	}
	s.ended = true
	return nil
}

// Close forgets it, unless it became an object.
func (s *stagedBlob) Close() error {
	if s.ended {
		return nil
	}
	s.ended = true
	// It may be closed already.
	_ = s.file.Close()
	return s.root.Remove(s.name)
}

// copy copies an object, which has a container and a name each.
func (b *blobs) copy(from, to [2]string) error {
	found, err := b.read(from[0], from[1], 0, 1<<63-1)
	if err != nil {
		return err
	}
	defer func() { _ = found.Close() }()
	staged, err := b.stage()
	if err != nil {
		return err
	}
	if _, err := io.Copy(staged.file, found); err != nil {
		return errors.Join(err, staged.Close())
	}
	return staged.become(to[0], to[1])
}
