package wasi

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"strings"

	"github.com/witgen/witgen/runtime-support/go/host"
)

// Handler serves requests by a component that exports `wasi:http/incoming-handler`.
type Handler struct {
	// Failed hears of calls that failed; nil writes to the standard logger.
	Failed func(request *http.Request, err error)

	pool *host.Pool[*host.Dynamic]
}

// NewHandler makes a handler that serves so many requests side by side, each by an instance of its own.
//
// Instances serve one request after another, so that what a component keeps in its memory is there for the next one.
// A request whose client has gone ends the call, if the component was linked with `witgen link --interruptible` or waits.
func NewHandler(component *host.Component, config Config, most int) *Handler {
	with := With(config)
	return &Handler{pool: host.NewPool(most, func(ctx context.Context) (*host.Dynamic, error) {
		return component.InstantiateDynamic(ctx, nil, with)
	})}
}

// Close ends the instances.
func (h *Handler) Close(ctx context.Context) error {
	return h.pool.Close(ctx)
}

// errNoHandler says what a component lacks.
var errNoHandler = errors.New("the component does not export `wasi:http/incoming-handler@0.2`")

// errNoResponse says what a component did not do.
var errNoResponse = errors.New("the component gave no response")

// ServeHTTP calls the component.
func (h *Handler) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	out := &responseOutparam{set: make(chan host.Case, 1)}
	ended := make(chan error, 1)
	go func() { ended <- h.handle(request, out) }()
	var given host.Case
	var err error
	select {
	case given = <-out.set:
	case err = <-ended:
		// It may have given a response at the end.
		select {
		case given = <-out.set:
		default:
		}
		ended <- err
	}
	response, ok := given.Value.(*outgoingResponse)
	if !ok {
		if err = <-ended; err == nil {
			err = errNoResponse
			if reason, failed := given.Value.(host.Case); failed {
				err = errors.New("the component failed: " + reason.Name)
			}
		}
		h.failed(request, err)
		http.Error(writer, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	if !h.respond(writer, request, response, ended) {
		// The client must see that something is missing.
		panic(http.ErrAbortHandler)
	}
}

// handle calls the function that the component has for requests.
func (h *Handler) handle(request *http.Request, out *responseOutparam) error {
	scheme := "http"
	if request.TLS != nil {
		scheme = "https"
	}
	return h.pool.Do(request.Context(), func(ctx context.Context, app *host.Dynamic) error {
		for _, name := range app.Functions() {
			if strings.HasPrefix(name, "wasi:http/incoming-handler@0.2.") && strings.HasSuffix(name, "#handle") {
				_, err := app.Call(ctx, name, &incomingRequest{Request: request, scheme: scheme}, out)
				return err
			}
		}
		return errNoHandler
	})
}

func (h *Handler) failed(request *http.Request, err error) {
	if h.Failed != nil {
		h.Failed(request, err)
		return
	}
	log.Printf("%s %s: %v", request.Method, request.URL.Path, err)
}

// respond writes a response while the component goes on, and says whether all of it came.
func (h *Handler) respond(
	writer http.ResponseWriter, request *http.Request, response *outgoingResponse, ended <-chan error,
) (whole bool) {
	header := writer.Header()
	for name, values := range response.headers.header() {
		header[name] = values
	}
	writer.WriteHeader(int(response.status))
	body := response.body
	if body == nil {
		body = newOutgoingBody(response.headers, true)
		body.pipe.end(io.EOF)
	}
	over := make(chan error, 1)
	go func() {
		err := <-ended
		// What is not finished by now never will be.
		_ = body.Close()
		over <- err
	}()
	copied := copyBody(writer, body.pipe)
	for name, values := range body.trailers {
		header[http.TrailerPrefix+name] = values
	}
	// The request must not be used any more when this returns.
	err := <-over
	if err == nil && copied != nil && request.Context().Err() == nil {
		err = copied
	}
	if err != nil {
		h.failed(request, err)
	}
	return err == nil && copied == nil
}

// copyBody sends each part as soon as it is there.
func copyBody(writer http.ResponseWriter, body *pipe) error {
	flusher, _ := writer.(http.Flusher)
	bytes := make([]byte, mostBytes)
	for {
		count, err := body.Read(bytes)
		if count > 0 {
			if _, failed := writer.Write(bytes[:count]); failed != nil {
				body.stop()
				return failed
			}
			if flusher != nil {
				flusher.Flush()
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
