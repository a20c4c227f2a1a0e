// Strings of components that do not use UTF-8.

import { Trap } from "./errors.js";

/** @import { Memory } from "./linear.js" */

const UTF16_TAG = 2 ** 31;

/**
 * A string in UTF-16 or Latin-1.
 *
 * @param {Memory} memory
 * @param {number} start
 * @param {number} length
 * @returns {string}
 */
export function string(memory, start, length) {
  const compact = memory.options.encoding === "compact-utf16";
  const latin1 = compact && length < UTF16_TAG;
  const units = compact && !latin1 ? length - UTF16_TAG : length;
  memory.check(start, latin1 ? units : units * 2, 2, "string");
  const from = latin1
    ? memory.u8s.subarray(start, start + units)
    : new Uint16Array(memory.buffer, start, units);
  const text = characters(from);
  if (!latin1 && !text.isWellFormed()) {
    throw new Trap("invalid utf-16 in a string");
  }
  return text;
}

/**
 * Puts a string into the memory, and its length into `length` of it.
 *
 * @param {Memory} memory
 * @param {string} given
 * @returns {number} Where it is.
 */
export function put(memory, given) {
  const text = given.toWellFormed();
  const { length } = text;
  const compact = memory.options.encoding === "compact-utf16";
  let latin1 = compact;
  for (let at = 0; latin1 && at < length; at += 1) {
    latin1 = text.charCodeAt(at) <= 0xff;
  }
  const start = memory.allocate(2, latin1 ? length : length * 2);
  const to = latin1
    ? memory.u8s.subarray(start)
    : new Uint16Array(memory.buffer, start, length);
  for (let at = 0; at < length; at += 1) {
    to[at] = text.charCodeAt(at);
  }
  memory.length = compact && !latin1 ? length + UTF16_TAG : length;
  return start;
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
