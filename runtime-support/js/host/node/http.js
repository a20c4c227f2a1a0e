// `wasi:http` as far as a component sends requests, to origins that are granted.

import { WitError } from "../errors.js";
import { sameOrigin } from "./addresses.js";
import {
  FutureTrailers,
  IncomingBody,
  OutgoingBody,
  internal,
  taken,
} from "./bodies.js";
import { Connection, ConnectionInput, NetworkError } from "./connection.js";
import { Fields } from "./fields.js";
import {
  IncomingRequest,
  IncomingResponse,
  OutgoingRequest,
  OutgoingResponse,
  RequestOptions,
  ResponseOutparam,
  methodText,
} from "./messages.js";
import { Awaited, receive } from "./remote.js";

/** @import { ErrorCode, Source } from "./bodies.js" */
/** @import { Grants } from "./grants.js" */
/** @import { Monitor } from "./monitor.js" */

/** The error codes without a payload by those of Node. @type {Record<string, string>} */
const CODES = {
  EADDRNOTAVAIL: "destination-unavailable",
  ECONNREFUSED: "connection-refused",
  ECONNRESET: "connection-terminated",
  EHOSTUNREACH: "destination-IP-unroutable",
  ENETUNREACH: "destination-IP-unroutable",
  EPIPE: "connection-terminated",
  EPROTO: "TLS-protocol-error",
  ETIMEDOUT: "connection-timeout",
  WITGEN_READ_TIMEOUT: "connection-read-timeout",
  WITGEN_RESPONSE_TIMEOUT: "HTTP-response-timeout",
};

/**
 * @param {string} code
 * @param {string} message
 * @returns {ErrorCode}
 */
function httpError(code, message) {
  if (CODES[code] !== undefined) {
    return { tag: CODES[code] };
  }
  if (code === "ENOTFOUND" || code.startsWith("EAI_")) {
    return { tag: "DNS-error", val: { rcode: code, infoCode: undefined } };
  }
  if (/^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)) {
    return { tag: "TLS-certificate-error" };
  }
  if (code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS")) {
    return { tag: "TLS-protocol-error" };
  }
  return code.startsWith("HPE_")
    ? { tag: "HTTP-protocol-error" }
    : internal(message);
}

/** A request that was sent. */
class Exchange extends Connection {
  /** @type {{ status: number, fields: Fields } | undefined} */
  response;
  /** @type {ErrorCode | undefined} */
  problem;
  /** @type {readonly string[]} */
  rawTrailers = [];
  isSkipped = false;

  /** @param {OutgoingBody | undefined} body */
  constructor(body) {
    super();
    this.body = body?.outgoing;
  }

  /**
   * @override
   * @param {string} event
   * @param {any[]} values
   */
  on(event, ...values) {
    super.on(event, ...values);
    switch (event) {
      case "response": {
        const fields = Fields.received(values[1]);
        this.response = { status: values[0], fields };
        break;
      }
      case "written":
        if (this.body !== undefined) {
          this.body.pending -= values[0];
        }
        break;
      case "failed":
        this.problem ??= httpError(values[0], values[1]);
        if (this.body !== undefined) {
          this.body.failure = values[0];
        }
        break;
      case "end":
        this.rawTrailers = values[0];
        break;
      case "data":
        if (this.isSkipped) {
          this.discard();
        }
        break;
    }
  }

  discard() {
    for (const { length } of this.chunks.splice(0)) {
      this.tell("took", length);
    }
  }

  /** The body of the response. @returns {Source} */
  source() {
    this.held();
    return {
      stream: () => new ConnectionInput(this),
      isOver: () => this.ended,
      failure: () => this.problem,
      trailers: () => this.rawTrailers,
      leave: () => this.leave(),
      skip: () => {
        this.isSkipped = true;
        this.discard();
      },
    };
  }
}

class FutureIncomingResponse {
  taken = false;

  /** @param {Exchange} exchange */
  constructor(exchange) {
    this.exchange = exchange;
  }

