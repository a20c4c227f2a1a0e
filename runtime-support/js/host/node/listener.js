// Answers requests by a component that exports `wasi:http/incoming-handler`.

import { LinkError, Trap, WitError } from "../errors.js";
import { instantiateDynamic } from "../dynamic.js";
import { InputStream } from "../streams.js";
import { Fields } from "./fields.js";
import { IncomingRequest, ResponseOutparam } from "./messages.js";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { Linked, Rights } from "../plan.js" */
/** @import { Source } from "./bodies.js" */
/** @import { Answer, OutgoingResponse } from "./messages.js" */

/**
 * @typedef {object} ListenerOptions
 * @property {Record<string, any>} [interfaces]
 * @property {number} [mostBody]
 * @property {(error: unknown) => void} [failed]
 */

/** How long a body may be, which is read before the component is called. */
const MOST_BODY = 2 ** 26;
/** How much of a response may wait for its client. */
const MOST_UNSENT = 2 ** 26;

/**
 * @param {Linked} component
 * @param {Rights & ListenerOptions} [options]
 * @returns {(request: IncomingMessage, response: ServerResponse) => void}
 */
export function requestListener(component, options = {}) {
  const { interfaces, mostBody = MOST_BODY, failed = console.error } = options;
  const make = () => {
    const app = instantiateDynamic(component, interfaces, options);
    const name = Object.keys(app).find((one) =>
      /^wasi:http\/incoming-handler(@0\.2\.|$)/.test(one),
    );
    if (name === undefined) {
      throw new LinkError(
        "the component does not export `wasi:http/incoming-handler@0.2`",
      );
    }
    return app[name].handle;
  };
  /** One instance serves one request after another, until it traps. */
  let handle = make();

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  async function answer(request, response) {
    const body = await collected(request, mostBody);
    if (body === undefined) {
      end(response, 413);
      return;
    }
    handle ??= make();
    try {
      serve(handle, request, body, response);
    } catch (error) {
      handle = undefined;
      throw error;
    }
  }

  return (request, response) => {
    answer(request, response).catch((error) => {
      failed(error);
      end(response, 500);
    });
  };
}

/**
 * Ends a response that the component did not give, or not all of.
 *
 * @param {ServerResponse} response
 * @param {number} status
 */
function end(response, status) {
  if (response.headersSent) {
    // The client must see that something is missing.
    response.destroy();
  } else {
    response.writeHead(status, { connection: "close" }).end();
  }
}

/**
 * @param {IncomingMessage} request
 * @param {number} most
 * @returns {Promise<Buffer | undefined>} Nothing if it is longer.
 */
async function collected(request, most) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > most) {
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * @param {Function} handle
 * @param {IncomingMessage} request
 * @param {Buffer} body
 * @param {ServerResponse} response
 */
function serve(handle, request, body, response) {
  const asked = {
    method: request.method ?? "GET",
    path: request.url ?? "/",
    isSecure: "encrypted" in request.socket,
    authority: request.headers.host,
  };
  const fields = Fields.received(request.rawHeaders);
  const source = arrived(body, request.rawTrailers);
  /** @type {Answer | undefined} */
  let given;
  const outparam = new ResponseOutparam((answer) => {
    given ??= answer;
    if (answer.tag === "ok") {
      respond(response, answer.val);
    }
  });
  handle(new IncomingRequest(asked, fields, source), outparam);
  if (given === undefined) {
    throw new Error("the component gave no response");
  }
  if (given.tag === "err") {
    throw new WitError(given.val);
  }
  if (!response.writableEnded) {
    response.destroy();
  }
}

/**
 * @param {ServerResponse} response
 * @param {OutgoingResponse} answer
 */
function respond(response, answer) {
  response.writeHead(answer.statusCode(), answer.fields.headers());
  if (answer.content === undefined) {
    response.end();
    return;
  }
  answer.content.sendTo({
    write(bytes) {
      if (response.writableLength > MOST_UNSENT) {
        throw new Trap("the client of a response does not keep up");
      }
      response.write(bytes);
    },
    end(trailers) {
      response.addTrailers(trailers?.entries().map(text) ?? []);
      response.end();
    },
    abort: () => response.destroy(),
  });
}

/**
 * @param {[name: string, value: Uint8Array]} entry
 * @returns {[string, string]}
 */
const text = ([name, value]) => [name, Buffer.from(value).toString("latin1")];

/**
 * A body that is there.
 *
 * @param {Buffer} bytes
 * @param {readonly string[]} rawTrailers
 * @returns {Source}
 */
function arrived(bytes, rawTrailers) {
  return {
    stream: () => new Arrived(bytes),
    isOver: () => true,
    failure: () => undefined,
    trailers: () => rawTrailers,
    leave: () => {},
    skip: () => {},
  };
}

class Arrived extends InputStream {
  /** @param {Buffer} bytes */
  constructor(bytes) {
    super();
    this.bytes = bytes;
  }

  /**
   * @override
   * @param {bigint} length
   * @returns {Uint8Array}
   */
  read(length) {
    const { bytes } = this;
    if (bytes.length === 0) {
      return super.read(length);
    }
    const count = length < bytes.length ? Number(length) : bytes.length;
    this.bytes = bytes.subarray(count);
    return bytes.subarray(0, count);
  }
}
