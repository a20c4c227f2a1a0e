package wasi

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// tcpSocket is the resource `tcp-socket`.
type tcpSocket struct {
	family string
	// What is asked for and not yet finished: "bind", "listen", or nothing.
	unfinished string
	// Sockets listen as soon as they are bound: package net knows no step in between.
	listener  *net.TCPListener
	listening bool
	accepting *result[*net.TCPConn]
	dialing   *result[net.Conn]
	cancel    context.CancelFunc
	conn      *tcpConn
	// What is set before there is a connection.
	keepAlive     net.KeepAliveConfig
	receive, send uint64
}

// Close ends what is under way, and the connection; its streams keep what they have read.
func (s *tcpSocket) Close() error {
	if s.cancel != nil {
		s.cancel()
	}
	switch {
	case s.listener != nil:
		return s.listener.Close()
	case s.conn != nil:
		return s.conn.leave(nil).Close()
	default:
		return nil
	}
}

func (s *tcpSocket) pending() <-chan struct{} {
	switch {
	case s.dialing != nil:
		return s.dialing.pending()
	case s.listening:
		return s.accept().pending()
	default:
		return nil
	}
}

// accept waits for a connection in the background.
func (s *tcpSocket) accept() *result[*net.TCPConn] {
	if s.accepting == nil {
		s.accepting = begin(s.listener.AcceptTCP)
	}
	return s.accepting
}

// tcpConn is a connection, which ends with its socket and its two streams.
type tcpConn struct {
	*net.TCPConn
	holders atomic.Int32
}

func newConn(conn *net.TCPConn) (made *tcpConn, in, out any) {
	made = &tcpConn{TCPConn: conn}
	made.holders.Store(3)
	in, out = newPump(conn, made.leave(conn.CloseRead)), &writerOutput{conn, made.leave(conn.CloseWrite)}
	return made, in, out
}

// leave is what one of the holders does in the end: it closes its half.
func (c *tcpConn) leave(half func() error) closerFunc {
	return func() error {
		if half != nil {
			// The peer may have closed it before.
			_ = half()
		}
		if c.holders.Add(-1) == 0 {
			return c.Close()
		}
		return nil
	}
}

type closerFunc func() error

func (f closerFunc) Close() error { return f() }

