"""Answers every request with its path."""

from bindings import Ok, exports, types


class IncomingHandler(exports.IncomingHandler):
    def handle(
        self, request: types.IncomingRequest, response_out: types.ResponseOutparam
    ) -> None:
        path = request.path_with_query() or "/"
        response = types.OutgoingResponse(types.Fields())
        body = response.body()
        types.ResponseOutparam.set(response_out, Ok(response))
        with body.write() as stream:
            stream.blocking_write_and_flush(f"Hello from {path}".encode())
        types.OutgoingBody.finish(body, None)
