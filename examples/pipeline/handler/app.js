import { WitError } from "./bindings/errors.js";
import { summarize } from "./bindings/example/pipeline/analyst.js";
import { parse } from "./bindings/example/pipeline/parser.js";
import {
  Fields,
  OutgoingBody,
  OutgoingResponse,
  ResponseOutparam,
} from "./bindings/wasi/http/types.js";

/** @typedef {import("./bindings/example/pipeline/parser.js").Mistake} Mistake */
/** @typedef {import("./bindings/wasi/http/types.js").IncomingRequest} IncomingRequest */

/** What streams take at once. */
const CHUNK = 4096;

/** @type {import("./bindings/exports.js").Exports} */
export default {
  incomingHandler: {
    handle(request, out) {
      if (request.method().tag !== "post") {
        respond(out, 405, "text/plain", "post lines such as Hamburg;12.5\n");
        return;
      }
      try {
        const summaries = summarize(parse(text(request)));
        respond(out, 200, "application/json", JSON.stringify(summaries) + "\n");
      } catch (error) {
        if (error instanceof URIError) {
          respond(out, 400, "text/plain", "this is not UTF-8\n");
        } else if (error instanceof WitError) {
          /** @type {Mistake} */
          const { line, reason } = error.payload;
          respond(out, 400, "text/plain", `line ${line}: ${reason}\n`);
        } else {
          throw error;
        }
      }
    },
  },
};

/**
 * The body of a request; there is no `TextDecoder` here.
 *
 * @param {IncomingRequest} request
 * @throws {URIError} It is not UTF-8.
 */
function text(request) {
  let escaped = "";
  using body = request.consume();
  using stream = body.stream();
  try {
    while (true) {
      for (const byte of stream.blockingRead(BigInt(CHUNK))) {
        escaped += "%" + byte.toString(16).padStart(2, "0");
      }
    }
  } catch (error) {
    // The stream has ended.
    if (!(error instanceof WitError)) {
      throw error;
    }
  }
  return decodeURIComponent(escaped);
}

/**
 * Sends a response.
 *
 * @param {ResponseOutparam} out
 * @param {number} status
 * @param {string} type
 * @param {string} content
 */
function respond(out, status, type, content) {
  const headers = new Fields();
  headers.append("content-type", encode(type));
  const response = new OutgoingResponse(headers);
  response.setStatusCode(status);
  const body = response.body();
  ResponseOutparam.set(out, { tag: "ok", val: response });
  try {
    write(body, encode(content));
    OutgoingBody.finish(body, undefined);
  } catch (error) {
    // The client has gone.
    if (!(error instanceof WitError)) {
      throw error;
    }
  }
}

/**
 * Writes all of a body.
 *
 * @param {OutgoingBody} body
 * @param {Uint8Array} bytes
 */
function write(body, bytes) {
  using stream = body.write();
  for (let start = 0; start < bytes.length; start += CHUNK) {
    stream.blockingWriteAndFlush(bytes.subarray(start, start + CHUNK));
  }
}

/**
 * The bytes of a text in UTF-8; there is no `TextEncoder` here.
 *
 * @param {string} content
 */
function encode(content) {
  const escaped = encodeURIComponent(content).match(/%..|[^]/g) ?? [];
  return Uint8Array.from(escaped, (byte) =>
    byte.length === 3 ? parseInt(byte.slice(1), 16) : byte.charCodeAt(0),
  );
}