// tcp has sockets of TCP, without their options.
func (b *binder) tcp(to values) {
	to["sockets/tcp-create-socket#create-tcp-socket"] = attempt(func(_ context.Context, args []any) (any, error) {
		if len(b.Network.TCPConnect) == 0 && len(b.Network.TCPListen) == 0 {
			b.denied("use TCP", "network.tcp-connect")
		}
		return &tcpSocket{family: args[0].(string), keepAlive: net.KeepAliveConfig{
			Idle: 2 * time.Hour, Interval: 75 * time.Second, Count: 9,
		}}, nil
	})
	const own = "sockets/tcp#[method]tcp-socket."
	socket := func(name string, call func(s *tcpSocket, args []any) (any, error)) {
		to[own+name] = fallible(func(_ context.Context, s *tcpSocket, args []any) (any, error) { return call(s, args) })
	}
	socket("start-bind", func(s *tcpSocket, args []any) (any, error) { return nil, b.bindTCP(s, socketAddress(args[1])) })
	socket("finish-bind", func(s *tcpSocket, _ []any) (any, error) {
		if s.unfinished != "bind" {
			return nil, code("not-in-progress")
		}
		s.unfinished = ""
		return nil, nil
	})
	socket("start-connect", func(s *tcpSocket, args []any) (any, error) {
		return nil, b.connect(s, socketAddress(args[1]))
	})
	socket("finish-connect", (*tcpSocket).finishConnect)
	socket("start-listen", func(s *tcpSocket, _ []any) (any, error) {
		if s.listener == nil || s.listening || s.unfinished != "" {
			return nil, code("invalid-state")
		}
		address := s.listener.Addr().(*net.TCPAddr).AddrPort()
		if !b.local(b.Network.TCPListen, address) {
			b.denied("listen at `"+address.String()+"`", "network.tcp-listen")
			return nil, code("access-denied")
		}
		s.unfinished = "listen"
		return nil, nil
	})
	socket("finish-listen", func(s *tcpSocket, _ []any) (any, error) {
		if s.unfinished != "listen" {
			return nil, code("not-in-progress")
		}
		s.unfinished, s.listening = "", true
		return nil, nil
	})
	socket("accept", func(s *tcpSocket, _ []any) (any, error) {
		if !s.listening {
			return nil, code("invalid-state")
		}
		next := s.accept()
		if !next.finished() {
			return nil, code("would-block")
		}
		s.accepting = nil
		if next.err != nil {
			return nil, socketCode(next.err)
		}
		conn, in, out := newConn(next.value)
		return []any{&tcpSocket{family: s.family, conn: conn, keepAlive: s.keepAlive}, in, out}, nil
	})
	socket("shutdown", func(s *tcpSocket, args []any) (any, error) {
		if s.conn == nil {
			return nil, code("invalid-state")
		}
		if how := args[0]; how != "send" {
			_ = s.conn.CloseRead()
		}
		if how := args[0]; how != "receive" {
			_ = s.conn.CloseWrite()
		}
		return nil, nil
	})
	socket("local-address", func(s *tcpSocket, _ []any) (any, error) {
		switch {
		case s.conn != nil:
			return addressValue(s.conn.LocalAddr().(*net.TCPAddr).AddrPort(), s.family), nil
		case s.listener != nil:
			return addressValue(s.listener.Addr().(*net.TCPAddr).AddrPort(), s.family), nil
		default:
			return nil, code("invalid-state")
		}
	})
	socket("remote-address", func(s *tcpSocket, _ []any) (any, error) {
		if s.conn == nil {
			return nil, code("invalid-state")
		}
		return addressValue(s.conn.RemoteAddr().(*net.TCPAddr).AddrPort(), s.family), nil
	})
	to[own+"is-listening"] = method(func(_ context.Context, s *tcpSocket, _ []any) any { return s.listening })
	to[own+"address-family"] = method(func(_ context.Context, s *tcpSocket, _ []any) any { return s.family })
	to[own+"subscribe"] = subscribe[*tcpSocket]()
}

func (b *binder) bindTCP(s *tcpSocket, address netip.AddrPort) error {
	chosen := address.Addr().IsUnspecified() && address.Port() == 0
	switch {
	case s.listener != nil || s.conn != nil || s.dialing != nil || s.unfinished != "":
		return code("invalid-state")
	case !isOf(address, s.family):
		return code("invalid-argument")
	case !b.local(b.Network.TCPListen, address) && (!chosen || len(b.Network.TCPConnect) == 0):
		b.denied("bind `"+address.String()+"`", "network.tcp-listen")
		return code("access-denied")
	}
	listener, err := net.ListenTCP(netOf("tcp", s.family), net.TCPAddrFromAddrPort(address))
	if err != nil {
		return socketCode(err)
	}
	s.listener, s.unfinished = listener, "bind"
	return nil
}

func (b *binder) connect(s *tcpSocket, address netip.AddrPort) error {
	switch {
	case s.conn != nil || s.dialing != nil || s.listening || s.unfinished != "":
		return code("invalid-state")
	case !isOf(address, s.family) || address.Addr().IsUnspecified() || address.Port() == 0:
		return code("invalid-argument")
	case !b.covered(b.Network.TCPConnect, address):
		b.denied("connect to `"+address.String()+"`", "network.tcp-connect")
		return code("access-denied")
	}
	dialer := net.Dialer{KeepAliveConfig: s.keepAlive}
	if s.listener != nil {
		// It was bound to connect from there.
		dialer.LocalAddr = s.listener.Addr()
		_ = s.listener.Close()
		s.listener = nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.dialing = begin(func() (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, netOf("tcp", s.family), address.String())
		if err == nil && ctx.Err() != nil {
			return nil, conn.Close()
		}
		return conn, err
	})
	return nil
}

