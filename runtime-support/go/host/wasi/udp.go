package wasi

import (
	"context"
	"net"
	"net/netip"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// udpSocket is the resource `udp-socket`.
type udpSocket struct {
	*guard
	family string
	bound  bool
	conn   *net.UDPConn
	remote *netip.AddrPort
	// The streams of the present association; others have ended.
	number  int
	reading *result[datagram]
}

type datagram struct {
	bytes []byte
	from  netip.AddrPort
}

// Close ends the socket.
func (s *udpSocket) Close() error {
	if s.conn != nil {
		return s.conn.Close()
	}
	return nil
}

func (*udpSocket) pending() <-chan struct{} { return nil }

// datagrams is a stream of datagrams, in one direction or the other.
type datagrams struct {
	socket *udpSocket
	number int
}

// incoming and outgoing are its resources.
type (
	incoming struct{ datagrams }
	outgoing struct{ datagrams }
)

func (d datagrams) ended() bool { return d.number != d.socket.number }

func (o outgoing) pending() <-chan struct{} { return nil }

func (i incoming) pending() <-chan struct{} {
	if i.ended() {
		return nil
	}
	return i.socket.next().pending()
}

// next waits for a datagram in the background.
func (s *udpSocket) next() *result[datagram] {
	const longest = 1 << 16
	if s.reading == nil {
		s.reading = begin(func() (datagram, error) {
			bytes := make([]byte, longest)
			for {
				count, from, err := s.conn.ReadFromUDPAddrPort(bytes)
				from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
				if err == nil && !s.covered(s.Network.UDP, from) {
					s.denied("receive from `"+from.String()+"`", "network.udp")
					continue
				}
				return datagram{bytes[:count], from}, err
			}
		})
	}
	return s.reading
}

func (b *binder) udp(to values) {
	to["sockets/udp-create-socket#create-udp-socket"] = attempt(func(_ context.Context, args []any) (any, error) {
		if len(b.Network.UDP) == 0 {
			b.denied("use UDP", "network.udp")
		}
		return &udpSocket{guard: b.guard, family: args[0].(string)}, nil
	})
	const own = "sockets/udp#[method]udp-socket."
	socket := func(name string, call func(s *udpSocket, args []any) (any, error)) {
		to[own+name] = fallible(func(_ context.Context, s *udpSocket, args []any) (any, error) { return call(s, args) })
	}
	socket("start-bind", func(s *udpSocket, args []any) (any, error) { return nil, s.bind(socketAddress(args[1])) })
	socket("finish-bind", func(s *udpSocket, _ []any) (any, error) {
		if s.conn == nil || s.bound {
			return nil, code("not-in-progress")
		}
		s.bound = true
		return nil, nil
	})
	socket("stream", func(s *udpSocket, args []any) (any, error) {
		if !s.bound {
			return nil, code("invalid-state")
		}
		s.remote = nil
		if some, ok := args[0].(host.Some); ok {
			remote := socketAddress(some.Value)
			if err := s.maySend(remote); err != nil {
				return nil, err
			}
			s.remote = &remote
		}
		s.number++
		shared := datagrams{s, s.number}
		return []any{incoming{shared}, outgoing{shared}}, nil
	})
	socket("local-address", func(s *udpSocket, _ []any) (any, error) {
		if s.conn == nil {
			return nil, code("invalid-state")
		}
		return addressValue(s.conn.LocalAddr().(*net.UDPAddr).AddrPort(), s.family), nil
	})
	socket("remote-address", func(s *udpSocket, _ []any) (any, error) {
		if s.remote == nil {
			return nil, code("invalid-state")
		}
		return addressValue(*s.remote, s.family), nil
	})
	to[own+"address-family"] = method(func(_ context.Context, s *udpSocket, _ []any) any { return s.family })
	to[own+"subscribe"] = subscribe[*udpSocket]()
	for _, name := range []string{"unicast-hop-limit", "receive-buffer-size", "send-buffer-size"} {
		unsupported(to, own+name, own+"set-"+name)
	}
	to["sockets/udp#[method]incoming-datagram-stream.subscribe"] = subscribe[incoming]()
	to["sockets/udp#[method]outgoing-datagram-stream.subscribe"] = subscribe[outgoing]()
	to["sockets/udp#[method]incoming-datagram-stream.receive"] = fallible(receive)
	to["sockets/udp#[method]outgoing-datagram-stream.check-send"] = fallible(
		func(context.Context, outgoing, []any) (any, error) { return uint64(datagramsAtOnce), nil },
	)
	to["sockets/udp#[method]outgoing-datagram-stream.send"] = fallible(send)
}

func (s *udpSocket) bind(address netip.AddrPort) error {
	chosen := address.Addr().IsUnspecified() && address.Port() == 0
	switch {
	case s.conn != nil:
		return code("invalid-state")
	case !isOf(address, s.family):
		return code("invalid-argument")
	case !s.local(s.Network.UDP, address) && (!chosen || len(s.Network.UDP) == 0):
		s.denied("bind `"+address.String()+"`", "network.udp")
		return code("access-denied")
	}
	conn, err := net.ListenUDP(netOf("udp", s.family), net.UDPAddrFromAddrPort(address))
	if err != nil {
		return socketCode(err)
	}
	s.conn = conn
	return nil
}

func (s *udpSocket) maySend(to netip.AddrPort) error {
	switch {
	case !isOf(to, s.family) || to.Addr().IsUnspecified() || to.Port() == 0:
		return code("invalid-argument")
	case !s.covered(s.Network.UDP, to):
		s.denied("send to `"+to.String()+"`", "network.udp")
		return code("access-denied")
	default:
		return nil
	}
}

func receive(_ context.Context, stream incoming, args []any) (any, error) {
	found := []any{}
	for !stream.ended() && uint64(len(found)) < min(args[0].(uint64), datagramsAtOnce) {
		next := stream.socket.next()
		if !next.finished() {
			break
		}
		stream.socket.reading = nil
		if next.err != nil {
			return nil, socketCode(next.err)
		}
		if remote := stream.socket.remote; remote != nil && *remote != next.value.from {
			continue
		}
		found = append(found, map[string]any{
			"data": next.value.bytes, "remote-address": addressValue(next.value.from, stream.socket.family),
		})
	}
	return found, nil
}

// How many datagrams are sent or received at once.
const datagramsAtOnce = 16

func send(_ context.Context, stream outgoing, args []any) (any, error) {
	if stream.ended() {
		return nil, code("invalid-state")
	}
	socket := stream.socket
	for sent, value := range args[0].([]any) {
		fields := value.(map[string]any)
		to := socket.remote
		if some, ok := fields["remote-address"].(host.Some); ok {
			given := socketAddress(some.Value)
			if to != nil && *to != given {
				return sentOr(sent, code("invalid-argument"))
			}
			to = &given
		}
		if to == nil {
			return sentOr(sent, code("invalid-argument"))
		}
		if err := socket.maySend(*to); err != nil {
			return sentOr(sent, err)
		}
		if _, err := socket.conn.WriteToUDPAddrPort(fields["data"].([]byte), *to); err != nil {
			return sentOr(sent, socketCode(err))
		}
	}
	return uint64(len(args[0].([]any))), nil
}

// sentOr is an error when nothing was sent.
func sentOr(sent int, err error) (any, error) {
	if sent > 0 {
		return uint64(sent), nil
	}
	return nil, err
}
