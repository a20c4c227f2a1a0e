package wasi

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// network is the resource `network`, which is nothing by itself.
type network struct{}

// socketCodes are the codes of errors of the operating system.
var socketCodes = []struct {
	err  error
	code code
}{
	{syscall.ECONNREFUSED, "connection-refused"},
	{syscall.ECONNRESET, "connection-reset"},
	{syscall.ECONNABORTED, "connection-aborted"},
	{syscall.EADDRINUSE, "address-in-use"},
	{syscall.EADDRNOTAVAIL, "address-not-bindable"},
	{syscall.EHOSTUNREACH, "remote-unreachable"},
	{syscall.ENETUNREACH, "remote-unreachable"},
	{syscall.ETIMEDOUT, "timeout"},
	{syscall.EACCES, "access-denied"},
	{syscall.EPERM, "access-denied"},
	{syscall.EMFILE, "new-socket-limit"},
	{syscall.ENFILE, "new-socket-limit"},
	{syscall.EMSGSIZE, "datagram-too-large"},
	{syscall.EINVAL, "invalid-argument"},
}

func socketCode(err error) code {
	var known code
	if errors.As(err, &known) {
		return known
	}
	for _, known := range socketCodes {
		if errors.Is(err, known.err) {
			return known.code
		}
	}
	return "unknown"
}

// socketAddress is an `ip-socket-address` that a component gives.
func socketAddress(value any) netip.AddrPort {
	given := value.(host.Case)
	fields := given.Value.(map[string]any)
	var ip netip.Addr
	parts := fields["address"].([]any)
	if given.Name == "ipv4" {
		var bytes [4]byte
		for i, part := range parts {
			bytes[i] = part.(uint8)
		}
		ip = netip.AddrFrom4(bytes)
	} else {
		var bytes [16]byte
		for i, part := range parts {
			bytes[2*i], bytes[2*i+1] = byte(part.(uint16)>>8), byte(part.(uint16))
		}
		ip = netip.AddrFrom16(bytes)
	}
	return netip.AddrPortFrom(ip, fields["port"].(uint16))
}

// ipAddress is an `ip-address`.
func ipAddress(ip netip.Addr) host.Case {
	if ip.Is4() {
		parts := []any{}
		for _, part := range ip.As4() {
			parts = append(parts, part)
		}
		return host.Case{Name: "ipv4", Value: parts}
	}
	parts, bytes := []any{}, ip.As16()
	for i := 0; i < len(bytes); i += 2 {
		parts = append(parts, uint16(bytes[i])<<8|uint16(bytes[i+1]))
	}
	return host.Case{Name: "ipv6", Value: parts}
}

// addressValue is an `ip-socket-address` for a component.
func addressValue(address netip.AddrPort, family string) host.Case {
	ip := address.Addr().Unmap().WithZone("")
	if family == "ipv6" && ip.Is4() {
		ip = netip.AddrFrom16(ip.As16())
	}
	made := ipAddress(ip)
	fields := map[string]any{"port": address.Port(), "address": made.Value}
	if made.Name == "ipv6" {
		fields["flow-info"], fields["scope-id"] = uint32(0), uint32(0)
	}
	return host.Case{Name: made.Name, Value: fields}
}

// isOf says whether an address is of a family; those of IPv4 in the form of IPv6 are of none.
func isOf(address netip.AddrPort, family string) bool {
	return address.Addr().Is4() == (family == "ipv4") && !address.Addr().Is4In6()
}

// netOf is a network of package net for sockets of a family.
func netOf(protocol, family string) string {
	return protocol + strings.TrimPrefix(family, "ipv")
}

// result is a task in the background, which a component may wait for.
type result[T any] struct {
	done  chan struct{}
	value T
	err   error
}

func begin[T any](work func() (T, error)) *result[T] {
	made := &result[T]{done: make(chan struct{})}
	go func() {
		defer close(made.done)
		made.value, made.err = work()
	}()
	return made
}

// finished says that it has come to its end.
func (r *result[T]) finished() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

func (r *result[T]) pending() <-chan struct{} {
	if r.finished() {
		return nil
	}
	return r.done
}

// answers is the resource `resolve-address-stream`.
type answers struct {
	*result[[]netip.Addr]
	name string
}

// lookup has name look-up, and what all sockets share.
func (b *binder) lookup(to values) {
	to["sockets/instance-network#instance-network"] = func(context.Context, []any) (any, error) {
		return network{}, nil
	}
	to["sockets/network#network-error-code"] = func(_ context.Context, args []any) (any, error) {
		var known *net.OpError
		if err := args[0].(*failed).error; errors.As(err, &known) {
			return host.Some{Value: string(socketCode(err))}, nil
		}
		return nil, nil
	}
	to["sockets/ip-name-lookup#resolve-addresses"] = attempt(func(_ context.Context, args []any) (any, error) {
		given := args[1].(string)
		if ip, err := netip.ParseAddr(strings.Trim(given, "[]")); err == nil {
			return &answers{begin(func() ([]netip.Addr, error) { return []netip.Addr{ip}, nil }), ""}, nil
		}
		name := hostName(given)
		if !b.mayResolve(name) {
			b.denied("look up `"+given+"`", "network.resolve")
			return nil, code("access-denied")
		}
		found := begin(func() ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(context.Background(), "ip", name)
		})
		return &answers{found, name}, nil
	})
	const own = "sockets/ip-name-lookup#[method]resolve-address-stream."
	to[own+"subscribe"] = subscribe[*answers]()
	to[own+"resolve-next-address"] = fallible(func(_ context.Context, a *answers, _ []any) (any, error) {
		switch {
		case !a.finished():
			return nil, code("would-block")
		case a.err != nil:
			var failed *net.DNSError
			if errors.As(a.err, &failed) && (failed.IsTemporary || failed.IsTimeout) {
				return nil, code("temporary-resolver-failure")
			}
			return nil, code("name-unresolvable")
		case len(a.value) == 0:
			return nil, nil
		}
		next := a.value[0].Unmap()
		a.value = a.value[1:]
		if a.name != "" {
			b.led(a.name, next)
		}
		return host.Some{Value: ipAddress(next)}, nil
	})
}

func (b *binder) mayResolve(name string) bool {
	for _, granted := range b.Network.Resolve {
		if name != "" && hostName(granted) == name {
			return true
		}
	}
	return false
}
