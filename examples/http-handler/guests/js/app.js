import { WitError } from "./bindings/errors.js";
import { handle as send } from "./bindings/wasi/http/outgoing-handler.js";
import {
  Fields,
  OutgoingBody,
  OutgoingRequest,
  OutgoingResponse,
  ResponseOutparam,
  Scheme,
} from "./bindings/wasi/http/types.js";

/** @typedef {import("./bindings/wasi/http/types.js").IncomingBody} IncomingBody */
/** @typedef {import("./bindings/wasi/http/types.js").Method} Method */

/** What streams take at once. */
const CHUNK = 4096;

/** @type {import("./bindings/exports.js").Exports} */
export default {
  incomingHandler: {
    handle(request, out) {
      const path = request.pathWithQuery() ?? "";
      if (!path.startsWith("/fetch/")) {
        const line = `js: ${verb(request.method())} ${path}\n`;
        respond(out, [encode(line), ...read(request.consume())]);
        return;
      }
      let answer;
      try {
        answer = fetch(path.slice("/fetch/".length));
      } catch (error) {
        if (!(error instanceof WitError)) {
          throw error;
        }
        ResponseOutparam.set(out, { tag: "err", val: error.payload });
        return;
      }
      respond(out, answer);
    },
  },
};

/**
 * Sends a response.
 *
 * @param {ResponseOutparam} out
 * @param {Uint8Array[]} parts
 */
function respond(out, parts) {
  const headers = new Fields();
  headers.append("content-type", encode("text/plain"));
  const response = new OutgoingResponse(headers);
  const body = response.body();
  ResponseOutparam.set(out, { tag: "ok", val: response });
  try {
    write(body, parts);
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
 * @param {Uint8Array[]} parts
 */
function write(body, parts) {
  using stream = body.write();
  for (const part of parts) {
    for (let start = 0; start < part.length; start += CHUNK) {
      stream.blockingWriteAndFlush(part.slice(start, start + CHUNK));
    }
  }
}

/**
 * Asks a server for `/`.
 *
 * @param {string} authority
 * @returns {Uint8Array[]}
 */
function fetch(authority) {
  const request = new OutgoingRequest(new Fields());
  request.setScheme(Scheme.http());
  request.setAuthority(authority);
  request.setPathWithQuery("/");
  const future = send(request, undefined);
  const ready = future.subscribe();
  ready.block();
  ready[Symbol.dispose]();
  const taken = future.get();
  if (taken?.tag !== "ok") {
    throw new Error("nobody has taken it");
  }
  if (taken.val.tag === "err") {
    throw new WitError(taken.val.val);
  }
  const response = taken.val.val;
  const line = `js: fetched ${response.status()}\n`;
  return [encode(line), ...read(response.consume())];
}

/**
 * Reads a body to its end.
 *
 * @param {IncomingBody} body
 * @returns {Uint8Array[]}
 */
function read(body) {
  const parts = [];
  const stream = body.stream();
  try {
    while (true) {
      parts.push(stream.blockingRead(BigInt(CHUNK)));
    }
  } catch (error) {
    if (!(error instanceof WitError)) {
      throw error;
    }
  }
  stream[Symbol.dispose]();
  return parts;
}

/** @param {Method} method */
function verb(method) {
  return method.tag === "other" ? method.val : method.tag.toUpperCase();
}

/**
 * The bytes of a text in UTF-8; there is no `TextEncoder` here.
 *
 * @param {string} text
 * @returns {Uint8Array}
 */
function encode(text) {
  const escaped = encodeURIComponent(text);
  const bytes = escaped.match(/%..|[^]/g) ?? [];
  return Uint8Array.from(bytes, (byte) =>
    byte.length === 3 ? parseInt(byte.slice(1), 16) : byte.charCodeAt(0),
  );
}
