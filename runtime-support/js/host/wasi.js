// A small WASI 0.2, for components that need it to start: no files, no network, no input.

import { Trap, WitError } from "./errors.js";

/**
 * What a component may see and say.
 *
 * @typedef {object} WasiOptions
 * @property {string[]} [args] Its arguments, of which the first is its name.
 * @property {Record<string, string>} [env] Its environment.
 * @property {(bytes: Uint8Array) => void} [stdout] Takes what it writes there; otherwise it is lost.
 * @property {(bytes: Uint8Array) => void} [stderr]
 */

/**
 * Interfaces of WASI by their names in WIT.
 *
 * Clocks and random numbers are those of the platform. What else it asks for is a trap, or an error where WIT has one.
 *
 * @param {WasiOptions} [options]
 * @returns {Record<string, object>}
 */
export function wasi({ args = [], env = {}, stdout, stderr } = {}) {
  const nothing = () => undefined;
  const random = {
    getRandomBytes: randomBytes,
    getRandomU64: () => new BigUint64Array(randomBytes(8n).buffer)[0],
  };
  /** @type {Record<string, Record<string, unknown>>} */
  const interfaces = {
    "wasi:cli/environment": {
      getEnvironment: () => Object.entries(env),
      getArguments: () => args,
      initialCwd: nothing,
    },
    "wasi:cli/exit": {
      exit: (/** @type {{ tag: string }} */ { tag }) => {
        throw new Trap(
          `the component called \`exit\` with ${tag === "ok" ? "success" : "failure"}`,
        );
      },
    },
    "wasi:cli/stdin": { getStdin: () => new InputStream() },
    "wasi:cli/stdout": { getStdout: () => new OutputStream(stdout) },
    "wasi:cli/stderr": { getStderr: () => new OutputStream(stderr) },
    "wasi:cli/terminal-input": {},
    "wasi:cli/terminal-output": {},
    "wasi:cli/terminal-stdin": { getTerminalStdin: nothing },
    "wasi:cli/terminal-stdout": { getTerminalStdout: nothing },
    "wasi:cli/terminal-stderr": { getTerminalStderr: nothing },
    "wasi:clocks/monotonic-clock": {
      now: monotonic,
      resolution: () => 1000n,
      subscribeInstant: (/** @type {bigint} */ when) => new Pollable(when),
      subscribeDuration: (/** @type {bigint} */ time) =>
        new Pollable(monotonic() + time),
    },
    "wasi:clocks/wall-clock": {
      now: () => {
        const now = Date.now();
        return {
          seconds: BigInt(Math.floor(now / 1000)),
          nanoseconds: (now % 1000) * 1_000_000,
        };
      },
      resolution: () => ({ seconds: 0n, nanoseconds: 1_000_000 }),
    },
    "wasi:filesystem/preopens": { getDirectories: () => [] },
    "wasi:filesystem/types": { filesystemErrorCode: nothing },
    "wasi:io/error": { Error: IoError },
    "wasi:io/poll": { Pollable, poll },
    "wasi:io/streams": { InputStream, OutputStream },
    "wasi:random/random": random,
    "wasi:random/insecure": {
      getInsecureRandomBytes: random.getRandomBytes,
      getInsecureRandomU64: random.getRandomU64,
    },
    "wasi:random/insecure-seed": {
      insecureSeed: () => [random.getRandomU64(), random.getRandomU64()],
    },
  };
  for (const name of SOCKETS) {
    interfaces[`wasi:sockets/${name}`] = {};
  }
  return Object.fromEntries(
    Object.entries(interfaces).map(([name, items]) => [
      name,
      new Proxy(items, { get: (_, key) => items[String(key)] ?? denied(name) }),
    ]),
  );
}

const SOCKETS = [
  "instance-network",
  "ip-name-lookup",
  "network",
  "tcp",
  "tcp-create-socket",
  "udp",
  "udp-create-socket",
];

/**
 * A function or class that nobody may use.
 *
 * @param {string} name
 */
function denied(name) {
  return function denied() {
    throw new Trap(`\`${name}\` is not granted`);
  };
}

/** @returns {bigint} */
function monotonic() {
  return BigInt(Math.round(performance.now() * 1_000_000));
}

/** How many bytes the platform gives at once. */
const MOST_RANDOM = 65536;

/**
 * @param {bigint} length
 * @returns {Uint8Array}
 */
function randomBytes(length) {
  const bytes = new Uint8Array(Number(length));
  for (let at = 0; at < bytes.length; at += MOST_RANDOM) {
    crypto.getRandomValues(bytes.subarray(at, at + MOST_RANDOM));
  }
  return bytes;
}

class IoError {
  toDebugString() {
    return "error";
  }
}

/** Something to wait for: a moment, or nothing. */
class Pollable {
  /** @param {bigint} [when] */
  constructor(when = 0n) {
    this.when = when;
  }

  ready() {
    return monotonic() >= this.when;
  }

  block() {
    waitUntil(this.when);
  }
}

/**
 * @param {Pollable[]} pollables
 * @returns {number[]} The positions of those that are ready.
 */
function poll(pollables) {
  const [first] = pollables.map(({ when }) => when).sort(ascending);
  waitUntil(first);
  return [...pollables.keys()].filter((index) => pollables[index].ready());
}

/**
 * @param {bigint} left
 * @param {bigint} right
 */
function ascending(left, right) {
  return left < right ? -1 : 1;
}

/** @param {bigint} when */
function waitUntil(when) {
  for (let left = when - monotonic(); left > 0n; left = when - monotonic()) {
    try {
      const place = new Int32Array(new SharedArrayBuffer(4));
      Atomics.wait(place, 0, 0, Number(left) / 1_000_000);
    } catch {
      // The main thread of a browser may not sleep.
    }
  }
}

/** An input that is at its end. */
class InputStream {
  read() {
    throw new WitError({ tag: "closed" });
  }

  blockingRead() {
    return this.read();
  }

  skip() {
    return this.read();
  }

  blockingSkip() {
    return this.read();
  }

  subscribe() {
    return new Pollable();
  }
}

const MOST_WRITTEN = 2 ** 20;

class OutputStream {
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
    this.write(new Uint8Array(Number(length)));
  }

  /** @param {bigint} length */
  blockingWriteZeroesAndFlush(length) {
    this.writeZeroes(length);
  }

  flush() {}

  blockingFlush() {}

  subscribe() {
    return new Pollable();
  }
}
