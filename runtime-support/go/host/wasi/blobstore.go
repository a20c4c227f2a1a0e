package wasi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// container is the resource `container`.
type container struct {
	*blobs
	name string
}

// objectNames is the resource `stream-object-names`: those that are still to be read.
type objectNames struct {
	left []string
}

// next takes so many names, and says whether there are no more.
func (o *objectNames) next(count uint64) (names []string, ended bool) {
	count = min(count, uint64(len(o.left)))
	names, o.left = o.left[:count], o.left[count:]
	return names, len(o.left) == 0
}

// incomingValue is the resource `incoming-value`, and the stream that it becomes.
type incomingValue struct {
	*blob
}

func (incomingValue) pending() <-chan struct{} { return nil }

func (i incomingValue) read(length uint64) ([]byte, error) {
	bytes := make([]byte, length)
	count, err := i.Read(bytes)
	if count > 0 || length == 0 {
		err = nil
	}
	return bytes[:count], err
}

// outgoingValue is the resource `outgoing-value`, and its stream.
type outgoingValue struct {
	*stagedBlob
	// Container and name of the object that it becomes.
	place *[2]string
}

func (*outgoingValue) pending() <-chan struct{} { return nil }

func (o *outgoingValue) room() (uint64, error) {
	if o.ended {
		return 0, io.ErrClosedPipe
	}
	return mostBytes, nil
}

func (o *outgoingValue) write(_ context.Context, bytes []byte) error {
	_, err := o.file.Write(bytes)
	return err
}

func (o *outgoingValue) flush(context.Context) error {
	_, err := o.room()
	return err
}

// outgoingStream is the stream of a value, which ends with the value and not the other way around.
type outgoingStream struct {
	output
}

// text is an error as the interfaces have it.
func text(err error) error {
	if err == nil {
		return nil
	}
	// Paths of the host are none of the component's business.
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	return code(err.Error())
}

// textual makes a function whose every error is a text.
func textual(call host.DynamicFunc) host.DynamicFunc {
	return attempt(func(ctx context.Context, args []any) (any, error) {
		value, err := call(ctx, args)
		return value, text(err)
	})
}

var errAccessDenied = errors.New("access denied")

// openBlobs is the store that was granted.
func (b *binder) openBlobs() (*blobs, error) {
	if b.BlobStore.Root == "" {
		b.denied("keep blobs in containers", "blobstore.root")
		return nil, errAccessDenied
	}
	return b.blobs()
}

func (b *binder) blobStore(to values) {
	const own = "blobstore/blobstore#"
	named := func(name string, call func(store *blobs, container string) (any, error)) {
		to[own+name] = textual(func(_ context.Context, args []any) (any, error) {
			store, err := b.openBlobs()
			if err != nil {
				return nil, err
			}
			return call(store, args[0].(string))
		})
	}
	named("create-container", func(store *blobs, name string) (any, error) {
		return &container{store, name}, store.createContainer(name)
	})
	named("get-container", func(store *blobs, name string) (any, error) {
		_, err := store.container(name)
		return &container{store, name}, err
	})
	named("delete-container", func(store *blobs, name string) (any, error) {
		return nil, store.deleteContainer(name)
	})
	named("container-exists", func(store *blobs, name string) (any, error) {
		_, err := store.container(name)
		return err == nil, unless[missingContainer](err)
	})
	transfer := func(name string, away bool) {
		to[own+name] = textual(func(_ context.Context, args []any) (any, error) {
			store, err := b.openBlobs()
			if err != nil {
				return nil, err
			}
			from, target := placeOf(args[0]), placeOf(args[1])
			if err := store.copy(from, target); err != nil || !away || from == target {
				return nil, err
			}
			return nil, store.delete(from[0], from[1])
		})
	}
	transfer("copy-object", false)
	transfer("move-object", true)
	b.containers(to)
	b.objects(to)
	b.blobValues(to)
}

// unless forgets an error of one kind.
func unless[T error](err error) error {
	if found := *new(T); errors.As(err, &found) {
		return nil
	}
	return err
}

// placeOf is an `object-id`.
func placeOf(id any) [2]string {
	fields := id.(map[string]any)
	return [2]string{fields["container"].(string), fields["object"].(string)}
}

