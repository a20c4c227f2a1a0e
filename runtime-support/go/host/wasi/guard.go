package wasi

import (
	"fmt"
	"net/netip"
	"os"
	"slices"
	"sync"
)

// guard has the grants of one instance, and remembers what it needs to decide by them.
type guard struct {
	*Grants
	told *told

	mutex sync.Mutex
	// The names that led the component to addresses: a connection to a granted name may go there and nowhere else.
	names map[netip.Addr][]string
}

// told is what the user was told of, by all instances of one [With].
type told struct {
	tell  func(text string)
	mutex sync.Mutex
	once  map[string]bool
}

// denied tells the user of something that the grants do not allow, once for each grant.
func (g *guard) denied(what, grant string) {
	t := g.told
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.once[grant] {
		return
	}
	if t.once == nil {
		t.once = map[string]bool{}
	}
	t.once[grant] = true
	text := "witgen: the component was not allowed to " + what + ": grant `" + grant + "`"
	if t.tell != nil {
		t.tell(text)
		return
	}
	fmt.Fprintln(os.Stderr, text)
}

// refused is what ends a component whose interface has no error for a denial.
func (*guard) refused(what, grant string) error {
	return fmt.Errorf("the component was not allowed to %s: grant `%s`", what, grant)
}

// led remembers an address that a name led to.
func (g *guard) led(name string, to netip.Addr) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.names == nil {
		g.names = map[netip.Addr][]string{}
	}
	if to = to.Unmap(); !slices.Contains(g.names[to], name) {
		g.names[to] = append(g.names[to], name)
	}
}

// covered says whether one of the entries is an address.
func (g *guard) covered(entries []Address, address netip.AddrPort) bool {
	ip := address.Addr().Unmap()
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return slices.ContainsFunc(entries, func(entry Address) bool {
		right := entry.ip == ip
		if entry.name != "" {
			right = slices.Contains(g.names[ip], entry.name)
		}
		return right && (entry.anyPort || entry.port == address.Port())
	})
}

// local says whether one of the entries is a local address; port 0 is any.
func (g *guard) local(entries []Address, address netip.AddrPort) bool {
	free := make([]Address, 0, len(entries))
	for _, entry := range entries {
		if entry.port == 0 {
			entry.anyPort = true
		}
		free = append(free, entry)
	}
	return g.covered(free, address)
}
