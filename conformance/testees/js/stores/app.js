import { WitError } from "./bindings/errors.js";
import * as config from "./bindings/wasi/config/store.js";
import { increment } from "./bindings/wasi/keyvalue/atomics.js";
import * as batch from "./bindings/wasi/keyvalue/batch.js";
import { open } from "./bindings/wasi/keyvalue/store.js";
import { log } from "./bindings/wasi/logging/logging.js";

/** @type {Record<string, (...words: string[]) => string>} */
const acts = {
  keep(name, key, value) {
    using bucket = open(name);
    bucket.set(key, encode(value));
    const found = decode(bucket.get(key) ?? new Uint8Array());
    const before = bucket.exists(key);
    const { keys } = bucket.listKeys();
    bucket.delete(key);
    return `${found}, ${before}, ${bucket.exists(key)}, ${keys.join(" ")}`;
  },

  count(name, key, first, second) {
    using bucket = open(name);
    increment(bucket, key, BigInt(first));
    return String(increment(bucket, key, BigInt(second)));
  },

  many(name, ...keys) {
    using bucket = open(name);
    const there = () => batch.getMany(bucket, keys).filter(Boolean).length;
    batch.setMany(
      bucket,
      keys.map((key) => [key, encode(key)]),
    );
    const found = there();
    batch.deleteMany(bucket, keys);
    return `${found} ${there()}`;
  },

  config: (key) => config.get(key) ?? "",

  log(text) {
    log("warn", "testee", text);
    return "done";
  },
};

/** @type {import("./bindings/exports.js").Exports} */
export default {
  act([verb = "", ...words]) {
    const act = acts[verb];
    if (!act) {
      throw new WitError("no such verb");
    }
    try {
      return act(...words);
    } catch (error) {
      if (error instanceof WitError) {
        throw new WitError(error.payload.tag ?? error.payload);
      }
      throw error;
    }
  },
};

/** @param {string} text */
function encode(text) {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** @param {Uint8Array} bytes */
function decode(bytes) {
  return String.fromCharCode(...bytes);
}
