package wasi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// incomingBody is the resource `incoming-body`.
type incomingBody struct {
	body     io.ReadCloser
	trailers func() http.Header
	streamed bool
	// The resource and its stream: guests that collect garbage may drop either first.
	holders atomic.Int32
}

func newIncomingBody(body io.ReadCloser, trailers func() http.Header) *incomingBody {
	made := &incomingBody{body: body, trailers: trailers}
	made.holders.Store(1)
	return made
}

// Close ends reading, unless something else reads.
func (i *incomingBody) Close() error {
	if i.holders.Add(-1) > 0 {
		return nil
	}
	return i.body.Close()
}

// futureTrailers is the resource `future-trailers`.
type futureTrailers struct {
	*result[http.Header]
	taken bool
}

// outgoingBody is the resource `outgoing-body`.
type outgoingBody struct {
	pipe     *pipe
	streamed bool
	// How long it must be, if that was said.
	length  *uint64
	counted *countedOutput
	// Whether trailers can be sent, and those of the end.
	takesTrailers bool
	trailers      http.Header
}

func newOutgoingBody(headers *fields, takesTrailers bool) *outgoingBody {
	made := &outgoingBody{pipe: newPipe(), takesTrailers: takesTrailers}
	if given := headers.of("content-length"); len(given) > 0 {
		if length, err := strconv.ParseUint(string(given[0].([]byte)), 10, 63); err == nil {
			made.length = &length
		}
	}
	made.counted = &countedOutput{pipe: made.pipe}
	return made
}

// Close ends a body that was not finished.
func (o *outgoingBody) Close() error {
	o.pipe.end(io.ErrUnexpectedEOF)
	return nil
}

// countedOutput counts what is written.
type countedOutput struct {
	*pipe
	count uint64
}

func (c *countedOutput) write(ctx context.Context, bytes []byte) error {
	c.count += uint64(len(bytes))
	return c.pipe.write(ctx, bytes)
}

// finish is the proper end of a body.
func (o *outgoingBody) finish(trailers *fields) error {
	if o.length != nil && o.counted.count != *o.length {
		o.pipe.end(io.ErrUnexpectedEOF)
		return coded{Name: "HTTP-request-body-size", Value: host.Some{Value: o.counted.count}}
	}
	if trailers != nil && len(trailers.entries) > 0 {
		if !o.takesTrailers {
			o.pipe.end(io.ErrUnexpectedEOF)
			return internalError(errors.New("requests take no trailers"))
		}
		o.trailers = trailers.header()
	}
	o.pipe.end(io.EOF)
	return nil
}

func internalError(err error) coded {
	return coded{Name: "internal-error", Value: host.Some{Value: err.Error()}}
}

// once makes a function whose `result` has an error without a value.
func once[T any](call func(self T) (any, bool)) host.DynamicFunc {
	return method(func(_ context.Context, self T, _ []any) any {
		value, ok := call(self)
		if !ok {
			return plain("err")
		}
		return host.Case{Name: "ok", Value: value}
	})
}

func (b *binder) bodies(to values) {
	to["http/types#[method]incoming-body.stream"] = once(func(i *incomingBody) (any, bool) {
		if i.streamed {
			return nil, false
		}
		i.streamed = true
		i.holders.Add(1)
		return newPump(i.body, i), true
	})
	to["http/types#[static]incoming-body.finish"] = func(_ context.Context, args []any) (any, error) {
		body := args[0].(*incomingBody)
		return &futureTrailers{result: begin(func() (http.Header, error) {
			// What the component did not read lies before them.
			_, err := io.Copy(io.Discard, body.body)
			trailers := body.trailers()
			_ = body.Close()
			return trailers, err
		})}, nil
	}
	to["http/types#[method]future-trailers.subscribe"] = subscribe[*futureTrailers]()
	to["http/types#[method]future-trailers.get"] = method(func(_ context.Context, f *futureTrailers, _ []any) any {
		if !f.finished() {
			return nil
		}
		var trailers any
		if len(f.value) > 0 {
			trailers = host.Some{Value: fieldsOf(f.value)}
		}
		return taken(&f.taken, trailers, f.err)
	})
	to["http/types#[method]outgoing-body.write"] = once(func(o *outgoingBody) (any, bool) {
		if o.streamed {
			return nil, false
		}
		o.streamed = true
		return o.counted, true
	})
	to["http/types#[static]outgoing-body.finish"] = attempt(func(_ context.Context, args []any) (any, error) {
		var trailers *fields
		if given := present[any](args[1]); given != nil {
			trailers = (*given).(*fields)
		}
		return nil, args[0].(*outgoingBody).finish(trailers)
	})
	to["http/types#http-error-code"] = func(_ context.Context, args []any) (any, error) {
		var known httpFailure
		if errors.As(args[0].(*failed).error, &known) {
			return host.Some{Value: host.Case(known.code)}, nil
		}
		return nil, nil
	}
}

// taken is an `option<result<result<T, error-code>>>`, which has its value once.
func taken(before *bool, value any, err error) any {
	if *before {
		return host.Some{Value: plain("err")}
	}
	*before = true
	inner := host.Case{Name: "ok", Value: value}
	if err != nil {
		inner = host.Case{Name: "err", Value: host.Case(httpCode(err))}
	}
	return host.Some{Value: host.Case{Name: "ok", Value: inner}}
}
