// An application whose plugins are components, and which outlives all that they do.

import { basename } from "node:path";
import { Worker } from "node:worker_threads";

/** @typedef {import("./plugin.js").Message} Message */
/** @typedef {import("./plugin.js").Options} Options */

const IMAGE = Uint8Array.of(0, 50, 100, 150, 200, 250);
/** How long a plugin may compute, in milliseconds. */
const DEADLINE = 2000;

/**
 * Runs a plugin once, and prints what it says.
 *
 * @param {string} folder What `witgen link` made of it.
 * @param {Options} options
 * @returns {Promise<void>}
 */
function apply(folder, options) {
  const name = basename(folder);
  /** @type {PromiseWithResolvers<void>} */
  const { promise, resolve, reject } = Promise.withResolvers();
  const worker = new Worker(new URL("./plugin.js", import.meta.url), {
    workerData: { folder, image: IMAGE, options },
  });
  /** @type {NodeJS.Timeout | undefined} */
  let deadline;
  worker.on("error", reject);
  worker.on("exit", () => {
    clearTimeout(deadline);
    resolve();
  });
  worker.on("message", (/** @type {Message} */ message) => {
    switch (message.kind) {
      case "loaded":
        deadline = setTimeout(() => {
          console.log(`${name}: stopped (deadline)`);
          worker.terminate();
        }, DEADLINE);
        break;
      case "log":
        console.log(`${name}: ${message.text}`);
        break;
      case "stopped":
        console.log(`${name}: stopped (${message.text})`);
        break;
      case "failed":
        console.log(`${name}: ${reason(message.error)}`);
        break;
      case "done":
        console.log(`${name}: [${message.image.join(", ")}]`);
    }
  });
  return promise;
}

/** @param {import("./plugin.js").FilterError} error */
function reason(error) {
  switch (error.tag) {
    case "ragged":
      return `${error.val} pixels are left over`;
    case "unsupported":
      return `cannot do it: ${error.val}`;
  }
}

for (const folder of process.argv.slice(2)) {
  if (basename(folder) === "naughty") {
    await apply(folder, { width: 3, strength: 0 });
    await apply(folder, { width: 3, strength: 1 });
  } else {
    await apply(folder, { width: 3, strength: 100 });
    await apply(folder, { width: 4, strength: 0 });
  }
}
