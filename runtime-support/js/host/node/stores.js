// `wasi:keyvalue`: buckets in a store that the grants name or the program gives.

import { LinkError, WitError } from "../errors.js";
import { path } from "./builtins.js";

/** @import { Grants } from "./grants.js" */
/** @import { Monitor } from "./monitor.js" */

/**
 * Where buckets are kept; a bucket is made by its first key.
 *
 * @typedef {object} Store
 * @property {(bucket: string, key: string) => Uint8Array | undefined} get
 * @property {(bucket: string, key: string, value: Uint8Array) => void} set
 * @property {(bucket: string, key: string) => void} delete
 * @property {(bucket: string) => Iterable<string>} keys
 * @property {(bucket: string, entries: [string, Uint8Array][]) => void} [setMany] All of them or none; without it, they are set one by one.
 * @property {(bucket: string, key: string, delta: bigint) => bigint} [increment] At once for all who look; without it, a value is read and written.
 */

/** A store that ends with the program. */
export class MemoryStore {
  /** @type {Map<string, Map<string, Uint8Array>>} */
  #buckets = new Map();

  /**
   * @param {string} bucket
   * @param {string} key
   */
  get(bucket, key) {
    return this.#buckets.get(bucket)?.get(key);
  }

  /**
   * @param {string} bucket
   * @param {string} key
   * @param {Uint8Array} value
   */
  set(bucket, key, value) {
    const values = this.#buckets.get(bucket) ?? new Map();
    this.#buckets.set(bucket, values.set(key, value));
  }

  /**
   * @param {string} bucket
   * @param {string} key
   */
  delete(bucket, key) {
    this.#buckets.get(bucket)?.delete(key);
  }

  /** @param {string} bucket */
  keys(bucket) {
    return [...(this.#buckets.get(bucket)?.keys() ?? [])];
  }
}

const TABLE = `CREATE TABLE IF NOT EXISTS entries (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    UNIQUE (bucket, key)
)`;
// Node binds a value without bytes as NULL.
const SET = `INSERT INTO entries (bucket, key, value) VALUES (?, ?, coalesce(?, x''))
    ON CONFLICT (bucket, key) DO UPDATE SET value = excluded.value`;

/** A file of SQLite, as all hosts of witgen have it; several processes may share it. */
class FileStore {
  /** @param {string} file */
  constructor(file) {
    const sqlite = process.getBuiltinModule("node:sqlite");
    if (sqlite === undefined) {
      throw new Error("this needs Node 22.13 or later");
    }
    const database = new sqlite.DatabaseSync(file);
    database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL");
    database.exec(`PRAGMA synchronous = FULL; ${TABLE}`);
    const where = "WHERE bucket = ? AND key = ?";
    this.database = database;
    this.find = database.prepare(`SELECT value FROM entries ${where}`);
    this.put = database.prepare(SET);
    this.remove = database.prepare(`DELETE FROM entries ${where}`);
    const list = "SELECT key FROM entries WHERE bucket = ? ORDER BY place";
    this.list = database.prepare(list);
  }

  /**
   * @param {string} bucket
   * @param {string} key
   */
  get(bucket, key) {
    const found = this.find.get(bucket, key)?.value;
    return /** @type {Uint8Array | undefined} */ (found);
  }

  /**
   * @param {string} bucket
   * @param {string} key
   * @param {Uint8Array} value
   */
  set(bucket, key, value) {
    this.put.run(bucket, key, value);
  }

  /**
   * @param {string} bucket
   * @param {string} key
   */
  delete(bucket, key) {
    this.remove.run(bucket, key);
  }

  /** @param {string} bucket */
  keys(bucket) {
    return this.list.all(bucket).map(({ key }) => String(key));
  }

  /**
   * @param {string} bucket
   * @param {string} key
   * @param {bigint} delta
   */
  increment(bucket, key, delta) {
    return this.#atOnce(() => added(this, bucket, key, delta));
  }

  /**
   * @param {string} bucket
   * @param {[string, Uint8Array][]} entries
   */
  setMany(bucket, entries) {
    this.#atOnce(() => {
      entries.forEach(([key, value]) => this.set(bucket, key, value));
    });
  }

