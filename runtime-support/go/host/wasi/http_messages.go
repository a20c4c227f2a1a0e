package wasi

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// incomingRequest is the resource `incoming-request`.
type incomingRequest struct {
	*http.Request
	scheme   string
	consumed bool
}

// outgoingRequest is the resource `outgoing-request`.
type outgoingRequest struct {
	headers         *fields
	method          host.Case
	path, authority *string
	scheme          any
	body            *outgoingBody
}

// requestOptions is the resource `request-options`: times in nanoseconds.
type requestOptions struct {
	connect, firstByte, betweenBytes *uint64
}

// incomingResponse is the resource `incoming-response`.
type incomingResponse struct {
	*http.Response
	consumed bool
}

// Close ends reading its body, unless that was consumed.
func (i *incomingResponse) Close() error {
	if i.consumed {
		return nil
	}
	return i.Body.Close()
}

// outgoingResponse is the resource `outgoing-response`.
type outgoingResponse struct {
	status  uint16
	headers *fields
	body    *outgoingBody
}

// responseOutparam is the resource `response-outparam`.
type responseOutparam struct {
	set chan host.Case
}

// Close says that no response comes.
func (r *responseOutparam) Close() error {
	close(r.set)
	return nil
}

// changing makes a setter, whose `result` has an error without a value.
func changing[T any](set func(self T, value any) bool) host.DynamicFunc {
	return method(func(_ context.Context, self T, args []any) any {
		if !set(self, args[0]) {
			return plain("err")
		}
		return plain("ok")
	})
}

// reading makes a getter.
func reading[T any](get func(self T) any) host.DynamicFunc {
	return method(func(_ context.Context, self T, _ []any) any { return get(self) })
}

func (b *binder) requests(to values) {
	const in = "http/types#[method]incoming-request."
	to[in+"method"] = reading(func(r *incomingRequest) any { return methodOf(r.Method) })
	to[in+"path-with-query"] = reading(func(r *incomingRequest) any { return host.Some{Value: r.URL.RequestURI()} })
	to[in+"scheme"] = reading(func(r *incomingRequest) any { return schemeOf(r.scheme) })
	to[in+"authority"] = reading(func(r *incomingRequest) any { return host.Some{Value: r.Host} })
	to[in+"headers"] = reading(func(r *incomingRequest) any { return fieldsOf(r.Header) })
	to[in+"consume"] = once(func(r *incomingRequest) (any, bool) {
		if r.consumed {
			return nil, false
		}
		r.consumed = true
		return newIncomingBody(r.Body, func() http.Header { return r.Trailer }), true
	})
	const out = "http/types#[method]outgoing-request."
	to["http/types#[constructor]outgoing-request"] = func(_ context.Context, args []any) (any, error) {
		return &outgoingRequest{headers: args[0].(*fields).fixedCopy(), method: plain("get")}, nil
	}
	to[out+"body"] = once(func(r *outgoingRequest) (any, bool) {
		if r.body != nil {
			return nil, false
		}
		r.body = newOutgoingBody(r.headers, false)
		return r.body, true
	})
	to[out+"headers"] = reading(func(r *outgoingRequest) any { return r.headers })
	to[out+"method"] = reading(func(r *outgoingRequest) any { return r.method })
	to[out+"set-method"] = changing(func(r *outgoingRequest, value any) bool {
		given := value.(host.Case)
		r.method = given
		return (&fields{}).mayChange("x"+methodText(given)) == nil
	})
	to[out+"path-with-query"] = reading(func(r *outgoingRequest) any { return optional(r.path) })
	to[out+"set-path-with-query"] = changing(func(r *outgoingRequest, value any) bool {
		given := present[string](value)
		if given != nil {
			if _, err := url.ParseRequestURI("/" + strings.TrimPrefix(*given, "/")); err != nil {
				return false
			}
		}
		r.path = given
		return true
	})
	to[out+"scheme"] = reading(func(r *outgoingRequest) any { return r.scheme })
	to[out+"set-scheme"] = changing(func(r *outgoingRequest, value any) bool {
		r.scheme = value
		return true
	})
	to[out+"authority"] = reading(func(r *outgoingRequest) any { return optional(r.authority) })
	to[out+"set-authority"] = changing(func(r *outgoingRequest, value any) bool {
		given := present[string](value)
		if given != nil {
			read, err := url.Parse("http://" + *given)
			if err != nil || read.Host != (*given)[strings.LastIndexByte(*given, '@')+1:] {
				return false
			}
		}
		r.authority = given
		return true
	})
	to["http/types#[constructor]request-options"] = func(context.Context, []any) (any, error) {
		return &requestOptions{}, nil
	}
	for name, at := range map[string]func(r *requestOptions) **uint64{
		"connect-timeout":       func(r *requestOptions) **uint64 { return &r.connect },
		"first-byte-timeout":    func(r *requestOptions) **uint64 { return &r.firstByte },
		"between-bytes-timeout": func(r *requestOptions) **uint64 { return &r.betweenBytes },
	} {
		to["http/types#[method]request-options."+name] = reading(func(r *requestOptions) any { return optional(*at(r)) })
		to["http/types#[method]request-options.set-"+name] = changing(func(r *requestOptions, value any) bool {
			*at(r) = present[uint64](value)
			return true
		})
	}
}

func (b *binder) responses(to values) {
	const in = "http/types#[method]incoming-response."
	to[in+"status"] = reading(func(r *incomingResponse) any { return uint16(r.StatusCode) })
	to[in+"headers"] = reading(func(r *incomingResponse) any { return fieldsOf(r.Header) })
	to[in+"consume"] = once(func(r *incomingResponse) (any, bool) {
		if r.consumed {
			return nil, false
		}
		r.consumed = true
		return newIncomingBody(r.Body, func() http.Header { return r.Trailer }), true
	})
	const out = "http/types#[method]outgoing-response."
	to["http/types#[constructor]outgoing-response"] = func(_ context.Context, args []any) (any, error) {
		return &outgoingResponse{status: http.StatusOK, headers: args[0].(*fields).fixedCopy()}, nil
	}
	to[out+"status-code"] = reading(func(r *outgoingResponse) any { return r.status })
	to[out+"set-status-code"] = changing(func(r *outgoingResponse, value any) bool {
		given := value.(uint16)
		if given < 100 || given > 999 {
			return false
		}
		r.status = given
		return true
	})
	to[out+"headers"] = reading(func(r *outgoingResponse) any { return r.headers })
	to[out+"body"] = once(func(r *outgoingResponse) (any, bool) {
		if r.body != nil {
			return nil, false
		}
		r.body = newOutgoingBody(r.headers, true)
		return r.body, true
	})
	to["http/types#[static]response-outparam.set"] = func(_ context.Context, args []any) (any, error) {
		args[0].(*responseOutparam).set <- args[1].(host.Case)
		return nil, nil
	}
	to["http/types#[method]response-outparam.send-informational"] = attempt(func(context.Context, []any) (any, error) {
		return nil, internalError(http.ErrNotSupported)
	})
}