func (b *binder) containers(to values) {
	contained := func(name string, call func(c *container) (any, error)) {
		to["blobstore/container#[method]container."+name] = textual(func(_ context.Context, args []any) (any, error) {
			return call(args[0].(*container))
		})
	}
	contained("name", func(c *container) (any, error) { return c.name, nil })
	contained("info", func(c *container) (any, error) {
		made, err := c.container(c.name)
		return map[string]any{"name": c.name, "created-at": made}, err
	})
	contained("clear", func(c *container) (any, error) {
		names, err := c.objects(c.name)
		for _, name := range names {
			err = cmp.Or(err, c.delete(c.name, name))
		}
		return nil, err
	})
	contained("list-objects", func(c *container) (any, error) {
		names, err := c.objects(c.name)
		return &objectNames{names}, err
	})
	const names = "blobstore/container#[method]stream-object-names."
	to[names+"read-stream-object-names"] = fallible(func(_ context.Context, o *objectNames, args []any) (any, error) {
		taken, ended := o.next(args[0].(uint64))
		found := []any{}
		for _, name := range taken {
			found = append(found, name)
		}
		return []any{found, ended}, nil
	})
	to[names+"skip-stream-object-names"] = fallible(func(_ context.Context, o *objectNames, args []any) (any, error) {
		taken, ended := o.next(args[0].(uint64))
		return []any{uint64(len(taken)), ended}, nil
	})
}

func (b *binder) objects(to values) {
	object := func(name string, call func(c *container, object string, args []any) (any, error)) {
		to["blobstore/container#[method]container."+name] = textual(func(_ context.Context, args []any) (any, error) {
			return call(args[0].(*container), args[1].(string), args[2:])
		})
	}
	object("get-data", func(c *container, object string, args []any) (any, error) {
		start, end := args[0].(uint64), args[1].(uint64)
		if start > end {
			return nil, fmt.Errorf("the range from %d to %d is empty", start, end)
		}
		found, err := c.read(c.name, object, start, end)
		return incomingValue{found}, err
	})
	object("write-data", func(c *container, object string, args []any) (any, error) {
		value := args[0].(*outgoingValue)
		if value.place != nil {
			return nil, errors.New("the value is written to another object already")
		}
		value.place = &[2]string{c.name, object}
		return nil, nil
	})
	object("delete-object", func(c *container, object string, _ []any) (any, error) {
		return nil, c.delete(c.name, object)
	})
	object("has-object", func(c *container, object string, _ []any) (any, error) {
		_, err := c.object(c.name, object)
		return err == nil, unless[missingObject](err)
	})
	object("object-info", func(c *container, object string, _ []any) (any, error) {
		info, err := c.object(c.name, object)
		if err != nil {
			return nil, err
		}
		return map[string]any{
			"name": object, "container": c.name, "created-at": seconds(info), "size": uint64(info.Size()),
		}, nil
	})
	to["blobstore/container#[method]container.delete-objects"] = textual(func(_ context.Context, args []any) (any, error) {
		c := args[0].(*container)
		for _, name := range args[1].([]any) {
			if err := c.delete(c.name, name.(string)); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

func (b *binder) blobValues(to values) {
	const incoming, outgoing = "blobstore/types#[static]incoming-value.", "blobstore/types#[static]outgoing-value."
	to[incoming+"incoming-value-consume-sync"] = textual(func(_ context.Context, args []any) (any, error) {
		value := args[0].(incomingValue)
		defer func() { _ = value.Close() }()
		if limit := cmp.Or(uint64(b.Limits.Memory), math.MaxUint32); value.size > limit {
			return nil, fmt.Errorf("%d bytes do not fit the memory: read them as a stream", value.size)
		}
		return io.ReadAll(value)
	})
	to[incoming+"incoming-value-consume-async"] = textual(func(_ context.Context, args []any) (any, error) {
		return args[0], nil
	})
	to["blobstore/types#[method]incoming-value.size"] = method(func(_ context.Context, value incomingValue, _ []any) any {
		return value.size
	})
	to[outgoing+"new-outgoing-value"] = func(context.Context, []any) (any, error) {
		store, err := b.openBlobs()
		if err != nil {
			// The function has no error.
			return nil, b.refused("keep blobs in containers", "blobstore.root")
		}
		staged, err := store.stage()
		return &outgoingValue{stagedBlob: staged}, err
	}
	to["blobstore/types#[method]outgoing-value.outgoing-value-write-body"] = fallible(
		func(_ context.Context, value *outgoingValue, _ []any) (any, error) {
			return outgoingStream{value}, nil
		})
	to[outgoing+"finish"] = textual(func(_ context.Context, args []any) (any, error) {
		value := args[0].(*outgoingValue)
		if value.place == nil {
			return nil, errors.Join(errors.New("the value was not written to an object"), value.Close())
		}
		return nil, value.become(value.place[0], value.place[1])
	})
}
