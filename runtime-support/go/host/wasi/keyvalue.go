package wasi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// Store has the buckets of `wasi:keyvalue`. It is used by all instances that are given it.
type Store interface {
	// Open finds a bucket; [ErrNoBucket] says that there is none of that name.
	Open(ctx context.Context, name string) (Bucket, error)
}

// Bucket has values by their keys.
type Bucket interface {
	// Get is nil for a key that is not there.
	Get(ctx context.Context, key string) (value []byte, err error)
	Set(ctx context.Context, key string, value []byte) error
	// Swap sets a value if the present one is as expected; nil is none. It says whether it did so.
	Swap(ctx context.Context, key string, expected, value []byte) (bool, error)
	Delete(ctx context.Context, key string) error
	// Keys are all keys.
	Keys(ctx context.Context) ([]string, error)
}

// BatchBucket is what a [Bucket] may be besides: it sets many values at once, all of them or none.
type BatchBucket interface {
	SetMany(ctx context.Context, entries []Entry) error
}

// Entry is a value with its key.
type Entry struct {
	Key   string
	Value []byte
}

// isFile says whether a grant names a file, and which.
func isFile(store string) (path string, ok bool) {
	path, ok = strings.CutPrefix(store, "file:")
	return path, ok && path != ""
}

// checkStore says what is wrong with a grant.
func checkStore(store string) error {
	if _, ok := isFile(store); ok || store == "memory" {
		return nil
	}
	return fmt.Errorf("`%s` is no store of Go hosts: there are `memory` and `file:PATH`", store)
}

// storeOf is what all instances of one [With] share, or nil.
func storeOf(config Config) Store {
	if config.Store != nil || config.Grants == nil {
		return config.Store
	}
	granted := config.Grants.KeyValue.Store
	if path, ok := isFile(granted); ok {
		return &sqliteStore{path: path}
	}
	if granted == "memory" {
		return &MemoryStore{}
	}
	return nil
}

// ErrNoBucket says that a store has no bucket of that name.
var ErrNoBucket = errors.New("there is no such bucket")

// MemoryStore is a store that keeps its buckets in memory. The zero value is empty.
type MemoryStore struct {
	mutex   sync.Mutex
	buckets map[string]*memoryBucket
}

// Open makes the bucket if need be.
func (s *MemoryStore) Open(_ context.Context, name string) (Bucket, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.buckets == nil {
		s.buckets = map[string]*memoryBucket{}
	}
	if s.buckets[name] == nil {
		s.buckets[name] = &memoryBucket{values: map[string][]byte{}}
	}
	return s.buckets[name], nil
}

type memoryBucket struct {
	mutex  sync.Mutex
	values map[string][]byte
}

func (m *memoryBucket) Get(_ context.Context, key string) ([]byte, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.values[key], nil
}

func (m *memoryBucket) Set(_ context.Context, key string, value []byte) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.values[key] = value
	return nil
}

func (m *memoryBucket) Swap(_ context.Context, key string, expected, value []byte) (bool, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if present := m.values[key]; (present == nil) != (expected == nil) || !bytes.Equal(present, expected) {
		return false, nil
	}
	m.values[key] = value
	return true, nil
}

func (m *memoryBucket) Delete(_ context.Context, key string) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	delete(m.values, key)
	return nil
}

func (m *memoryBucket) Keys(context.Context) ([]string, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return slices.Sorted(maps.Keys(m.values)), nil
}

// bucket is the resource `bucket`.
type bucket struct {
	Bucket
}

// storeFailure is the `error` of the interface.
func storeFailure(err error) coded {
	if errors.Is(err, ErrNoBucket) {
		return coded(plain("no-such-store"))
	}
	return coded{Name: "other", Value: err.Error()}
}

// stored makes a function that may fail as the interface says.
func stored(call host.DynamicFunc) host.DynamicFunc {
	return attempt(func(ctx context.Context, args []any) (any, error) {
		value, err := call(ctx, args)
		if err != nil {
			return nil, storeFailure(err)
		}
		return value, nil
	})
}

