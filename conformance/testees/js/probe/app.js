// Tries things that need grants.

import { WitError } from "./bindings/errors.js";
import { getEnvironment } from "./bindings/wasi/cli/environment.js";
import { getStderr } from "./bindings/wasi/cli/stderr.js";
import { getStdin } from "./bindings/wasi/cli/stdin.js";
import { getStdout } from "./bindings/wasi/cli/stdout.js";
import {
  now,
  subscribeDuration,
} from "./bindings/wasi/clocks/monotonic-clock.js";
import { now as date } from "./bindings/wasi/clocks/wall-clock.js";
import { getDirectories } from "./bindings/wasi/filesystem/preopens.js";
import { getRandomBytes } from "./bindings/wasi/random/random.js";

/** @typedef {import("./bindings/wasi/filesystem/types.js").Descriptor} Descriptor */
/** @typedef {import("./bindings/wasi/filesystem/types.js").OpenFlags} OpenFlags */
/** @typedef {import("./bindings/wasi/io/streams.js").InputStream} InputStream */
/** @typedef {import("./bindings/wasi/io/streams.js").OutputStream} OutputStream */

/** @type {[Descriptor, string][] | undefined} */
let directories;

/**
 * The granted directory that a path is in, and the path from there.
 *
 * @param {string} path
 * @returns {[Descriptor, string]}
 */
function placeOf(path) {
  directories ??= getDirectories();
  const inside = directories
    .filter(([, name]) => path.startsWith(name.replace(/\/?$/, "/")))
    .sort(([, left], [, right]) => right.length - left.length);
  const [found] = inside;
  if (found === undefined) {
    throw new WitError("no-entry");
  }
  const [directory, name] = found;
  return [directory, path.slice(name.length).replace(/^\//, "")];
}

/**
 * @param {string} path
 * @param {OpenFlags} how
 */
function opened(path, how) {
  const [directory, name] = placeOf(path);
  const flags = { read: true, write: true };
  return directory.openAt({ symlinkFollow: true }, name, how, flags);
}

/** @param {InputStream} stream */
function text(stream) {
  let all = "";
  try {
    for (;;) {
      all += String.fromCharCode(...stream.blockingRead(4096n));
    }
  } catch (error) {
    if (
      error instanceof WitError &&
      /** @type {{ tag: string }} */ (error.payload).tag === "closed"
    ) {
      return all;
    }
    throw error;
  }
}

/**
 * @param {OutputStream} stream
 * @param {string} text
 */
function put(stream, text) {
  const bytes = [...text].map((char) => char.charCodeAt(0));
  stream.blockingWriteAndFlush(new Uint8Array(bytes));
}

/** @type {Record<string, (...words: [string, string, string]) => unknown>} */
const ACTS = {
  read(path) {
    const [directory, name] = placeOf(path);
    const flags = { symlinkFollow: true };
    const file = directory.openAt(flags, name, {}, { read: true });
    const stream = file.readViaStream(0n);
    try {
      return text(stream);
    } finally {
      stream[Symbol.dispose]();
      file[Symbol.dispose]();
    }
  },
  reread(path, text, times) {
    for (let time = 0; time < Number(times); time += 1) {
      let found = text;
      try {
        found = String(ACTS.read?.(path, "", ""));
      } catch {
        // There is a link in the place of the file at this moment.
      }
      if (found !== text) {
        throw new WitError(found);
      }
    }
  },
  work() {
    for (;;);
  },
  allocate() {
    const all = [];
    for (;;) {
      all.push(new Uint8Array(2 ** 20).fill(1));
    }
  },
  hoard(path) {
    const all = [];
    for (;;) {
      const [directory, name] = placeOf(path);
      all.push(directory.openAt({}, name, {}, { read: true }));
    }
  },
  write(path) {
    const file = opened(path, { create: true, truncate: true });
    put(file.writeViaStream(0n), "written");
  },
  truncate: (path) => void opened(path, { truncate: true }),
  append: (path) => put(opened(path, {}).appendViaStream(), "more"),
  list(path) {
    const [directory, name] = placeOf(`${path}/`);
    const how = { directory: true };
    const flags = { symlinkFollow: true };
    const found = directory.openAt(flags, name || ".", how, { read: true });
    const entries = found.readDirectory();
    const names = [];
    for (;;) {
      const entry = entries.readDirectoryEntry();
      if (entry === undefined) {
        return names.sort().join(" ");
      }
      names.push(entry.name);
    }
  },
  remove(path) {
    const [directory, name] = placeOf(path);
    directory.unlinkFileAt(name);
  },
  mkdir(path) {
    const [directory, name] = placeOf(path);
    directory.createDirectoryAt(name);
  },
  link(old, path) {
    const [from, name] = placeOf(old);
    const [to, other] = placeOf(path);
    from.linkAt({}, name, to, other);
  },
  symlink(target, path) {
    const [directory, name] = placeOf(path);
    directory.symlinkAt(target, name);
  },
  rename(old, path) {
    const [from, name] = placeOf(old);
    const [to, other] = placeOf(path);
    from.renameAt(name, to, other);
  },
  env(name) {
    const found = getEnvironment().find(([other]) => other === name);
    if (found === undefined) {
      throw new WitError("no such variable");
    }
    return found[1];
  },
  variables: () =>
    getEnvironment()
      .map(([name]) => name)
      .join(" "),
  measure: () => void now(),
  sleep: (time) => subscribeDuration(BigInt(time) * 1_000_000n).block(),
  date: () => void date(),
  random: () => void getRandomBytes(8n),
  input: () => text(getStdin()),
  output: (text) => put(getStdout(), text),
  complain: (text) => put(getStderr(), text),
};

/** @type {import("./bindings/exports.js").Exports} */
export default {
  act([verb = "", ...words]) {
    const act = ACTS[verb];
    if (act === undefined) {
      throw new WitError("no such verb");
    }
    const [one = "", two = "", three = ""] = words;
    try {
      return String(act(one, two, three) ?? "done");
    } catch (error) {
      if (error instanceof WitError) {
        const { payload } = error;
        throw new WitError(
          typeof payload === "string" ? payload : JSON.stringify(payload),
        );
      }
      throw error;
    }
  },
};
