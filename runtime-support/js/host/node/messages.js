// The requests and responses of `wasi:http/types`.

import { WitError } from "../errors.js";
import { IncomingBody, OutgoingBody, internal } from "./bodies.js";
import { isToken } from "./fields.js";

/** @import { ErrorCode, Source } from "./bodies.js" */
/** @import { Fields } from "./fields.js" */

/** @typedef {{ tag: string, val?: string }} Case A `method` or a `scheme`. */

const METHODS = [
  "get",
  "head",
  "post",
  "put",
  "delete",
  "connect",
  "options",
  "trace",
  "patch",
];

/** @param {string} name @returns {Case} */
function methodOf(name) {
  const tag = name.toLowerCase();
  return METHODS.includes(tag) && tag.toUpperCase() === name
    ? { tag }
    : { tag: "other", val: name };
}

/** @param {Case} method @returns {string} */
export function methodText({ tag, val }) {
  return val ?? tag.toUpperCase();
}

/** Fails as an interface does that has no value for an error. @param {boolean} isRight */
function demand(isRight) {
  if (!isRight) {
    throw new WitError(undefined);
  }
}

export class OutgoingRequest {
  /** @type {Case} */
  #method = { tag: "get" };
  /** @type {string | undefined} */
  #path;
  /** @type {Case | undefined} */
  #scheme;
  /** @type {string | undefined} */
  #authority;
  /** @type {OutgoingBody | undefined} */
  content;

  /** @param {Fields} headers */
  constructor(headers) {
    this.fields = headers.fixedCopy();
  }

  body() {
    demand(this.content === undefined);
    this.content = new OutgoingBody(this.fields);
    return this.content;
  }

  headers() {
    return this.fields;
  }

  method() {
    return this.#method;
  }

  /** @param {Case} method */
  setMethod(method) {
    demand(isToken(methodText(method)));
    this.#method = method;
  }

  pathWithQuery() {
    return this.#path;
  }

  /** @param {string | undefined} path */
  setPathWithQuery(path) {
    demand(path === undefined || /^[!-"$-~]*$/.test(path));
    this.#path = path;
  }

  scheme() {
    return this.#scheme;
  }

  /** @param {Case | undefined} scheme */
  setScheme(scheme) {
    demand(
      scheme?.val === undefined || /^[a-z][a-z0-9+.-]*$/i.test(scheme.val),
    );
    this.#scheme = scheme;
  }

  authority() {
    return this.#authority;
  }

  /** @param {string | undefined} authority */
  setAuthority(authority) {
    demand(authority === undefined || /^[^/?#\\\s]+$/.test(authority));
    this.#authority = authority;
  }
}

/** Times in nanoseconds. */
export class RequestOptions {
  /** @type {bigint | undefined} */
  #connect;
  /** @type {bigint | undefined} */
  #firstByte;
  /** @type {bigint | undefined} */
  #betweenBytes;

  connectTimeout() {
    return this.#connect;
  }

  /** @param {bigint | undefined} time */
  setConnectTimeout(time) {
    this.#connect = time;
  }

  firstByteTimeout() {
    return this.#firstByte;
  }

  /** @param {bigint | undefined} time */
  setFirstByteTimeout(time) {
    this.#firstByte = time;
  }

  betweenBytesTimeout() {
    return this.#betweenBytes;
  }

  /** @param {bigint | undefined} time */
  setBetweenBytesTimeout(time) {
    this.#betweenBytes = time;
  }
}

class Incoming {
  taken = false;

  /**
   * @param {Fields} fields
   * @param {Source} source
   */
  constructor(fields, source) {
    this.fields = fields;
    this.source = source;
  }

  [Symbol.dispose]() {
    if (!this.taken) {
      this.source.leave();
    }
  }

  headers() {
    return this.fields;
  }

  consume() {
    demand(!this.taken);
    this.taken = true;
    return new IncomingBody(this.source);
  }
}

export class IncomingResponse extends Incoming {
  /**
   * @param {number} status
   * @param {Fields} fields
   * @param {Source} source
   */
  constructor(status, fields, source) {
    super(fields, source);
    this.number = status;
  }

  status() {
    return this.number;
  }
}

/** @typedef {{ method: string, path: string, isSecure: boolean, authority: string | undefined }} Asked */

export class IncomingRequest extends Incoming {
  /**
   * @param {Asked} asked
   * @param {Fields} fields
   * @param {Source} source
   */
  constructor(asked, fields, source) {
    super(fields, source);
    this.asked = asked;
  }

  method() {
    return methodOf(this.asked.method);
  }

  pathWithQuery() {
    return this.asked.path;
  }

  scheme() {
    return { tag: this.asked.isSecure ? "HTTPS" : "HTTP" };
  }

  authority() {
    return this.asked.authority;
  }
}

export class OutgoingResponse {
  number = 200;
  /** @type {OutgoingBody | undefined} */
  content;

  /** @param {Fields} headers */
  constructor(headers) {
    this.fields = headers.fixedCopy();
  }

  statusCode() {
    return this.number;
  }

  /** @param {number} status */
  setStatusCode(status) {
    demand(status >= 100 && status <= 999);
    this.number = status;
  }

  headers() {
    return this.fields;
  }

  body() {
    demand(this.content === undefined);
    this.content = new OutgoingBody(this.fields);
    return this.content;
  }
}

/** @typedef {{ tag: "ok", val: OutgoingResponse } | { tag: "err", val: ErrorCode }} Answer */

export class ResponseOutparam {
  /** @param {(answer: Answer) => void} answer */
  constructor(answer) {
    this.answer = answer;
  }

  /**
   * @param {ResponseOutparam} outparam
   * @param {Answer} answer
   */
  static set(outparam, answer) {
    outparam.answer(answer);
  }

  sendInformational() {
    throw new WitError(internal("informational responses are not sent"));
  }
}
