import { Trap } from "./errors.js";

/** @import { State } from "./state.js" */
/** @import { Options } from "./plan.js" */

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const SHORT = 24;
const MAX_STRING = 2 ** 31 - 1;
const UTF16_TAG = 2 ** 31;

// Where strings are encoded before their size is known.
let scratch = new Uint8Array(4096);

/**
 * Where the values of one function live: a memory, its allocator and the handles of a component instance.
 *
 * Typed arrays follow the memory only after `fresh`, which is due after every call into the component.
 */
export class Place {
  /** Flat values that are lifted at present. @type {any[]} */
  flat = [];
  /** The next one. */
  at = 0;
  /** How many flat values are lowered at present. */
  end = 0;
  /** @type {ArrayBuffer | undefined} */
  buffer;
  u8 = new Uint8Array();
  s8 = new Int8Array();
  u16 = new Uint16Array();
  s16 = new Int16Array();
  u32 = new Uint32Array();
  s32 = new Int32Array();
  u64 = new BigUint64Array();
  s64 = new BigInt64Array();
  f32 = new Float32Array();
  f64 = new Float64Array();
  /** Where the last string or list was put. */
  start = 0;
  /** Its length, as the component is told. */
  length = 0;

  /**
   * @param {State} state
   * @param {Options} options
   */
  constructor(state, options) {
    this.state = state;
    this.instance = options.instance;
    this.handles = state.handles[options.instance];
    this.flags = state.flags[options.instance];
    this.encoding = options.encoding;
    this.options = options;
    /** @type {WebAssembly.Memory | undefined} */
    this.memory = undefined;
    /** @type {Function | undefined} */
    this.reallocate = undefined;
  }

  /**
   * Looks the memory up again where it has grown, or is there for the first time.
   *
   * An array of a memory that has grown has no length any more, and reading that is much faster than asking the memory.
   */
  fresh() {
    if (this.u8.length === 0) {
      this.look();
    }
  }

  look() {
    this.memory ??= this.state.memories[this.options.memory ?? -1];
    const buffer = this.memory?.buffer;
    if (buffer === undefined) {
      return;
    }
    this.buffer = /** @type {ArrayBuffer} */ (buffer);
    this.u8 = new Uint8Array(buffer);
    this.s8 = new Int8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.s16 = new Int16Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.s32 = new Int32Array(buffer);
    this.u64 = new BigUint64Array(buffer);
    this.s64 = new BigInt64Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }

  /**
   * Checks that `size` bytes at `start` can be read as values of that alignment.
   *
   * @param {number} start
   * @param {number} size
   * @param {number} align
   * @param {string} what
   * @returns {number}
   */
  check(start, size, align, what) {
    if ((start & (align - 1)) !== 0) {
      throw new Trap(`${what} pointer is not aligned`);
    }
    if (start + size > this.u8.length) {
      throw new Trap(`${what} pointer/length out of bounds of memory`);
    }
    return start;
  }

  /**
   * Lets the component allocate; the caller has taken its leave to call out away.
   *
   * @param {number} old
   * @param {number} oldSize
   * @param {number} align
   * @param {number} size
   * @returns {number}
   */
  realloc(old, oldSize, align, size) {
    this.reallocate ??= this.state.reallocs[this.options.realloc ?? -1];
    const start = this.reallocate(old, oldSize, align, size) >>> 0;
    this.fresh();
    if ((start & (align - 1)) !== 0) {
      throw new Trap("realloc return: result not aligned");
    }
    if (start + size > this.u8.length) {
      throw new Trap("realloc return: beyond end of memory");
    }
    return start;
  }

  /**
   * @param {number} align
   * @param {number} size
   * @returns {number}
   */
  allocate(align, size) {
    if (size > MAX_STRING * 2 + 1) {
      throw new Trap("a list is too long for the memory");
    }
    return this.realloc(0, 0, align, size);
  }

  /**
   * The string at `start` with a length in units of the encoding.
   *
   * @param {number} start
   * @param {number} length
   * @returns {string}
   */
  string(start, length) {
    if (this.encoding !== "utf8") {
      return this.wide(start, length);
    }
    this.check(start, length, 1, "string");
    if (length <= SHORT) {
      const { u8 } = this;
      const end = start + length;
      let text = "";
      for (let at = start; at < end; at += 1) {
        const unit = u8[at];
        if (unit > 0x7f) {
          return this.decode(start, length);
        }
        text += String.fromCharCode(unit);
      }
      return text;
    }
    return this.decode(start, length);
  }

  /**
   * @param {number} start
   * @param {number} length
   * @returns {string}
   */
  decode(start, length) {
    try {
      return decoder.decode(this.u8.subarray(start, start + length));
    } catch {
      throw new Trap("invalid utf-8 in a string");
    }
  }

  /**
   * A string in UTF-16 or Latin-1.
   *
   * @param {number} start
   * @param {number} length
   * @returns {string}
   */
  wide(start, length) {
    const compact = this.encoding === "compact-utf16";
    const latin1 = compact && length < UTF16_TAG;
    const units = compact && !latin1 ? length - UTF16_TAG : length;
    this.check(start, latin1 ? units : units * 2, 2, "string");
    const from = latin1
      ? this.u8.subarray(start, start + units)
      : this.u16.subarray(start >>> 1, (start >>> 1) + units);
    const text = characters(from);
    if (!latin1 && !text.isWellFormed()) {
      throw new Trap("invalid utf-16 in a string");
    }
    return text;
  }

  /**
   * Puts a string into the memory, and its place into `start` and `length`.
   *
   * @param {string} text
   */
  putString(text) {
    if (this.encoding !== "utf8") {
      this.putWide(text.toWellFormed());
      return;
    }
    const length = text.length;
    if (length <= SHORT * 2) {
      let at = 0;
      while (at < length && text.charCodeAt(at) < 0x80) {
        at += 1;
      }
      if (at === length) {
        const start = this.allocate(1, length);
        const { u8 } = this;
        for (at = 0; at < length; at += 1) {
          u8[start + at] = text.charCodeAt(at);
        }
        this.start = start;
        this.length = length;
        return;
      }
    }
    if (scratch.length < length * 3) {
      scratch = new Uint8Array(length * 3);
    }
    // Once, at its exact size: some allocators cannot shrink.
    const written = encoder.encodeInto(text, scratch).written;
    const start = this.allocate(1, written);
    this.u8.set(scratch.subarray(0, written), start);
    this.start = start;
    this.length = written;
    if (scratch.length > 2 ** 20) {
      scratch = new Uint8Array(4096);
    }
  }

  /** @param {string} text */
  putWide(text) {
    const { length } = text;
    let latin1 = this.encoding === "compact-utf16";
    for (let at = 0; latin1 && at < length; at += 1) {
      latin1 = text.charCodeAt(at) <= 0xff;
    }
    const start = this.allocate(2, latin1 ? length : length * 2);
    const to = latin1
      ? this.u8.subarray(start)
      : this.u16.subarray(start >>> 1);
    for (let at = 0; at < length; at += 1) {
      to[at] = text.charCodeAt(at);
    }
    this.start = start;
    this.length = length;
    if (this.encoding === "compact-utf16" && !latin1) {
      this.length += UTF16_TAG;
    }
  }
}

/**
 * The string of these units.
 *
 * @param {Uint8Array | Uint16Array} units
 * @returns {string}
 */
export function characters(units) {
  const PART = 4096;
  let text = "";
  for (let at = 0; at < units.length; at += PART) {
    text += String.fromCharCode(...units.subarray(at, at + PART));
  }
  return text;
}
