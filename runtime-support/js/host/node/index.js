// WASI 0.2 in Node, as far as it is granted: what is not granted denies, and says once on stderr which grant is missing.

import { Trap, WitError } from "../errors.js";
import {
  InputStream,
  IoError,
  OutputStream,
  Pollable,
  limited,
  monotonic,
  randomBytes,
} from "../streams.js";
import { blobstore } from "./blobs.js";
import { fs, tty } from "./builtins.js";
import { filesystem } from "./files.js";
import { grantsOf } from "./grants.js";
import { http } from "./http.js";
import { Monitor } from "./monitor.js";
import { others } from "./others.js";
import { pollAll } from "./remote.js";
import { sockets } from "./sockets.js";
import { keyvalue } from "./stores.js";

/** @import { Grants } from "./grants.js" */
/** @import { Log } from "./others.js" */
/** @import { Store } from "./stores.js" */

/**
 * Interfaces of WASI by their names in WIT.
 *
 * @param {object} options
 * @param {unknown} options.grants As `docs/grants.md` explains them.
 * @param {readonly string[]} [options.args] The arguments of the component, of which the first is its name.
 * @param {Store} [options.store]
 * @param {Log} [options.log]
 * @returns {Record<string, object>}
 */
export function granted({ grants: given, args = [], store, log }) {
  const grants = grantsOf(given);
  const monitor = new Monitor();
  return {
    ...cli(grants, monitor, args),
    ...clocks(grants, monitor),
    ...random(grants, monitor),
    ...filesystem(grants, monitor),
    ...sockets(grants, monitor),
    ...http(grants, monitor),
    ...keyvalue(grants, monitor, store),
    ...blobstore(grants, monitor),
    ...others(grants, monitor, log),
    "wasi:io/error": { Error: IoError },
    "wasi:io/poll": { Pollable, poll: pollAll },
    "wasi:io/streams": { InputStream, OutputStream },
  };
}

class TerminalInput {}
class TerminalOutput {}

/**
 * @param {Grants} grants
 * @param {Monitor} monitor
 * @param {readonly string[]} args
 */
function cli({ env, stdio }, monitor, args) {
  const allowed = env.allow.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const variables = Object.entries({
    ...Object.fromEntries(allowed),
    ...env.set,
  });
  const exit = (/** @type {string} */ how) => {
    throw new Trap(`the component called \`exit\` with ${how}`);
  };
  /** @type {(fd: number, allowed: boolean) => TerminalOutput | undefined} */
  const terminal = (fd, allowed) =>
    allowed && tty.isatty(fd) ? new TerminalOutput() : undefined;
  return {
    "wasi:cli/environment": {
      getEnvironment: () => variables,
      getArguments: () => args,
      initialCwd: () => undefined,
    },
    "wasi:cli/exit": {
      exit: (/** @type {{ tag: string }} */ { tag }) =>
        exit(tag === "ok" ? "success" : "failure"),
      exitWithCode: (/** @type {number} */ code) => exit(`code ${code}`),
    },
    "wasi:cli/stdin": {
      getStdin: () =>
        stdio.stdin
          ? new Input()
          : new Muted(monitor, "read its standard input", "stdio.stdin"),
    },
    "wasi:cli/stdout": {
      getStdout: () =>
        stdio.stdout
          ? new Output(1)
          : lost(monitor, "write to its standard output", "stdio.stdout"),
    },
    "wasi:cli/stderr": {
      getStderr: () =>
        stdio.stderr
          ? new Output(2)
          : lost(monitor, "write to its standard error", "stdio.stderr"),
    },
    "wasi:cli/terminal-input": { TerminalInput },
    "wasi:cli/terminal-output": { TerminalOutput },
    "wasi:cli/terminal-stdin": {
      getTerminalStdin: () =>
        stdio.stdin && tty.isatty(0) ? new TerminalInput() : undefined,
    },
    "wasi:cli/terminal-stdout": {
      getTerminalStdout: () => terminal(1, stdio.stdout),
    },
    "wasi:cli/terminal-stderr": {
      getTerminalStderr: () => terminal(2, stdio.stderr),
    },
  };
}

/**
 * @param {Grants} grants
 * @param {Monitor} monitor
 */
