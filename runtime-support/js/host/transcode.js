import { Trap } from "./errors.js";
import { characters } from "./wide.js";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const UTF16_TAG = 2 ** 31;

/** @param {WebAssembly.Memory} memory */
const bytes = (memory) => new Uint8Array(memory.buffer);

/**
 * @param {WebAssembly.Memory} memory
 * @param {number} start
 * @param {number} [length]
 */
const units = (memory, start, length) =>
  new Uint16Array(memory.buffer, start >>> 0, length);

/**
 * @param {Uint8Array} from
 * @returns {string}
 */
function decoded(from) {
  try {
    return decoder.decode(from);
  } catch {
    throw new Trap("invalid utf8 encoding");
  }
}

/**
 * @param {Uint16Array} from
 * @returns {string}
 */
function wellFormed(from) {
  const text = characters(from);
  if (!text.isWellFormed()) {
    throw new Trap("invalid utf16 encoding");
  }
  return text;
}

/**
 * @param {string} text
 * @param {{ [index: number]: number }} to
 */
function put(text, to) {
  for (let at = 0; at < text.length; at += 1) {
    to[at] = text.charCodeAt(at);
  }
}

/**
 * How many units at the start are not above `limit`.
 *
 * @param {{ [index: number]: number, length: number }} from
 * @param {number} limit
 * @returns {number}
 */
function upTo(from, limit) {
  let at = 0;
  while (at < from.length && from[at] <= limit) {
    at += 1;
  }
  return at;
}

/**
 * Encodes as much as fits; says how many units were read and how many bytes were written.
 *
 * @param {string} text
 * @param {WebAssembly.Memory} to
 * @param {number} start
 * @param {number} room
 * @returns {[number, number]}
 */
function encode(text, to, start, room) {
  const { read, written } = encoder.encodeInto(
    text,
    bytes(to).subarray(start >>> 0, (start >>> 0) + (room >>> 0)),
  );
  return [read, written];
}

/**
 * Widens Latin-1 that is there already, and puts the rest behind it.
 *
 * @param {string} rest
 * @param {WebAssembly.Memory} to
 * @param {number} start
 * @param {number} there
 * @returns {number}
 */
function widen(rest, to, start, there) {
  const latin1 = bytes(to).slice(start >>> 0, (start >>> 0) + there);
  const all = units(to, start, there + rest.length);
  all.set(latin1);
  put(rest, all.subarray(there));
  return all.length;
}

/** @typedef {(from: WebAssembly.Memory, to: WebAssembly.Memory) => (...args: number[]) => any} Transcoder */

/**
 * Whether all bytes are ASCII; four at a time.
 *
 * @param {Uint8Array} bytes
 * @param {Uint32Array} words Of the same memory.
 * @param {number} start
 * @param {number} end
 * @returns {boolean}
 */
function ascii(bytes, words, start, end) {
  let at = start;
  let seen = 0;
  while (at < end && (at & 3) !== 0) {
    seen |= bytes[at];
    at += 1;
  }
  const last = end >>> 2;
  for (let word = at >>> 2; word < last; word += 1) {
    seen |= words[word];
  }
  for (at = Math.max(at, (last << 2) >>> 0); at < end; at += 1) {
    seen |= bytes[at];
  }
  return (seen & 0x80808080) === 0;
}

/** @type {Transcoder} */
const utf8ToUtf8 = (from, to) => {
  let source = bytes(from);
  let words = new Uint32Array(from.buffer);
  let target = bytes(to);
  return (first, length, second) => {
    // What has grown, see `Memory`.
    if (source.length === 0) {
      source = bytes(from);
      words = new Uint32Array(from.buffer);
    }
    if (target.length === 0) {
      target = bytes(to);
    }
    const start = first >>> 0;
    const end = start + (length >>> 0);
    const part = source.subarray(start, end);
    if (!ascii(source, words, start, end)) {
      decoded(part);
    }
    target.set(part, second >>> 0);
  };
};

/** @type {Transcoder} */
const utf8ToUtf16 = (from, to) => (source, length, destination) => {
  const text = decoded(
    bytes(from).subarray(source >>> 0, (source >>> 0) + (length >>> 0)),
  );
  put(text, units(to, destination, text.length));
  return text.length;
};

