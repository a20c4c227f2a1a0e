// Runs a component of real guests: the argument is its plan, the output what its function `run` returns, as JSON.

import {
  instantiateDynamic,
  load,
} from "../../runtime-support/js/host/index.js";
import { camel } from "../../runtime-support/js/host/names.js";

class Pollable {
  ready() {
    return true;
  }
  block() {}
}

class InputStream {}

/** What guests print is for people. */
class OutputStream {
  checkWrite() {
    return 4096n;
  }
  write(bytes) {
    process.stderr.write(bytes);
  }
  blockingWriteAndFlush(bytes) {
    process.stderr.write(bytes);
  }
  flush() {}
  blockingFlush() {}
  subscribe() {
    return new Pollable();
  }
}

/** As much of WASI as guests need to start: no files, no environment, no chance. */
const wasi = {
  "wasi:cli/environment": {
    getEnvironment: () => [],
    getArguments: () => [],
    initialCwd: () => undefined,
  },
  "wasi:cli/stdin": { getStdin: () => new InputStream() },
  "wasi:cli/stdout": { getStdout: () => new OutputStream() },
  "wasi:cli/stderr": { getStderr: () => new OutputStream() },
  "wasi:cli/terminal-stdin": { getTerminalStdin: () => undefined },
  "wasi:cli/terminal-stdout": { getTerminalStdout: () => undefined },
  "wasi:cli/terminal-stderr": { getTerminalStderr: () => undefined },
  "wasi:io/streams": { InputStream, OutputStream },
  "wasi:io/poll": {
    Pollable,
    poll: (pollables) => Uint32Array.from(pollables.keys()),
  },
  "wasi:clocks/monotonic-clock": {
    now: () => process.hrtime.bigint(),
    resolution: () => 1n,
    subscribeDuration: () => new Pollable(),
    subscribeInstant: () => new Pollable(),
  },
  "wasi:clocks/wall-clock": {
    now: () => ({ seconds: 0n, nanoseconds: 0 }),
    resolution: () => ({ seconds: 0n, nanoseconds: 1 }),
  },
  "wasi:random/random": {
    getRandomBytes: (length) => new Uint8Array(Number(length)),
    getRandomU64: () => 0n,
  },
  "wasi:random/insecure-seed": { insecureSeed: () => [0n, 0n] },
  "wasi:filesystem/preopens": { getDirectories: () => [] },
};

/** The imports of a plan; what guests do not need to start throws. */
function imports(plan) {
  const given = {};
  for (const { name, path } of plan.imports) {
    const known = wasi[name.replace(/@.*/, "")] ?? {};
    const instance = (given[name] ??= { ...known });
    const [item] = path;
    const [, type] = /^\[[a-z]+\]([^.]+)/.exec(item) ?? [];
    if (type === undefined) {
      instance[camel(item)] ??= () => {
        throw new Error(`${name}.${item} is not provided`);
      };
    } else {
      const text = camel(type);
      instance[text[0].toUpperCase() + text.slice(1)] ??= class {};
    }
  }
  return given;
}

const linked = await load(process.argv[2]);
const { run } = instantiateDynamic(linked, imports(linked.plan));
console.log(JSON.stringify(run()));
