// The bodies of HTTP messages.

import { WitError } from "../errors.js";
import { Connection, ConnectionOutput } from "./connection.js";
import { Fields } from "./fields.js";
import { Awaited, receive } from "./remote.js";

/** @import { InputStream } from "../streams.js" */

/** An `error-code` of HTTP. @typedef {{ tag: string, val?: unknown }} ErrorCode */

/** @param {string} message @returns {ErrorCode} */
export const internal = (message) => ({ tag: "internal-error", val: message });

/**
 * What a body is read from.
 *
 * @typedef {object} Source
 * @property {() => InputStream} stream
 * @property {() => boolean} isOver Whether all of it has come.
 * @property {() => ErrorCode | undefined} failure
 * @property {() => readonly string[]} trailers
 * @property {() => void} leave Nobody reads any more.
 * @property {() => void} skip Nobody wants the rest.
 */

export class IncomingBody {
  taken = false;

  /** @param {Source} source */
  constructor(source) {
    this.source = source;
  }

  [Symbol.dispose]() {
    this.source.leave();
  }

  stream() {
    if (this.taken) {
      throw new WitError(undefined);
    }
    this.taken = true;
    return this.source.stream();
  }

  /** @param {IncomingBody} body */
  static finish(body) {
    return new FutureTrailers(body.source);
  }
}

export class FutureTrailers {
  taken = false;

  /** @param {Source} source */
  constructor(source) {
    this.source = source;
    source.skip();
  }

  [Symbol.dispose]() {
    this.source.leave();
  }

  subscribe() {
    return new Awaited(() => this.source.isOver());
  }

  get() {
    receive();
    if (!this.source.isOver()) {
      return undefined;
    }
    const raw = this.source.trailers();
    return taken(
      this,
      this.source.failure(),
      raw.length > 0 ? Fields.received(raw) : undefined,
    );
  }
}

/**
 * A `result<result<T, error-code>>`, which has its value once.
 *
 * @param {{ taken: boolean }} from
 * @param {ErrorCode | undefined} failure
 * @param {unknown} value
 */
export function taken(from, failure, value) {
  if (from.taken) {
    return { tag: "err" };
  }
  from.taken = true;
  const val =
    failure === undefined
      ? { tag: "ok", val: value }
      : { tag: "err", val: failure };
  return { tag: "ok", val };
}

/**
 * Where a body goes to.
 *
 * @typedef {object} Target
 * @property {(bytes: Uint8Array) => void} write
 * @property {(trailers: Fields | undefined) => void} end
 * @property {() => void} abort
 */

/** What is written to a body, which may have no target yet. */
class Outgoing extends Connection {
  /** @type {Target | undefined} */
  target;
  /** What was written before there was one. @type {Uint8Array[]} */
  written = [];
  count = 0;

  /**
   * @override
   * @param {Uint8Array} bytes
   */
  write(bytes) {
    this.count += bytes.length;
    if (this.target === undefined) {
      this.pending += bytes.length;
      this.written.push(bytes);
    } else {
      this.target.write(bytes);
    }
  }

  /** @override */
  finish() {}
}

class BodyOutput extends ConnectionOutput {
  /** @override */
  blockingFlush() {
    // A body that nobody sends yet stays where it is.
    if (this.outgoing.target !== undefined) {
      super.blockingFlush();
    }
  }

  get outgoing() {
    return /** @type {Outgoing} */ (this.connection);
  }
}

export class OutgoingBody {
  taken = false;
  finished = false;
  /** @type {Fields | undefined} */
  trailers;

  /** @param {Fields} headers */
  constructor(headers) {
    this.length = headers.length;
    this.outgoing = new Outgoing();
  }

  [Symbol.dispose]() {
    if (!this.finished) {
      this.outgoing.target?.abort();
    }
  }

  write() {
    if (this.taken) {
      throw new WitError(undefined);
    }
    this.taken = true;
    return new BodyOutput(this.outgoing);
  }

  /**
   * Says where it goes.
   *
   * @param {Target} target
   */
  sendTo(target) {
    const { outgoing } = this;
    outgoing.target = target;
    for (const bytes of outgoing.written.splice(0)) {
      outgoing.pending -= bytes.length;
      target.write(bytes);
    }
    if (this.finished) {
      target.end(this.trailers);
    }
  }

  /**
   * @param {OutgoingBody} body
   * @param {Fields | undefined} trailers
   */
  static finish(body, trailers) {
    const { length, outgoing } = body;
    if (length !== undefined && outgoing.count !== length) {
      outgoing.target?.abort();
      throw new WitError({
        tag: "HTTP-request-body-size",
        val: BigInt(outgoing.count),
      });
    }
    body.finished = true;
    body.trailers = trailers;
    outgoing.target?.end(trailers);
  }
}
