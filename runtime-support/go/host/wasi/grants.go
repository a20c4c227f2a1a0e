package wasi

import (
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// Grants are what a component may do, as in the files that other hosts of witgen read; the zero value is nothing.
// [ReadGrants] makes them of the sections of such a file.
type Grants struct {
	// Filesystem has directories by the absolute path that the component knows them under.
	Filesystem map[string]Directory
	Env        Env
	Network    Network
	HTTP       HTTP
	Clocks     Clocks
	Random     Random
	Stdio      Stdio
	KeyValue   KeyValue
	BlobStore  BlobStore
	Settings   Settings
	Logging    Logging
	Limits     Limits
}

// Directory is a directory of the host.
type Directory struct {
	Host string
	// Write lets the component change what is in it.
	Write bool
}

// Env are environment variables.
type Env struct {
	// Allow are names of variables that are passed on, where the program has them.
	Allow []string
	// Set are variables with values of their own.
	Set map[string]string
}

// Network is sockets and name look-up.
type Network struct {
	// TCPConnect is where connections may lead. A name needs an entry in Resolve, too.
	TCPConnect []Address
	// TCPListen are local addresses to listen at; port 0 is any.
	TCPListen []Address
	// UDP are peers that datagrams may go to and come from, and local addresses.
	UDP []Address
	// Resolve are names that may be looked up.
	Resolve []string
}

// HTTP is requests that the component makes.
type HTTP struct {
	// Allow are origins that may be reached.
	Allow []Origin
}

// Clocks are clocks.
type Clocks struct {
	// Monotonic is the clock that measures, and waiting.
	Monotonic bool
	// Wall is date and time.
	Wall bool
}

// Random is random numbers.
type Random struct {
	Allow bool
}

// Stdio is the standard streams of the program.
type Stdio struct {
	Stdin, Stdout, Stderr bool
}

// KeyValue is `wasi:keyvalue`.
type KeyValue struct {
	// Store is "memory", for a store that all instances of one [With] share, or "file:PATH", for a file of SQLite that
	// components in all hosts may share; the program imports a driver of [database/sql] for it, such as
	// modernc.org/sqlite. [Config] takes others.
	Store string
}

// BlobStore is `wasi:blobstore`.
type BlobStore struct {
	// Root is a directory of the host: each container is a directory in it.
	Root string
}

// Settings are `wasi:config`.
type Settings struct {
	// Set are the values that the component finds.
	Set map[string]string
}

// Logging is `wasi:logging`.
type Logging struct {
	// Allow lets the component write to the log of the program; without it the messages are lost.
	Allow bool
}

// Limits are how much a component may use.
type Limits struct {
	// Memory is bytes of all linear memories together; zero is no limit.
	Memory Size
	// Fuel is units of work of a call, about one for each instruction; zero is no limit, below zero is none.
	// The component must be linked with `witgen link --metered`.
	Fuel int64
	// Deadline is how long a call may take, waiting included; zero is no limit.
	// The component must be linked with `witgen link --interruptible`.
	Deadline time.Duration
	// Handles is how many files, sockets, streams, requests and the like may be open at a time.
	// Zero is 10,000, below zero is none.
	Handles int
}

// mostHandles is more than any component needs, and few enough that the host does not run out of memory by them.
const mostHandles = 10_000

// Size is a number of bytes.
type Size uint64

// refuse tells a linker what is wrong with grants.
func (g *Grants) refuse(linker *host.Linker) {
	for _, name := range slices.Sorted(maps.Keys(g.Filesystem)) {
		directory := g.Filesystem[name]
		if !isPlainPath(name) {
			linker.Refuse("wrong grants: `%s` is no path of a component: it begins with `/` and has no `.` or `..`", name)
			continue
		}
		root, err := os.OpenRoot(directory.Host)
		if err != nil {
			linker.Refuse("wrong grants: `filesystem.%q` cannot be opened: %v", name, err)
			continue
		}
		_ = root.Close()
	}
	for _, name := range g.Network.Resolve {
		if hostName(name) == "" {
			linker.Refuse("wrong grants: `%s` is no name that can be looked up", name)
		}
	}
	if g.BlobStore.Root != "" {
		root, err := os.OpenRoot(g.BlobStore.Root)
		if err != nil {
			linker.Refuse("wrong grants: `blobstore.root` cannot be opened: %v", err)
		} else {
			_ = root.Close()
		}
	}
	if store := g.KeyValue.Store; store != "" {
		if err := checkStore(store); err != nil {
			linker.Refuse("wrong grants: %v", err)
		}
	}
}

func isPlainPath(name string) bool {
	parts := strings.Split(name, "/")
	return strings.HasPrefix(name, "/") && !slices.Contains(parts, "..") && !slices.Contains(parts, ".")
}