  /**
   * @template T
   * @param {() => T} change
   * @returns {T}
   */
  #atOnce(change) {
    this.database.exec("BEGIN IMMEDIATE");
    try {
      const result = change();
      this.database.exec("COMMIT");
      return result;
    } catch (error) {
      this.database.exec("ROLLBACK");
      throw error;
    }
  }
}

/**
 * @param {Store} store
 * @param {string} bucket
 * @param {string} key
 * @param {bigint} delta
 * @returns {bigint}
 */
function added(store, bucket, key, delta) {
  const value = store.get(bucket, key);
  const text = value === undefined ? "0" : new TextDecoder().decode(value);
  if (!/^\d+$/.test(text)) {
    throw new Error("the value is not a number");
  }
  const sum = BigInt(text) + delta;
  if (BigInt.asUintN(64, sum) !== sum) {
    throw new Error("the number becomes too large");
  }
  store.set(bucket, key, new TextEncoder().encode(String(sum)));
  return sum;
}

/**
 * Opens what a grant names.
 *
 * @param {string} name
 * @returns {Store}
 */
function opened(name) {
  if (name === "memory") {
    return new MemoryStore();
  }
  try {
    return new FileStore(path.resolve(name.replace(/^file:/, "")));
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new LinkError(
      `\`${name}\` cannot be opened: ${message}; it is granted as \`keyvalue.store\``,
      { cause: error },
    );
  }
}

/**
 * @template T
 * @param {() => T} use
 * @returns {T}
 */
function attempt(use) {
  try {
    return use();
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new WitError({ tag: "other", val: message }, { cause: error });
  }
}

class Bucket {
  /**
   * @param {Store} store
   * @param {string} name
   */
  constructor(store, name) {
    this.store = store;
    this.name = name;
  }

  /** @param {string} key */
  get(key) {
    return attempt(() => this.store.get(this.name, key));
  }

  /**
   * @param {string} key
   * @param {Uint8Array} value
   */
  set(key, value) {
    attempt(() => this.store.set(this.name, key, value));
  }

  /** @param {string} key */
  delete(key) {
    attempt(() => this.store.delete(this.name, key));
  }

  /** @param {string} key */
  exists(key) {
    return this.get(key) !== undefined;
  }

  listKeys() {
    const keys = attempt(() => [...this.store.keys(this.name)]);
    return { keys, cursor: undefined };
  }
}

/**
 * @param {Grants} grants
 * @param {Monitor} monitor
 * @param {Store | undefined} given By the program, whatever the grants say.
 * @returns {Record<string, Record<string, unknown>>}
 */
export function keyvalue({ keyvalue: { store: name } }, monitor, given) {
  const store = given ?? (name === undefined ? undefined : opened(name));
  return {
    "wasi:keyvalue/store": {
      Bucket,
      open(/** @type {string} */ bucket) {
        if (store === undefined) {
          monitor.denied(`open the bucket \`${bucket}\``, "keyvalue.store");
          throw new WitError({ tag: "access-denied" });
        }
        return new Bucket(store, bucket);
      },
    },
    "wasi:keyvalue/atomics": {
      increment: (
        /** @type {Bucket} */ { store, name },
        /** @type {string} */ key,
        /** @type {bigint} */ delta,
      ) =>
        attempt(
          () =>
            store.increment?.(name, key, delta) ??
            added(store, name, key, delta),
        ),
    },
    "wasi:keyvalue/batch": {
      getMany: (/** @type {Bucket} */ bucket, /** @type {string[]} */ keys) =>
        keys.map((key) => {
          const value = bucket.get(key);
          return value && [key, value];
        }),
      setMany(
        /** @type {Bucket} */ bucket,
        /** @type {[string, Uint8Array][]} */ entries,
      ) {
        const { store, name } = bucket;
        if (store.setMany === undefined) {
          entries.forEach(([key, value]) => bucket.set(key, value));
          return;
        }
        const setMany = store.setMany.bind(store);
        attempt(() => setMany(name, entries));
      },
      deleteMany(/** @type {Bucket} */ bucket, /** @type {string[]} */ keys) {
        keys.forEach((key) => bucket.delete(key));
      },
    },
  };
}
