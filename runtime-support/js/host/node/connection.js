// Connections and other streams of the thread that waits for the network.

import { Trap, WitError } from "../errors.js";
import { InputStream, IoError, OutputStream } from "../streams.js";
import { Awaited, Remote, receive, until } from "./remote.js";

/** How much may be written ahead. */
const MOST = 2 ** 20;

/** An error of a stream of the network, with the code of Node. */
export class NetworkError extends IoError {}

/** Something that bytes come from and go to. */
export class Connection extends Remote {
  /** What came and was not read. @type {Uint8Array[]} */
  chunks = [];
  /** Whether the other end has no more. */
  ended = false;
  /** What Node says is wrong. @type {string | undefined} */
  failure;
  /** How much was written and is still here. */
  pending = 0;
  /** What still uses it: a socket, and its two streams. */
  holders = 1;

  /**
   * @override
   * @param {string} event
   * @param {any[]} values
   */
  on(event, ...values) {
    switch (event) {
      case "data":
        this.chunks.push(values[0]);
        break;
      case "end":
        this.ended = true;
        break;
      case "written":
        this.pending -= values[0];
        break;
      case "failed":
        this.failure = values[0];
        this.ended = true;
        break;
    }
  }

  held() {
    this.holders += 1;
    return this;
  }

  leave() {
    this.holders -= 1;
    if (this.holders === 0) {
      this.close();
    }
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    this.pending += bytes.length;
    this.tell("write", bytes);
  }

  /** Nothing more is written. */
  finish() {
    this.tell("end");
  }

  /** The error of a stream. */
  error() {
    const val = new NetworkError(this.failure ?? "");
    return new WitError({ tag: "last-operation-failed", val });
  }
}

export class ConnectionInput extends InputStream {
  /** Whether nobody reads any more. */
  closed = false;

  /** @param {Connection} connection */
  constructor(connection) {
    super();
    this.connection = connection.held();
  }

  [Symbol.dispose]() {
    this.connection.leave();
  }

  get isReady() {
    const { chunks, ended } = this.connection;
    return chunks.length > 0 || ended || this.closed;
  }

  /**
   * @override
   * @param {bigint} length
   * @returns {Uint8Array}
   */
  read(length) {
    receive();
    const { connection } = this;
    const { chunks, ended, failure } = connection;
    const [first] = chunks;
    if (this.closed || (first === undefined && ended)) {
      throw failure === undefined || this.closed
        ? new WitError({ tag: "closed" })
        : connection.error();
    }
    if (first === undefined || length === 0n) {
      return new Uint8Array();
    }
    const count = length < first.length ? Number(length) : first.length;
    if (count === first.length) {
      chunks.shift();
    } else {
      chunks[0] = first.subarray(count);
    }
    connection.tell("took", count);
    return first.subarray(0, count);
  }

  /**
   * @override
   * @param {bigint} length
   */
  blockingRead(length) {
    until(() => this.isReady);
    return this.read(length);
  }

  /**
   * @override
   * @param {bigint} length
   */
  blockingSkip(length) {
    return BigInt(this.blockingRead(length).length);
  }

  /** @override */
  subscribe() {
    return new Awaited(() => this.isReady);
  }
}

export class ConnectionOutput extends OutputStream {
  closed = false;

  /** @param {Connection} connection */
  constructor(connection) {
    super();
    this.connection = connection.held();
  }

  [Symbol.dispose]() {
    if (!this.closed) {
      this.connection.finish();
    }
    this.connection.leave();
  }

  get isReady() {
    const { pending, failure } = this.connection;
    return pending < MOST || failure !== undefined || this.closed;
  }

  /** @override */
  checkWrite() {
    receive();
    const { connection } = this;
    if (this.closed) {
      throw new WitError({ tag: "closed" });
    }
    if (connection.failure !== undefined) {
      throw connection.error();
    }
    return BigInt(Math.max(0, MOST - connection.pending));
  }

  /**
   * @override
   * @param {Uint8Array} bytes
   */
  write(bytes) {
    if (bytes.length > this.checkWrite()) {
      throw new Trap("more was written than `check-write` permits");
    }
    if (bytes.length > 0) {
      this.connection.write(bytes);
    }
  }

  /**
   * @override
   * @param {Uint8Array} bytes
   */
  blockingWriteAndFlush(bytes) {
    until(() => this.isReady);
    this.write(bytes);
    this.blockingFlush();
  }

  /**
   * @override
   * @param {bigint} length
   */
  blockingWriteZeroesAndFlush(length) {
    this.blockingWriteAndFlush(new Uint8Array(Number(length)));
  }

  /** @override */
  blockingFlush() {
    const { connection } = this;
    until(() => connection.pending === 0 || connection.failure !== undefined);
    this.checkWrite();
  }

  /**
   * @override
   * @param {InputStream} source
   * @param {bigint} length
   */
  splice(source, length) {
    const most = this.checkWrite();
    const bytes = source.read(length < most ? length : most);
    this.write(bytes);
    return BigInt(bytes.length);
  }

  /**
   * @override
   * @param {InputStream} source
   * @param {bigint} length
   */
  blockingSplice(source, length) {
    until(() => this.isReady);
    const most = this.checkWrite();
    const bytes = source.blockingRead(length < most ? length : most);
    this.write(bytes);
    this.blockingFlush();
    return BigInt(bytes.length);
  }

  /** @override */
  subscribe() {
    return new Awaited(() => this.isReady);
  }
}
