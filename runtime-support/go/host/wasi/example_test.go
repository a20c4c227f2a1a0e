package wasi_test

import (
	"context"
	"database/sql"
	"errors"
	"log"

	"github.com/witgen/witgen/runtime-support/go/host/wasi"
)

// Store keeps buckets in the table that `keyvalue.store = "file:PATH"` has in other hosts.
type Store struct {
	*sql.DB
}

// Open finds a bucket, which is there once it has a value.
func (s Store) Open(_ context.Context, name string) (wasi.Bucket, error) {
	return Bucket{s.DB, name}, nil
}

// Bucket is the rows of one bucket.
type Bucket struct {
	db   *sql.DB
	name string
}

// Get reads a value.
func (b Bucket) Get(ctx context.Context, key string) ([]byte, error) {
	value := []byte{}
	err := b.db.QueryRowContext(ctx, "SELECT value FROM entries WHERE bucket = ? AND key = ?", b.name, key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return append([]byte{}, value...), err
}

// Set writes a value.
func (b Bucket) Set(ctx context.Context, key string, value []byte) error {
	_, err := b.db.ExecContext(ctx, `INSERT INTO entries (bucket, key, value) VALUES (?, ?, ?)
		ON CONFLICT (bucket, key) DO UPDATE SET value = excluded.value`, b.name, key, value)
	return err
}

// Swap writes a value in place of the one that was read.
func (b Bucket) Swap(ctx context.Context, key string, expected, value []byte) (bool, error) {
	query, args := "UPDATE entries SET value = ? WHERE bucket = ? AND key = ? AND value = ?", []any{value, b.name, key, expected}
	if expected == nil {
		query, args = "INSERT INTO entries (value, bucket, key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", args[:3]
	}
	result, err := b.db.ExecContext(ctx, query, args...)
	if err != nil {
		return false, err
	}
	count, err := result.RowsAffected()
	return count == 1, err
}

// Delete removes a value.
func (b Bucket) Delete(ctx context.Context, key string) error {
	_, err := b.db.ExecContext(ctx, "DELETE FROM entries WHERE bucket = ? AND key = ?", b.name, key)
	return err
}

// Keys are in the order in which they were first set.
func (b Bucket) Keys(ctx context.Context) (keys []string, err error) {
	rows, err := b.db.QueryContext(ctx, "SELECT key FROM entries WHERE bucket = ? ORDER BY place", b.name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}

// table is what hosts of other languages make, too.
const table = `CREATE TABLE IF NOT EXISTS entries (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    UNIQUE (bucket, key)
)`

// A component keeps its values in a file of SQLite, which components in hosts of other languages may share.
// The driver is one that the program chooses and imports.
func ExampleStore() {
	db, err := sql.Open("sqlite", "state.db")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(table); err != nil {
		log.Fatal(err)
	}
	_ = wasi.With(wasi.Config{Store: Store{db}})
}
