// Runs a plugin in a thread of its own: says what it logs, what came of it, or why it has stopped.

import { parentPort, workerData } from "node:worker_threads";

import { Trap, WitError, instantiate } from "./bindings/index.js";

/** @typedef {import("./bindings/exports/example/plugins/filters.js").Options} Options */
/** @typedef {import("./bindings/exports/example/plugins/filters.js").FilterError} FilterError */

/**
 * @typedef {{ kind: "loaded" } | { kind: "log" | "stopped", text: string } | { kind: "failed", error: FilterError } | { kind: "done", image: Uint8Array }} Message
 */

/** @type {{ folder: string, image: Uint8Array, options: Options }} */
const { folder, image, options } = workerData;

/** @param {Message} message */
const say = (message) => parentPort?.postMessage(message);

const plugin = await instantiate(
  folder,
  { logger: { log: (text) => say({ kind: "log", text }) } },
  // What the languages need to start; no files, no variables, no output.
  {
    grants: {
      clocks: { monotonic: true, wall: true },
      random: { allow: true },
    },
  },
);
say({ kind: "loaded" });
try {
  say({ kind: "done", image: plugin.filters.filter(image, options) });
} catch (error) {
  if (error instanceof WitError) {
    say({ kind: "failed", error: error.payload });
  } else if (error instanceof Trap) {
    say({ kind: "stopped", text: error.message });
  } else {
    throw error;
  }
}