// valueOf is an `option<list<u8>>`.
func valueOf(value []byte) any {
	if value == nil {
		return nil
	}
	return host.Some{Value: value}
}

func (b *binder) keyValue(to values) {
	to["keyvalue/store#open"] = attempt(func(ctx context.Context, args []any) (any, error) {
		name := args[0].(string)
		if b.store == nil {
			b.denied("open the bucket `"+name+"`", "keyvalue.store")
			return nil, coded(plain("access-denied"))
		}
		opened, err := b.store.Open(ctx, name)
		if err != nil {
			return nil, storeFailure(err)
		}
		return &bucket{opened}, nil
	})
	const own = "keyvalue/store#[method]bucket."
	to[own+"get"] = stored(func(ctx context.Context, args []any) (any, error) {
		value, err := args[0].(*bucket).Get(ctx, args[1].(string))
		return valueOf(value), err
	})
	to[own+"set"] = stored(func(ctx context.Context, args []any) (any, error) {
		return nil, args[0].(*bucket).Set(ctx, args[1].(string), args[2].([]byte))
	})
	to[own+"delete"] = stored(func(ctx context.Context, args []any) (any, error) {
		return nil, args[0].(*bucket).Delete(ctx, args[1].(string))
	})
	to[own+"exists"] = stored(func(ctx context.Context, args []any) (any, error) {
		value, err := args[0].(*bucket).Get(ctx, args[1].(string))
		return value != nil, err
	})
	to[own+"list-keys"] = stored(func(ctx context.Context, args []any) (any, error) {
		keys, err := args[0].(*bucket).Keys(ctx)
		found := []any{}
		for _, key := range keys {
			found = append(found, key)
		}
		return map[string]any{"keys": found, "cursor": nil}, err
	})
	b.atomics(to)
	b.batches(to)
}

func (b *binder) atomics(to values) {
	to["keyvalue/atomics#increment"] = stored(func(ctx context.Context, args []any) (any, error) {
		opened, key := args[0].(*bucket), args[1].(string)
		for {
			present, err := opened.Get(ctx, key)
			if err != nil {
				return nil, err
			}
			var number uint64
			if present != nil {
				if number, err = strconv.ParseUint(string(present), 10, 64); err != nil {
					return nil, err
				}
			}
			sum := number + args[2].(uint64)
			if sum < number {
				return nil, strconv.ErrRange
			}
			done, err := opened.Swap(ctx, key, present, strconv.AppendUint(nil, sum, 10))
			if done || err != nil {
				return sum, err
			}
		}
	})
}

func (b *binder) batches(to values) {
	to["keyvalue/batch#get-many"] = stored(func(ctx context.Context, args []any) (any, error) {
		found := []any{}
		for _, key := range args[1].([]any) {
			value, err := args[0].(*bucket).Get(ctx, key.(string))
			if err != nil {
				return nil, err
			}
			var entry any
			if value != nil {
				entry = host.Some{Value: []any{key, value}}
			}
			found = append(found, entry)
		}
		return found, nil
	})
	to["keyvalue/batch#set-many"] = stored(func(ctx context.Context, args []any) (any, error) {
		opened, entries := args[0].(*bucket).Bucket, []Entry{}
		for _, entry := range args[1].([]any) {
			pair := entry.([]any)
			entries = append(entries, Entry{pair[0].(string), pair[1].([]byte)})
		}
		if batch, ok := opened.(BatchBucket); ok {
			return nil, batch.SetMany(ctx, entries)
		}
		for _, entry := range entries {
			if err := opened.Set(ctx, entry.Key, entry.Value); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	to["keyvalue/batch#delete-many"] = stored(func(ctx context.Context, args []any) (any, error) {
		for _, key := range args[1].([]any) {
			if err := args[0].(*bucket).Delete(ctx, key.(string)); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}
