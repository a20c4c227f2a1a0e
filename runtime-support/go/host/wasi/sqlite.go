package wasi

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

const (
	// entryTable is the one that stores in files have in all hosts.
	entryTable = `CREATE TABLE IF NOT EXISTS entries (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    UNIQUE (bucket, key)
)`
	// Drivers make NULL of a nil slice.
	setValue = `INSERT INTO entries (bucket, key, value) VALUES (?, ?, coalesce(?, x''))
    ON CONFLICT (bucket, key) DO UPDATE SET value = excluded.value`
)

// sqliteStore keeps buckets in a file of SQLite, which several processes may share.
// It is open for as long as there is an instance that may use it.
type sqliteStore struct {
	path  string
	mutex sync.Mutex
	users int
	db    *sql.DB
}

// use opens the file for an instance, which closes what it gets.
func (s *sqliteStore) use() (io.Closer, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.users == 0 {
		db, err := openSQLite(s.path)
		if err != nil {
			return nil, fmt.Errorf("`file:%s` cannot be opened: %w; it is granted as `keyvalue.store`", s.path, err)
		}
		s.db = db
	}
	s.users++
	return s, nil
}

// Close is called once by each user.
func (s *sqliteStore) Close() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.users--
	if s.users > 0 {
		return nil
	}
	return s.db.Close()
}

// openSQLite opens a file with the driver that the program imports, and makes it where it is not there.
func openSQLite(path string) (*sql.DB, error) {
	drivers := sql.Drivers()
	// The names that drivers of SQLite have agreed on.
	known := slices.IndexFunc(drivers, func(name string) bool { return name == "sqlite" || name == "sqlite3" })
	if known < 0 {
		return nil, errors.New("the program has no driver for it: import one, such as `import _ \"modernc.org/sqlite\"`")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	// A process waits five seconds for another one that writes; the second way of saying so is that of other drivers.
	name := url.URL{
		Scheme:   "file",
		Path:     "/" + strings.TrimPrefix(filepath.ToSlash(path), "/"),
		RawQuery: "_pragma=busy_timeout(5000)&_busy_timeout=5000",
	}
	db, err := sql.Open(drivers[known], name.String())
	if err != nil {
		return nil, err
	}
	// Readers do not wait for a writer.
	for _, statement := range []string{"PRAGMA journal_mode = WAL", entryTable} {
		if _, err := db.Exec(statement); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return db, nil
}

// Open finds a bucket, which is there once it has a value.
func (s *sqliteStore) Open(_ context.Context, name string) (Bucket, error) {
	return sqliteBucket{s.db, name}, nil
}

// sqliteBucket is the rows of one bucket.
type sqliteBucket struct {
	db   *sql.DB
	name string
}

func (b sqliteBucket) Get(ctx context.Context, key string) ([]byte, error) {
	var value []byte
	err := b.db.QueryRowContext(ctx, "SELECT value FROM entries WHERE bucket = ? AND key = ?", b.name, key).Scan(&value)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err == nil && value == nil:
		// Nil would be a key that is not there.
		return []byte{}, nil
	default:
		return value, err
	}
}

func (b sqliteBucket) Set(ctx context.Context, key string, value []byte) error {
	_, err := b.db.ExecContext(ctx, setValue, b.name, key, value)
	return err
}

func (b sqliteBucket) SetMany(ctx context.Context, entries []Entry) error {
	transaction, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	// It does nothing after a commit.
	defer func() { _ = transaction.Rollback() }()
	for _, entry := range entries {
		if _, err := transaction.ExecContext(ctx, setValue, b.name, entry.Key, entry.Value); err != nil {
			return err
		}
	}
	return transaction.Commit()
}

func (b sqliteBucket) Swap(ctx context.Context, key string, expected, value []byte) (bool, error) {
	query := "UPDATE entries SET value = ? WHERE bucket = ? AND key = ? AND value = ?"
	args := []any{value, b.name, key, expected}
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

func (b sqliteBucket) Delete(ctx context.Context, key string) error {
	_, err := b.db.ExecContext(ctx, "DELETE FROM entries WHERE bucket = ? AND key = ?", b.name, key)
	return err
}

// Keys are in the order in which they were first set.
func (b sqliteBucket) Keys(ctx context.Context) (keys []string, err error) {
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
