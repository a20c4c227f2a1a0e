// What components wait for, read from and write to, without any place behind it.

import { Trap, WitError } from "./errors.js";

/** @returns {bigint} */
export function monotonic() {
  return BigInt(Math.round(performance.now() * 1_000_000));
}

/** How many bytes the platform gives at once. */
const MOST_RANDOM = 65536;
/** How many a component may ask for. */
const MOST_ASKED = 2 ** 26;

/**
 * @param {bigint} length
 * @returns {number}
 */
export function limited(length) {
  if (length > MOST_ASKED) {
    throw new Trap(`${length} random bytes at once are too many`);
  }
  return Number(length);
}

/**
 * @param {bigint} length
 * @returns {Uint8Array}
 */
export function randomBytes(length) {
  const bytes = new Uint8Array(limited(length));
  for (let at = 0; at < bytes.length; at += MOST_RANDOM) {
    crypto.getRandomValues(bytes.subarray(at, at + MOST_RANDOM));
  }
  return bytes;
}

export class IoError {
  /** @param {string} [code] By which others find its code again. */
  constructor(code = "error") {
    this.code = code;
  }

  toDebugString() {
    return this.code;
  }
}

/** Something to wait for: a moment, or nothing. */
export class Pollable {
  /** When it is ready at the latest, where that is known. @type {bigint | undefined} */
  when;

  /** @param {bigint} [when] */
  constructor(when = 0n) {
    this.when = when;
  }

  ready() {
    return this.when !== undefined && monotonic() >= this.when;
  }

  block() {
    poll([this]);
  }
}

/**
 * @param {Pollable[]} pollables
 * @param {(until: bigint | undefined) => void} [sleep] It may end before.
 * @returns {number[]} The positions of those that are ready.
 */
export function poll(pollables, sleep = waitUntil) {
  if (pollables.length === 0) {
    throw new Trap("a component polled nothing");
  }
  for (;;) {
    const ready = [...pollables.keys()].filter((at) => pollables[at].ready());
    if (ready.length > 0) {
      return ready;
    }
    const times = pollables.flatMap(({ when }) => when ?? []);
    sleep(times.sort(ascending).at(0));
  }
}

/**
 * @param {bigint} left
 * @param {bigint} right
 */
function ascending(left, right) {
  return left < right ? -1 : 1;
}

/** @param {bigint} [when] */
function waitUntil(when = 0n) {
  try {
    const place = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(place, 0, 0, Number(when - monotonic()) / 1_000_000);
  } catch {
    // The main thread of a browser may not sleep.
  }
}

/** An input that is at its end. */
export class InputStream {
  /**
   * @param {bigint} length
   * @returns {Uint8Array}
   */
  read(length) {
    void length;
    throw new WitError({ tag: "closed" });
  }

  /** @param {bigint} length */
  blockingRead(length) {
    return this.read(length);
  }

  /** @param {bigint} length */
  skip(length) {
    return BigInt(this.read(length).length);
  }

  /** @param {bigint} length */
  blockingSkip(length) {
    return this.skip(length);
  }

  subscribe() {
    return new Pollable();
  }
}

/** An input that has an end. */
export class FiniteInput extends InputStream {
  /** @param {(length: bigint) => Uint8Array} next Gives nothing at the end. */
  constructor(next) {
    super();
    this.next = next;
  }

  /**
   * @override
   * @param {bigint} length
   */
  read(length) {
    const bytes = this.next(length);
    if (bytes.length === 0 && length > 0n) {
      throw new WitError({ tag: "closed" });
    }
    return bytes;
  }
}

/** How much may be written at once. */
const MOST_WRITTEN = 2 ** 20;

export class OutputStream {
  /** @param {(bytes: Uint8Array) => void} [sink] */
  constructor(sink = () => {}) {
    this.sink = sink;
  }

  checkWrite() {
    return BigInt(MOST_WRITTEN);
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    this.sink(bytes);
  }

  /** @param {Uint8Array} bytes */
  blockingWriteAndFlush(bytes) {
    this.write(bytes);
  }

  /** @param {bigint} length */
  writeZeroes(length) {
    if (length > MOST_WRITTEN) {
      throw new Trap("more was written than `check-write` permits");
    }
    this.write(new Uint8Array(Number(length)));
  }

  /** @param {bigint} length */
  blockingWriteZeroesAndFlush(length) {
    this.writeZeroes(length);
  }

  flush() {}

  blockingFlush() {}

  /**
   * @param {InputStream} source
   * @param {bigint} length
   */
  splice(source, length) {
    const most = length < MOST_WRITTEN ? length : BigInt(MOST_WRITTEN);
    const bytes = source.read(most);
    this.write(bytes);
    return BigInt(bytes.length);
  }

  /**
   * @param {InputStream} source
   * @param {bigint} length
   */
  blockingSplice(source, length) {
    return this.splice(source, length);
  }

  subscribe() {
    return new Pollable();
  }
}
