package wasi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// futureResponse is the resource `future-incoming-response`.
type futureResponse struct {
	*result[*http.Response]
	cancel context.CancelFunc
	taken  bool
}

// Close ends a request whose response nobody took.
func (f *futureResponse) Close() error {
	if !f.taken {
		f.cancel()
	}
	return nil
}

// httpFailure is an error of a body.
type httpFailure struct {
	error
	code coded
}

func (h httpFailure) Unwrap() error { return h.error }

// httpCode is the `error-code` of an error.
func httpCode(err error) coded {
	var known coded
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var alert tls.AlertError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &name):
		return coded{Name: "DNS-error", Value: map[string]any{
			"rcode": host.Some{Value: name.Err}, "info-code": nil,
		}}
	case errors.As(err, &certificate), errors.As(err, &authority):
		return coded(plain("TLS-certificate-error"))
	case errors.As(err, &alert):
		return coded(plain("TLS-protocol-error"))
	case errors.Is(err, syscall.ECONNREFUSED):
		return coded(plain("connection-refused"))
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return coded(plain("connection-terminated"))
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return coded(plain("destination-IP-unroutable"))
	default:
		return internalError(err)
	}
}

// plainTransport sends requests as components made them.
var plainTransport = func() http.RoundTripper {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true
	return transport
}()

func (b *binder) client(to values) {
	to["http/outgoing-handler#handle"] = attempt(func(_ context.Context, args []any) (any, error) {
		options := &requestOptions{}
		if given := present[any](args[1]); given != nil {
			options = (*given).(*requestOptions)
		}
		return b.send(args[0].(*outgoingRequest), options)
	})
	to["http/types#[method]future-incoming-response.subscribe"] = subscribe[*futureResponse]()
	to["http/types#[method]future-incoming-response.get"] = reading(func(f *futureResponse) any {
		if !f.finished() {
			return nil
		}
		return taken(&f.taken, &incomingResponse{Response: f.value}, f.err)
	})
}

// send starts a request, if its origin is granted.
func (b *binder) send(from *outgoingRequest, options *requestOptions) (any, error) {
	scheme := schemeText(from.scheme)
	if scheme == "" {
		scheme = "https"
	}
	if scheme != "http" && scheme != "https" {
		return nil, coded(plain("HTTP-protocol-error"))
	}
	if from.authority == nil {
		return nil, coded(plain("HTTP-request-URI-invalid"))
	}
	target := scheme + "://" + *from.authority
	if from.path != nil && *from.path != "" {
		target += "/" + strings.TrimPrefix(*from.path, "/")
	}
	read, err := url.Parse(target)
	if err != nil {
		return nil, coded(plain("HTTP-request-URI-invalid"))
	}
	if !slices.Contains(b.HTTP.Allow, originOf(read)) {
		b.denied("send a request to `"+scheme+"://"+read.Host+"`", "http.allow")
		return nil, coded(plain("HTTP-request-denied"))
	}
	if read.User != nil {
		// It is no part of an origin, and would become a header that the component did not set.
		return nil, coded(plain("HTTP-request-URI-invalid"))
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	request := (&http.Request{
		Method: methodText(from.method), URL: read, Host: read.Host, Header: from.headers.header(), Body: http.NoBody,
	}).WithContext(ctx)
	if len(from.headers.of("user-agent")) == 0 {
		// Package http has one of its own.
		request.Header.Set("User-Agent", "")
	}
	if body := from.body; body != nil {
		request.Body, request.ContentLength = &requestBody{body.pipe}, -1
		if body.length != nil {
			request.ContentLength = int64(*body.length)
		}
	}
	transport := b.Transport
	if transport == nil {
		transport = plainTransport
	}
	stop := func() { cancel(context.Canceled) }
	return &futureResponse{result: begin(func() (*http.Response, error) {
		first := after(sum(options.connect, options.firstByte), func() { cancel(errResponseTimeout) })
		response, err := transport.RoundTrip(request)
		first.Stop()
		if err != nil {
			if errors.Is(context.Cause(ctx), errResponseTimeout) {
				err = errResponseTimeout
			}
			stop()
			return nil, err
		}
		idle := after(options.betweenBytes, func() { cancel(errReadTimeout) })
		response.Body = &responseBody{response.Body, ctx, idle, options.betweenBytes, stop}
		return response, nil
	}), cancel: stop}, nil
}

var (
	errResponseTimeout = coded(plain("HTTP-response-timeout"))
	errReadTimeout     = coded(plain("connection-read-timeout"))
)

func sum(left, right *uint64) *uint64 {
	if left == nil || right == nil {
		return right
	}
	both := *left + *right
	return &both
}

// after is a timer that may never end.
func after(nanoseconds *uint64, act func()) *time.Timer {
	const longest = 1 << 62
	if nanoseconds == nil {
		return time.AfterFunc(longest, act)
	}
	return time.AfterFunc(time.Duration(min(*nanoseconds, longest)), act)
}

// requestBody is read until the request ends, one way or the other.
type requestBody struct {
	*pipe
}

func (r *requestBody) Close() error {
	r.stop()
	return nil
}

// responseBody ends its request when it is closed.
type responseBody struct {
	io.ReadCloser
	ctx     context.Context
	idle    *time.Timer
	timeout *uint64
	stop    func()
}

func (r *responseBody) Read(to []byte) (int, error) {
	count, err := r.ReadCloser.Read(to)
	if r.timeout != nil {
		r.idle.Reset(time.Duration(min(*r.timeout, 1<<62)))
	}
	if err != nil && !errors.Is(err, io.EOF) {
		if cause := context.Cause(r.ctx); cause != nil {
			err = cause
		}
		err = httpFailure{err, httpCode(err)}
	}
	return count, err
}

func (r *responseBody) Close() error {
	r.idle.Stop()
	err := r.ReadCloser.Close()
	r.stop()
	return err
}