  [Symbol.dispose]() {
    this.exchange.leave();
  }

  get isReady() {
    const { response, problem } = this.exchange;
    return response !== undefined || problem !== undefined;
  }

  subscribe() {
    return new Awaited(() => this.isReady);
  }

  get() {
    receive();
    const { exchange } = this;
    const { response, problem } = exchange;
    if (!this.isReady) {
      return undefined;
    }
    if (response === undefined || this.taken) {
      return taken(this, problem, undefined);
    }
    const { status, fields } = response;
    const made = new IncomingResponse(status, fields, exchange.source());
    return taken(this, undefined, made);
  }
}

/** @param {string} tag */
const refused = (tag) => new WitError({ tag });

/**
 * Where a request goes to.
 *
 * @param {OutgoingRequest} request
 * @returns {URL}
 */
function urlOf(request) {
  const { tag, val } = request.scheme() ?? { tag: "HTTPS" };
  const scheme = (val ?? tag).toLowerCase();
  if (scheme !== "http" && scheme !== "https") {
    throw refused("HTTP-protocol-error");
  }
  const authority = request.authority();
  if (authority === undefined || !URL.canParse(`${scheme}://${authority}`)) {
    throw refused("HTTP-request-URI-invalid");
  }
  return new URL(`${scheme}://${authority}`);
}

/**
 * In milliseconds, as timers of Node take them.
 *
 * @param {(bigint | undefined)[]} times In nanoseconds.
 * @returns {number | undefined}
 */
function milliseconds(...times) {
  const given = times.filter((time) => time !== undefined);
  const sum = given.reduce((left, right) => left + right, 0n);
  const most = 2 ** 31 - 1;
  return given.length === 0
    ? undefined
    : Math.max(1, Math.min(Number(sum / 1_000_000n), most));
}

/**
 * @param {Grants} grants
 * @param {Monitor} monitor
 * @returns {Record<string, Record<string, unknown>>}
 */
export function http({ http: { allow } }, monitor) {
  /**
   * @param {OutgoingRequest} request
   * @param {RequestOptions} [options]
   */
  const handle = (request, options) => {
    const url = urlOf(request);
    const hasUser = url.username !== "" || url.password !== "";
    if (hasUser || !allow.includes(sameOrigin(url))) {
      const to = `${url.protocol}//${url.host}`;
      monitor.denied(`send a request to \`${to}\``, "http.allow");
      throw refused("HTTP-request-denied");
    }
    const body = request.content;
    const exchange = new Exchange(body);
    const path = request.pathWithQuery() ?? "";
    const first = options?.firstByteTimeout();
    exchange.tell("request", {
      secure: url.protocol === "https:",
      hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: url.port || undefined,
      method: methodText(request.method()),
      path: path.startsWith("/") ? path : `/${path}`,
      headers: { ...request.fields.headers(), host: url.host },
      hasBody: body !== undefined,
      // Without a time for the first byte, that for the connection alone is no limit of the whole.
      first: first && milliseconds(options?.connectTimeout(), first),
      idle: milliseconds(options?.betweenBytesTimeout()),
    });
    body?.sendTo({
      write(bytes) {
        body.outgoing.pending += bytes.length;
        exchange.tell("write", bytes);
      },
      end: () => exchange.tell("end"),
      abort: () => exchange.tell("close"),
    });
    return new FutureIncomingResponse(exchange);
  };

  return {
    "wasi:http/outgoing-handler": { handle },
    "wasi:http/types": {
      Fields,
      FutureIncomingResponse,
      FutureTrailers,
      IncomingBody,
      IncomingRequest,
      IncomingResponse,
      OutgoingBody,
      OutgoingRequest,
      OutgoingResponse,
      RequestOptions,
      ResponseOutparam,
      httpErrorCode: (/** @type {unknown} */ error) =>
        error instanceof NetworkError
          ? httpError(error.code, error.code)
          : undefined,
    },
  };
}
