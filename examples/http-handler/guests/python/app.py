"""Answers requests."""

from bindings import Err, Ok, exports, outgoing_handler, streams, types

CHUNK = 4096
"""What streams take at once."""


class IncomingHandler(exports.IncomingHandler):
    def handle(
        self, request: types.IncomingRequest, response_out: types.ResponseOutparam
    ) -> None:
        path = request.path_with_query() or ""
        try:
            if path.startswith("/fetch/"):
                answer = fetch(path.removeprefix("/fetch/"))
            else:
                line = f"python: {verb(request.method())} {path}\n"
                answer = line.encode() + read(request.consume())
        except outgoing_handler.HandleError as error:
            types.ResponseOutparam.set_(response_out, Err(error.payload))
        else:
            respond(response_out, answer)


def respond(out: types.ResponseOutparam, text: bytes) -> None:
    """Send a response."""
    headers = types.Fields()
    headers.append("content-type", b"text/plain")
    response = types.OutgoingResponse(headers)
    body = response.body()
    types.ResponseOutparam.set_(out, Ok(response))
    try:
        with body.write() as stream:
            for start in range(0, len(text), CHUNK):
                stream.blocking_write_and_flush(text[start : start + CHUNK])
        types.OutgoingBody.finish(body, None)
    except (
        streams.OutputStreamBlockingWriteAndFlushError,
        types.OutgoingBodyFinishError,
    ):
        pass  # The client has gone.


def fetch(authority: str) -> bytes:
    """Ask a server for "/"."""
    request = types.OutgoingRequest(types.Fields())
    request.set_scheme(types.SchemeHttp())
    request.set_authority(authority)
    request.set_path_with_query("/")
    future = outgoing_handler.handle(request, None)
    with future.subscribe() as ready:
        ready.block()
    match future.get():
        case Ok(Ok(response)):
            line = f"python: fetched {response.status()}\n"
            return line.encode() + read(response.consume())
        case Ok(Err(code)):
            raise outgoing_handler.HandleError(code)
        case _:
            raise AssertionError("nobody has taken it")


def read(body: types.IncomingBody) -> bytes:
    """Read a body to its end."""
    parts = []
    with body.stream() as stream:
        while True:
            try:
                parts.append(stream.blocking_read(CHUNK))
            except streams.InputStreamBlockingReadError:
                return b"".join(parts)


def verb(method: types.Method) -> str:
    match method:
        case types.MethodOther(name):
            return name
        case _:
            return type(method).__name__.removeprefix("Method").upper()
