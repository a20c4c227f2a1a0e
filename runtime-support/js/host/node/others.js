// `wasi:config` and `wasi:logging`.

import { fs } from "./builtins.js";

/** @import { Grants } from "./grants.js" */
/** @import { Monitor } from "./monitor.js" */

/** Takes what a component writes to its log. @typedef {(level: string, context: string, message: string) => void} Log */

/**
 * What a line must not hold: whoever reads it would take it for another one, or be shown something else.
 *
 * @param {string} text
 */
function plain(text) {
  return text.replace(
    // eslint-disable-next-line no-control-regex
    /[\\\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (char) => {
      const known = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
      return (
        known[/** @type {"\n"} */ (char)] ??
        `\\u{${char.charCodeAt(0).toString(16)}}`
      );
    },
  );
}

/** @type {Log} */
function write(level, context, message) {
  const colon = context === "" ? "" : ": ";
  try {
    fs.writeSync(2, `[${level}] ${plain(context)}${colon}${plain(message)}\n`);
  } catch {
    // There is nobody to tell.
  }
}

/**
 * @param {Grants} grants
 * @param {Monitor} monitor
 * @param {Log | undefined} given By the program, whatever the grants say.
 * @returns {Record<string, Record<string, unknown>>}
 */
export function others({ config, logging }, monitor, given) {
  const settings = new Map(Object.entries(config.set));
  const found = {
    get: (/** @type {string} */ key) => settings.get(key),
    getAll: () =>
      [...settings].sort(([left], [right]) => (left < right ? -1 : 1)),
  };
  return {
    "wasi:config/store": found,
    "wasi:config/runtime": found,
    "wasi:logging/logging": {
      /** @type {Log} */
      log(level, context, message) {
        if (given !== undefined) {
          given(level, context, message);
        } else if (logging.allow) {
          write(level, context, message);
        } else {
          monitor.denied("write to the log", "logging.allow");
        }
      },
    },
  };
}
