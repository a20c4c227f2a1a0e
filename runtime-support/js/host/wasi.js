// A small WASI 0.2, for components that need it to start: no files but those in memory, and no network.

import { Trap } from "./errors.js";
import {
  FiniteInput,
  InputStream,
  IoError,
  OutputStream,
  Pollable,
  monotonic,
  poll,
  randomBytes,
} from "./streams.js";

export { MemoryFiles } from "./memory.js";

/**
 * What a component may see and say.
 *
 * @typedef {object} WasiOptions
 * @property {string[]} [args] Its arguments, of which the first is its name.
 * @property {Record<string, string>} [env] Its environment.
 * @property {Uint8Array} [stdin] What it reads there; otherwise there is nothing to read.
 * @property {(bytes: Uint8Array) => void} [stdout] Takes what it writes there; otherwise it is lost.
 * @property {(bytes: Uint8Array) => void} [stderr]
 * @property {import("./memory.js").MemoryFiles} [files] What it finds below `/`.
 */

/**
 * Interfaces of WASI by their names in WIT.
 *
 * Clocks and random numbers are those of the platform. What else it asks for is a trap, or an error where WIT has one.
 *
 * @param {WasiOptions} [options]
 * @returns {Record<string, object>}
 */
export function wasi(options = {}) {
  const { args = [], env = {}, stdout, stderr, files } = options;
  let unread = options.stdin ?? new Uint8Array();
  const input = (/** @type {bigint} */ length) => {
    const most = length < unread.length ? Number(length) : unread.length;
    const bytes = unread.slice(0, most);
    unread = unread.subarray(most);
    return bytes;
  };
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
    "wasi:cli/stdin": { getStdin: () => new FiniteInput(input) },
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
    ...files?.interfaces(),
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