/** @type {Transcoder} */
const utf16ToUtf16 = (from, to) => (source, length, destination) => {
  const part = units(from, source, length >>> 0);
  wellFormed(part);
  units(to, destination, length >>> 0).set(part);
};

/** @type {Transcoder} */
const latin1ToLatin1 = (from, to) => (source, length, destination) => {
  bytes(to).set(
    bytes(from).subarray(source >>> 0, (source >>> 0) + (length >>> 0)),
    destination >>> 0,
  );
};

/** @type {Transcoder} */
const latin1ToUtf16 = (from, to) => (source, length, destination) => {
  units(to, destination, length >>> 0).set(
    bytes(from).subarray(source >>> 0, (source >>> 0) + (length >>> 0)),
  );
};

/** @type {Transcoder} */
const utf16ToUtf8 =
  (from, to) => (source, length, destination, room, firstPass) => {
    const part = units(from, source, length >>> 0);
    const text = wellFormed(
      firstPass ? part.subarray(0, upTo(part, 0x7f)) : part,
    );
    return encode(text, to, destination, room);
  };

/** @type {Transcoder} */
const latin1ToUtf8 =
  (from, to) => (source, length, destination, room, firstPass) => {
    const part = bytes(from).subarray(
      source >>> 0,
      (source >>> 0) + (length >>> 0),
    );
    const text = characters(
      firstPass ? part.subarray(0, upTo(part, 0x7f)) : part,
    );
    return encode(text, to, destination, room);
  };

/** @type {Transcoder} */
const utf16ToCompactProbablyUtf16 =
  (from, to) => (source, length, destination) => {
    const part = units(from, source, length >>> 0);
    const text = wellFormed(part);
    if (upTo(part, 0xff) === part.length) {
      put(text, bytes(to).subarray(destination >>> 0));
      return part.length;
    }
    units(to, destination, part.length).set(part);
    return part.length + UTF16_TAG;
  };

/** @type {Transcoder} */
const utf8ToLatin1 = (from, to) => (source, length, destination) => {
  const part = bytes(from).subarray(
    source >>> 0,
    (source >>> 0) + (length >>> 0),
  );
  const target = bytes(to);
  let read = 0;
  let written = destination >>> 0;
  while (read < part.length) {
    const lead = part[read];
    if (lead < 0x80) {
      target[written] = lead;
      read += 1;
    } else if (
      (lead === 0xc2 || lead === 0xc3) &&
      (part[read + 1] & 0xc0) === 0x80
    ) {
      target[written] = ((lead & 3) << 6) | (part[read + 1] & 0x3f);
      read += 2;
    } else {
      break;
    }
    written += 1;
  }
  return [read, written - (destination >>> 0)];
};

/** @type {Transcoder} */
const utf16ToLatin1 = (from, to) => (source, length, destination) => {
  const part = units(from, source, length >>> 0);
  const count = upTo(part, 0xff);
  bytes(to).set(part.subarray(0, count), destination >>> 0);
  return [count, count];
};

/** @type {Transcoder} */
const utf8ToCompactUtf16 =
  (from, to) => (source, length, destination, _room, there) => {
    const rest = decoded(
      bytes(from).subarray(source >>> 0, (source >>> 0) + (length >>> 0)),
    );
    return widen(rest, to, destination, there >>> 0);
  };

/** @type {Transcoder} */
const utf16ToCompactUtf16 =
  (from, to) => (source, length, destination, _room, there) => {
    const rest = wellFormed(units(from, source, length >>> 0));
    return widen(rest, to, destination, there >>> 0);
  };

/** Copies strings between the memories of two components. @type {Record<string, Transcoder>} */
export const transcoders = {
  "utf8-to-utf8": utf8ToUtf8,
  "utf8-to-utf16": utf8ToUtf16,
  "utf16-to-utf16": utf16ToUtf16,
  "latin1-to-latin1": latin1ToLatin1,
  "latin1-to-utf16": latin1ToUtf16,
  "utf16-to-utf8": utf16ToUtf8,
  "latin1-to-utf8": latin1ToUtf8,
  "utf16-to-compact-probably-utf16": utf16ToCompactProbablyUtf16,
  "utf8-to-latin1": utf8ToLatin1,
  "utf16-to-latin1": utf16ToLatin1,
  "utf8-to-compact-utf16": utf8ToCompactUtf16,
  "utf16-to-compact-utf16": utf16ToCompactUtf16,
};
