import { Trap } from "./errors.js";
import { extra } from "./plan.js";

/** @import { State } from "./state.js" */
/** @import { Options } from "./plan.js" */

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const SHORT = 24;
const MAX_SIZE = 2 ** 32 - 1;

// What there is of a memory before it is there.
const NOTHING = /* @__PURE__ */ new ArrayBuffer();
const NO_BYTES = /* @__PURE__ */ new Uint8Array(NOTHING);

// Where strings are encoded before their size is known.
let scratch = new Uint8Array(4096);

/**
 * Where the values of one function live: a memory, its allocator and the component instance that both belong to.
 *
 * What has grown is looked up again by `check` and `allocate`, so every access comes after one of them.
 */
export class Memory {
  /** @type {ArrayBuffer} */
  buffer = NOTHING;
  u8s = NO_BYTES;
  view = /** @type {DataView} */ (/** @type {unknown} */ (undefined));
  /** The length of the last string that was put here, as the component is told. */
  length = 0;

  /**
   * @param {State} state
   * @param {Options} options
   */
  constructor(state, options) {
    this.state = state;
    this.options = options;
    this.instance = options.instance;
    this.flags = state.flags[options.instance];
    this.isUtf8 = options.encoding === "utf8";
    /** @type {Function | undefined} */
    this.reallocate = undefined;
  }

  /** Follows the memory where it has grown, or is there for the first time. */
  look() {
    const memory = this.state.memories[this.options.memory ?? -1];
    if (memory !== undefined) {
      this.buffer = memory.buffer;
      this.u8s = new Uint8Array(this.buffer);
      this.view = new DataView(this.buffer);
    }
  }

  /**
   * Checks that `size` bytes at `start` can be read as values of that alignment.
   *
   * An array of a memory that has grown has no length any more, and reading that is much faster than asking the memory.
   *
   * @param {number} start
   * @param {number} size
   * @param {number} align
   * @param {string} what
   * @returns {number}
   */
  check(start, size, align, what) {
    if (start & (align - 1)) {
      throw new Trap(`${what} pointer is not aligned`);
    }
    if (start + size > this.u8s.length) {
      this.look();
      if (start + size > this.u8s.length) {
        throw new Trap(`${what} pointer/length out of bounds of memory`);
      }
    }
    return start;
  }

  /**
   * Where a function has values that are too many for core values.
   *
   * @param {number} start
   * @param {number} size
   * @param {number} align
   * @param {string} [what]
   * @returns {number}
   */
  area(start, size, align, what = "return") {
    return this.check(start >>> 0, size, align, what);
  }

  /**
   * Lets the component allocate, which must not call out meanwhile.
   *
   * @param {number} align
   * @param {number} size
   * @returns {number}
   */
  allocate(align, size) {
    if (size > MAX_SIZE) {
      throw new Trap("a list is too long");
    }
    this.reallocate ??= this.state.reallocs[this.options.realloc ?? -1];
    this.flags.value = 0;
    const start = this.reallocate(0, 0, align, size) >>> 0;
    this.flags.value = 1;
    if (this.u8s.length === 0) {
      this.look();
    }
    if (start & (align - 1)) {
      throw new Trap("realloc return: result not aligned");
    }
    if (start + size > this.u8s.length) {
      throw new Trap("realloc return: beyond end of memory");
    }
    return start;
  }

  /**
   * Where the elements of a list begin, which are all there.
   *
   * @param {number} start
   * @param {number} length
   * @param {number} size Of an element.
   * @param {number} align
   * @returns {number}
   */
  list(start, length, size, align) {
    return this.area(start, (length >>> 0) * size, align, "list");
  }

  /**
   * A list of plain numbers.
   *
   * @template T
   * @param {number} start
   * @param {number} length
   * @param {{ new (buffer: ArrayBuffer): T, BYTES_PER_ELEMENT: number }} Type The typed array.
   * @returns {T}
   */
  numbers(start, length, Type) {
    const size = Type.BYTES_PER_ELEMENT;
    const from = this.list(start, length, size, size);
    // Faster than a part of a typed array, which is filled with zeros first.
    return new Type(this.buffer.slice(from, from + (length >>> 0) * size));
  }

  /**
   * Puts a list of plain numbers into the memory.
   *
   * @param {any} list An array, too.
   * @param {any} Type The typed array.
   * @returns {number} Where it is.
   */
  putNumbers(list, Type) {
    const { length } = list;
    const size = Type.BYTES_PER_ELEMENT;
    const start = this.allocate(size, length * size);
    new Type(this.buffer, start, length).set(list);
    return start;
  }

  /**
   * Puts a list of plain numbers into the memory, and its place and length to `at`.
   *
   * @param {number} at
   * @param {any} list An array, too.
   * @param {any} Type The typed array.
   */
  storeNumbers(at, list, Type) {
    this.#store(at, this.putNumbers(list, Type), list.length);
  }

  /**
   * The string at `start` with a length in units of the encoding.
   *
   * @param {number} start
   * @param {number} length
   * @returns {string}
   */
  string(start, length) {
    const from = start >>> 0;
    const size = length >>> 0;
    if (!this.isUtf8) {
      return extra.wide.string(this, from, size);
    }
    this.check(from, size, 1, "string");
    if (size <= SHORT) {
      const { u8s } = this;
      const end = from + size;
      let text = "";
      for (let at = from; at < end; at += 1) {
        const unit = u8s[at];
        if (unit > 0x7f) {
          return this.decode(from, size);
        }
        text += String.fromCharCode(unit);
      }
      return text;
    }
    return this.decode(from, size);
  }

  /**
   * @param {number} start
   * @param {number} length
   * @returns {string}
   */
  decode(start, length) {
    try {
      const bytes = this.u8s.subarray(start, start + length);
      return (extra.decoder ?? decoder).decode(bytes);
    } catch {
      throw new Trap("invalid utf-8 in a string");
    }
  }

  /**
   * The string whose place and length are at `at`.
   *
   * @param {number} at
   * @returns {string}
   */
  loadString(at) {
    const { view } = this;
    return this.string(view.getUint32(at, true), view.getUint32(at + 4, true));
  }

  /**
   * Puts a string into the memory, and its length into `length`.
   *
   * @param {string} text
   * @returns {number} Where it is.
   */
  putString(text) {
    if (!this.isUtf8) {
      return extra.wide.put(this, text);
    }
    const { length } = text;
    if (length <= SHORT * 2) {
      let at = 0;
      while (at < length && text.charCodeAt(at) < 0x80) {
        at += 1;
      }
      if (at === length) {
        const start = this.allocate(1, length);
        const { u8s } = this;
        for (at = 0; at < length; at += 1) {
          u8s[start + at] = text.charCodeAt(at);
        }
        this.length = length;
        return start;
      }
    }
    if (scratch.length < length * 3) {
      scratch = new Uint8Array(length * 3);
    }
    // Once, at its exact size: some allocators cannot shrink.
    const { written } = encoder.encodeInto(text, scratch);
    const start = this.allocate(1, written);
    this.u8s.set(scratch.subarray(0, written), start);
    this.length = written;
    if (scratch.length > 2 ** 20) {
      scratch = new Uint8Array(4096);
    }
    return start;
  }

  /**
   * Puts a string into the memory, and its place and length to `at`.
   *
   * @param {number} at
   * @param {string} text
   */
  storeString(at, text) {
    this.#store(at, this.putString(text), this.length);
  }

  /**
   * @param {number} at
   * @param {number} start
   * @param {number} length
   */
  #store(at, start, length) {
    this.view.setUint32(at, start, true);
    this.view.setUint32(at + 4, length, true);
  }
}
