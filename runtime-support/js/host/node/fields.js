// The fields of HTTP messages: headers and trailers.

import { Trap, WitError } from "../errors.js";

/** What the fields of a message may have, in bytes: no limit of a component bounds the memory of its host. */
const MOST = 128 << 10;

/** Headers of the connection, which are a matter of the host. */
const FORBIDDEN = new Set([
  "connection",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/** @typedef {[name: string, value: Uint8Array]} Entry */

/** Whether a text is a name in HTTP. @param {string} text */
export const isToken = (text) => /^[a-z0-9!#$%&'*+\-.^_`|~]+$/i.test(text);

export class Fields {
  /**
   * @param {Entry[]} [entries]
   * @param {boolean} [fixed] Whether they belong to a message.
   */
  constructor(entries = [], fixed = false) {
    this.list = entries;
    this.fixed = fixed;
    this.size = sizeOf(entries);
  }

  /**
   * Fields that came, as Node lists them.
   *
   * @param {readonly string[]} raw
   * @returns {Fields}
   */
  static received(raw) {
    /** @type {Entry[]} */
    const entries = [];
    for (let at = 0; at + 1 < raw.length; at += 2) {
      if (!FORBIDDEN.has(raw[at].toLowerCase())) {
        entries.push([raw[at], Buffer.from(raw[at + 1], "latin1")]);
      }
    }
    return new Fields(entries, true);
  }

  /** @param {Entry[]} entries */
  static fromList(entries) {
    const made = new Fields();
    for (const [name, value] of entries) {
      made.append(name, value);
    }
    return made;
  }

  /** @param {string} name */
  get(name) {
    return this.list
      .filter(([other]) => isSame(other, name))
      .map(([, value]) => value);
  }

  /** @param {string} name */
  has(name) {
    return this.list.some(([other]) => isSame(other, name));
  }

  /**
   * @param {string} name
   * @param {Uint8Array[]} values
   */
  set(name, values) {
    this.#mayChange(name);
    const others = this.list.filter(([other]) => !isSame(other, name));
    const changed = new Fields(others);
    for (const value of values) {
      changed.append(name, value);
    }
    this.list = changed.list;
    this.size = changed.size;
  }

  /**
   * @param {string} name
   * @param {Uint8Array} value
   */
  append(name, value) {
    this.#mayChange(name);
    if (value.some((byte) => (byte < 32 && byte !== 9) || byte === 127)) {
      throw new WitError({ tag: "invalid-syntax" });
    }
    this.size += name.length + value.length;
    if (this.size > MOST) {
      throw new Trap(`size of fields exceeds limit: ${MOST} bytes`);
    }
    this.list.push([name, value]);
  }

  /** @param {string} name */
  delete(name) {
    this.#mayChange(name);
    this.list = this.list.filter(([other]) => !isSame(other, name));
    this.size = sizeOf(this.list);
  }

  /** @param {string} name */
  #mayChange(name) {
    if (this.fixed) {
      throw new WitError({ tag: "immutable" });
    }
    if (!isToken(name)) {
      throw new WitError({ tag: "invalid-syntax" });
    }
    if (FORBIDDEN.has(name.toLowerCase())) {
      throw new WitError({ tag: "forbidden" });
    }
  }

  entries() {
    return this.list;
  }

  clone() {
    return new Fields([...this.list]);
  }

  /** What a message has for good. */
  fixedCopy() {
    return new Fields([...this.list], true);
  }

  /**
   * As Node takes them.
   *
   * @returns {Record<string, string[]>}
   */
  headers() {
    /** @type {Record<string, string[]>} */
    const made = Object.create(null);
    for (const [name, value] of this.list) {
      const text = Buffer.from(value).toString("latin1");
      (made[name.toLowerCase()] ??= []).push(text);
    }
    return made;
  }

  /** How long the body must be, if that is said. @returns {number | undefined} */
  get length() {
    const [value] = this.get("content-length");
    const text = value && Buffer.from(value).toString("latin1");
    return text !== undefined && /^\d{1,15}$/.test(text)
      ? Number(text)
      : undefined;
  }
}

/** @param {Entry[]} entries */
function sizeOf(entries) {
  return entries.reduce(
    (sum, [name, value]) => sum + name.length + value.length,
    0,
  );
}

/**
 * @param {string} left
 * @param {string} right
 */
function isSame(left, right) {
  return left.toLowerCase() === right.toLowerCase();
}
