import { WitError } from "./bindings/errors.js";
import { getEnvironment } from "./bindings/wasi/cli/environment.js";
import { getStdin } from "./bindings/wasi/cli/stdin.js";
import { getDirectories } from "./bindings/wasi/filesystem/preopens.js";

/** @typedef {import("./bindings/wasi/filesystem/types.js").Descriptor} Descriptor */
/** @typedef {import("./bindings/wasi/io/streams.js").InputStream} InputStream */

/** @type {import("./bindings/exports.js").Exports} */
export default {
  run: {
    run() {
      const title = getEnvironment().find(([name]) => name === "TITLE");
      console.log(title?.[1] ?? "");
      const texts = getDirectories().find(([, path]) => path === "/texts");
      if (texts === undefined) {
        console.error("cannot read /texts: there is no such directory");
        throw new WitError(undefined);
      }
      const [directory] = texts;
      for (const name of names(directory).sort()) {
        const file = directory.openAt({}, name, {}, { read: true });
        console.log(`${name}: ${words(file.readViaStream(0n))}`);
      }
      console.log(`input: ${words(getStdin())}`);
    },
  },
};

/**
 * The names of everything in a directory.
 *
 * @param {Descriptor} directory
 */
function names(directory) {
  // Hosts like jco read only directories that were opened.
  const opened = directory.openAt({}, ".", { directory: true }, { read: true });
  const entries = opened.readDirectory();
  const found = [];
  let entry;
  while ((entry = entries.readDirectoryEntry()) !== undefined) {
    found.push(entry.name);
  }
  return found;
}

/**
 * How many words a stream has; what is not ASCII is part of a word.
 *
 * @param {InputStream} stream
 */
function words(stream) {
  let count = 0;
  let inWord = false;
  try {
    while (true) {
      for (const byte of stream.blockingRead(4096n)) {
        const isSpace = byte === 32 || (byte >= 9 && byte <= 13);
        count += Number(!isSpace && !inWord);
        inWord = !isSpace;
      }
    }
  } catch (error) {
    // The stream is at its end.
    if (!(error instanceof WitError)) {
      throw error;
    }
  }
  return count;
}
