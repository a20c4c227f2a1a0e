// Command handler is a component that answers requests.
package main

import (
	"errors"
	"strconv"
	"strings"

	"handler/bindings/exports/wasi/http/incominghandler"
	"handler/bindings/wasi/http/outgoinghandler"
	"handler/bindings/wasi/http/types"
	"handler/bindings/wit"
)

// What streams take at once.
const chunk = 4096

type handler struct{}

func (handler) Handle(request *types.IncomingRequest, out *types.ResponseOutparam) {
	path := ""
	if given := request.PathWithQuery(); given != nil {
		path = *given
	}
	var answer []byte
	var err error
	if authority, ok := strings.CutPrefix(path, "/fetch/"); ok {
		answer, err = fetch(authority)
	} else {
		answer = []byte("go: " + verb(request.Method()) + " " + path + "\n")
		if body, err := request.Consume(); err == nil {
			answer = append(answer, read(body)...)
		}
	}
	if err != nil {
		types.ResponseOutparamSet(out, failed(err))
		return
	}
	respond(out, answer)
}

// respond sends a response.
func respond(out *types.ResponseOutparam, text []byte) {
	headers := types.NewFields()
	if err := headers.Append("content-type", []byte("text/plain")); err != nil {
		panic(err)
	}
	response := types.NewOutgoingResponse(headers)
	body, err := response.Body()
	if err != nil {
		panic(err)
	}
	types.ResponseOutparamSet(out, wit.Ok[*types.OutgoingResponse, types.ErrorCode](response))
	stream, err := body.Write()
	if err != nil {
		panic(err)
	}
	for len(text) > 0 {
		part := text[:min(len(text), chunk)]
		if err := stream.BlockingWriteAndFlush(part); err != nil {
			// The client has gone.
			return
		}
		text = text[len(part):]
	}
	_ = stream.Close()
	// It fails when the client has gone.
	_ = types.OutgoingBodyFinish(body, nil)
}

// fetch asks a server for "/".
func fetch(authority string) ([]byte, error) {
	request := types.NewOutgoingRequest(types.NewFields())
	scheme, path := types.Scheme(types.SchemeHttp{}), "/"
	if err := request.SetScheme(&scheme); err != nil {
		return nil, err
	}
	if err := request.SetAuthority(&authority); err != nil {
		return nil, err
	}
	if err := request.SetPathWithQuery(&path); err != nil {
		return nil, err
	}
	future, err := outgoinghandler.Handle(request, nil)
	if err != nil {
		return nil, err
	}
	ready := future.Subscribe()
	ready.Block()
	_ = ready.Close()
	response, err := taken(future)
	if err != nil {
		return nil, err
	}
	answer := []byte("go: fetched " + strconv.Itoa(int(response.Status())) + "\n")
	if body, err := response.Consume(); err == nil {
		answer = append(answer, read(body)...)
	}
	return answer, nil
}

// taken is the response that has come.
func taken(future *types.FutureIncomingResponse) (*types.IncomingResponse, error) {
	come, err := future.Get().Unwrap()
	if err != nil {
		return nil, err
	}
	return come.Unwrap()
}

// failed is the error that the client's server hears of.
func failed(err error) wit.Result[*types.OutgoingResponse, types.ErrorCode] {
	code := types.ErrorCode(types.ErrorCodeInternalError{})
	var known *wit.Error[types.ErrorCode]
	if errors.As(err, &known) {
		code = known.Payload
	}
	return wit.Err[*types.OutgoingResponse](code)
}

// read reads a body to its end.
func read(body *types.IncomingBody) []byte {
	defer func() { _ = body.Close() }()
	stream, err := body.Stream()
	if err != nil {
		return nil
	}
	defer func() { _ = stream.Close() }()
	var all []byte
	for {
		bytes, err := stream.BlockingRead(chunk)
		if err != nil {
			return all
		}
		all = append(all, bytes...)
	}
}

func verb(method types.Method) string {
	switch method := method.(type) {
	case types.MethodGet:
		return "GET"
	case types.MethodPost:
		return "POST"
	case types.MethodPut:
		return "PUT"
	case types.MethodDelete:
		return "DELETE"
	case types.MethodOther:
		return method.Value
	default:
		return "?"
	}
}

func init() { incominghandler.Export(handler{}) }

func main() {}