function clocks({ clocks }, monitor) {
  const now = () => {
    if (!clocks.monotonic) {
      throw monitor.refused("measure time", "clocks.monotonic");
    }
    return process.hrtime.bigint();
  };
  const date = () => {
    if (!clocks.wall) {
      throw monitor.refused("read the date and the time", "clocks.wall");
    }
    return Date.now();
  };
  return {
    "wasi:clocks/monotonic-clock": {
      now,
      resolution: () => now() && 1n,
      subscribeInstant: (/** @type {bigint} */ when) => new Timer(now, when),
      subscribeDuration: (/** @type {bigint} */ time) =>
        new Timer(now, now() + time),
    },
    "wasi:clocks/wall-clock": {
      now: () => {
        const time = date();
        return {
          seconds: BigInt(Math.floor(time / 1000)),
          nanoseconds: (time % 1000) * 1_000_000,
        };
      },
      resolution: () => date() && { seconds: 0n, nanoseconds: 1_000_000 },
    },
  };
}

/** A moment of the clock of the process, which is not that of `performance`. */
class Timer extends Pollable {
  /**
   * @param {() => bigint} now
   * @param {bigint} when
   */
  constructor(now, when) {
    super(monotonic() + when - now());
  }
}

/**
 * @param {Grants} grants
 * @param {Monitor} monitor
 */
function random({ random: { allow } }, monitor) {
  const may = () => {
    if (!allow) {
      throw monitor.refused("get random numbers", "random.allow");
    }
  };
  const number = () => new BigUint64Array(randomBytes(8n).buffer)[0];
  const fixed = predictable();
  return {
    "wasi:random/random": {
      getRandomBytes: (/** @type {bigint} */ length) => {
        may();
        return randomBytes(length);
      },
      getRandomU64: () => {
        may();
        return number();
      },
    },
    // Without the grant these give a fixed sequence: it tells nothing of the host, and hash tables work.
    "wasi:random/insecure": {
      getInsecureRandomBytes: (/** @type {bigint} */ length) => {
        if (allow) {
          return randomBytes(length);
        }
        const bytes = new Uint8Array(limited(length));
        return bytes.map(() => Number(fixed() & 0xffn));
      },
      getInsecureRandomU64: () => (allow ? number() : fixed()),
    },
    "wasi:random/insecure-seed": {
      insecureSeed: () => (allow ? [number(), number()] : [0n, 0n]),
    },
  };
}

/**
 * The numbers of splitmix64 (Steele, Lea and Flood, 2014).
 *
 * @returns {() => bigint}
 */
function predictable() {
  const word = (/** @type {bigint} */ value) => BigInt.asUintN(64, value);
  let state = 0n;
  return () => {
    state = word(state + 0x9e3779b97f4a7c15n);
    let mixed = word((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = word((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    return mixed ^ (mixed >> 31n);
  };
}

/** An input that was not granted: it is at its end. */
class Muted extends InputStream {
  /**
   * @param {Monitor} monitor
   * @param {string} what
   * @param {string} grant
   */
  constructor(monitor, what, grant) {
    super();
    this.missed = () => monitor.denied(what, grant);
  }

  /**
   * @override
   * @param {bigint} length
   */
  read(length) {
    this.missed();
    return super.read(length);
  }
}

/**
 * An output that was not granted: what is written to it is lost.
 *
 * @param {Monitor} monitor
 * @param {string} what
 * @param {string} grant
 * @returns {OutputStream}
 */
function lost(monitor, what, grant) {
  return new OutputStream(() => monitor.denied(what, grant));
}

/** The standard input of the process. */
class Input extends InputStream {
  /**
   * @override
   * @param {bigint} length
   * @returns {Uint8Array}
   */
  read(length) {
    const bytes = new Uint8Array(Math.min(Number(length), 65536));
    const count = patiently(() => fs.readSync(0, bytes, 0, bytes.length, null));
    if (count === 0 && bytes.length > 0) {
      throw new WitError({ tag: "closed" });
    }
    return bytes.subarray(0, count);
  }
}

/** The standard output or error of the process. */
class Output extends OutputStream {
  /** @param {number} fd */
  constructor(fd) {
    super((bytes) => {
      for (let done = 0; done < bytes.length;) {
        done += patiently(() => fs.writeSync(fd, bytes, done));
      }
    });
  }
}

/**
 * Does it again while a pipe is not ready: the streams of a process may be set not to wait.
 *
 * @param {() => number} use
 * @returns {number}
 */
function patiently(use) {
  for (;;) {
    try {
      return use();
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === "EOF") {
        return 0;
      }
      if (code !== "EAGAIN") {
        throw new WitError({ tag: "closed" }, { cause: error });
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