func (s *tcpSocket) finishConnect([]any) (any, error) {
	switch {
	case s.dialing == nil:
		return nil, code("not-in-progress")
	case !s.dialing.finished():
		return nil, code("would-block")
	}
	dialed := s.dialing
	s.dialing = nil
	if dialed.err != nil {
		return nil, socketCode(dialed.err)
	}
	conn, in, out := newConn(dialed.value.(*net.TCPConn))
	s.conn = conn
	if s.receive > 0 {
		_ = s.conn.SetReadBuffer(int(s.receive))
	}
	if s.send > 0 {
		_ = s.conn.SetWriteBuffer(int(s.send))
	}
	return []any{in, out}, nil
}

// tcpOptions has what can be set of sockets; what package net has no means for is not supported.
func (b *binder) tcpOptions(to values) {
	const own = "sockets/tcp#[method]tcp-socket."
	get := func(name string, read func(s *tcpSocket) any) {
		to[own+name] = fallible(func(_ context.Context, s *tcpSocket, _ []any) (any, error) { return read(s), nil })
	}
	set := func(name string, write func(s *tcpSocket, value any) error) {
		to[own+"set-"+name] = fallible(func(_ context.Context, s *tcpSocket, args []any) (any, error) {
			if err := write(s, args[0]); err != nil {
				return nil, err
			}
			if s.conn != nil {
				return nil, alive(s.conn.SetKeepAliveConfig(s.keepAlive))
			}
			return nil, nil
		})
	}
	get("keep-alive-enabled", func(s *tcpSocket) any { return s.keepAlive.Enable })
	set("keep-alive-enabled", func(s *tcpSocket, value any) error {
		s.keepAlive.Enable = value.(bool)
		return nil
	})
	for name, at := range map[string]func(s *tcpSocket) *time.Duration{
		"keep-alive-idle-time": func(s *tcpSocket) *time.Duration { return &s.keepAlive.Idle },
		"keep-alive-interval":  func(s *tcpSocket) *time.Duration { return &s.keepAlive.Interval },
	} {
		get(name, func(s *tcpSocket) any { return uint64(*at(s)) })
		set(name, func(s *tcpSocket, value any) error {
			if value == uint64(0) {
				return code("invalid-argument")
			}
			*at(s) = time.Duration(min(value.(uint64), 1<<62))
			return nil
		})
	}
	get("keep-alive-count", func(s *tcpSocket) any { return uint32(s.keepAlive.Count) })
	set("keep-alive-count", func(s *tcpSocket, value any) error {
		if value == uint32(0) {
			return code("invalid-argument")
		}
		s.keepAlive.Count = int(min(value.(uint32), 127))
		return nil
	})
	for name, at := range map[string]func(s *tcpSocket) *uint64{
		"receive-buffer-size": func(s *tcpSocket) *uint64 { return &s.receive },
		"send-buffer-size":    func(s *tcpSocket) *uint64 { return &s.send },
	} {
		get(name, func(s *tcpSocket) any { return max(*at(s), mostBytes) })
		set(name, func(s *tcpSocket, value any) error {
			if value == uint64(0) {
				return code("invalid-argument")
			}
			*at(s) = min(value.(uint64), pipeSize)
			return nil
		})
	}
	to[own+"set-listen-backlog-size"] = fallible(func(_ context.Context, _ *tcpSocket, args []any) (any, error) {
		if args[0] == uint64(0) {
			return nil, code("invalid-argument")
		}
		// It is a hint, which package net does not take.
		return nil, nil
	})
	unsupported(to, "sockets/tcp#[method]tcp-socket.hop-limit", "sockets/tcp#[method]tcp-socket.set-hop-limit")
}

// unsupported are functions that package net has no means for.
func unsupported(to values, names ...string) {
	for _, name := range names {
		to[name] = func(context.Context, []any) (any, error) {
			return host.Case{Name: "err", Value: "not-supported"}, nil
		}
	}
}

// alive is the code of an error, if there is one.
func alive(err error) error {
	if err != nil {
		return socketCode(err)
	}
	return nil
}
