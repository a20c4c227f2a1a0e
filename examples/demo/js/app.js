import { WitError } from "./bindings/errors.js";
import {
  Fields,
  OutgoingBody,
  OutgoingResponse,
  ResponseOutparam,
} from "./bindings/wasi/http/types.js";
import { log } from "./bindings/wasi/logging/logging.js";

/** @type {import("./bindings/exports.js").Exports} */
export default {
  incomingHandler: {
    handle(request, out) {
      const path = request.pathWithQuery() ?? "";
      log("info", "demo", `asked for ${path}`);

      const response = new OutgoingResponse(new Fields());
      const body = response.body();
      ResponseOutparam.set(out, { tag: "ok", val: response });
      try {
        write(body, encode(`Hello from JavaScript: ${path}\n`));
        OutgoingBody.finish(body, undefined);
      } catch (error) {
        // Who asked may be gone by now.
        if (!(error instanceof WitError)) {
          throw error;
        }
      }
    },
  },
};

/**
 * Writes all of a body that is short.
 *
 * @param {OutgoingBody} body
 * @param {Uint8Array} bytes
 */
function write(body, bytes) {
  using stream = body.write();
  stream.blockingWriteAndFlush(bytes);
}

/**
 * The bytes of a text that is ASCII, as paths are; there is no `TextEncoder` here.
 *
 * @param {string} text
 */
function encode(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
