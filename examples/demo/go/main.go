// Command demo is a component that answers requests, and writes each to the log.
package main

import (
	"demo/bindings/exports/wasi/http/incominghandler"
	"demo/bindings/wasi/http/types"
	"demo/bindings/wasi/logging/logging"
	"demo/bindings/wit"
)

type handler struct{}

func (handler) Handle(request *incominghandler.IncomingRequest, out *incominghandler.ResponseOutparam) {
	var path string
	if given := request.PathWithQuery(); given != nil {
		path = *given
	}
	logging.Log(logging.LevelInfo, "demo", "asked for "+path)

	response := types.NewOutgoingResponse(types.NewFields())
	body, err := response.Body()
	if err != nil {
		panic(err)
	}
	types.ResponseOutparamSet(out, wit.Ok[*types.OutgoingResponse, types.ErrorCode](response))
	stream, err := body.Write()
	if err != nil {
		panic(err)
	}
	// Who asked may be gone by now.
	_ = stream.BlockingWriteAndFlush([]byte("Hello from Go: " + path + "\n"))
	_ = stream.Close()
	_ = types.OutgoingBodyFinish(body, nil)
}

func init() {
	incominghandler.Export(handler{})
}

func main() {}
