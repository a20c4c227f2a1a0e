"""Answers requests, and writes each to the log."""

from bindings import Ok, exports, logging, streams, types


class IncomingHandler(exports.IncomingHandler):
    def handle(
        self, request: types.IncomingRequest, response_out: types.ResponseOutparam
    ) -> None:
        path = request.path_with_query() or ""
        logging.log(logging.Level.INFO, "demo", f"asked for {path}")

        response = types.OutgoingResponse(types.Fields())
        body = response.body()
        types.ResponseOutparam.set_(response_out, Ok(response))
        try:
            with body.write() as stream:
                stream.blocking_write_and_flush(f"Hello from Python: {path}\n".encode())
            types.OutgoingBody.finish(body, None)
        except streams.OutputStreamBlockingWriteAndFlushError:
            pass  # Who asked has gone.
