// Values that are neither numbers nor strings, as core values.

import { Trap } from "./errors.js";

/**
 * Which of several cases it is.
 *
 * @param {number} tag
 * @param {number} cases
 * @returns {number}
 */
export function caseOf(tag, cases) {
  if (tag >>> 0 >= cases) {
    throw unknownCase();
  }
  return tag;
}

/**
 * Where a component says that a value has a case which its type does not have.
 *
 * @returns {Trap}
 */
export const unknownCase = () => new Trap("invalid variant discriminant");

/**
 * @param {number} code
 * @returns {string}
 */
export function liftChar(code) {
  const point = code >>> 0;
  if (point >= 0x110000 || (point >= 0xd800 && point <= 0xdfff)) {
    throw new Trap("invalid `char` bit pattern");
  }
  return String.fromCodePoint(point);
}

/**
 * @param {readonly string[]} names
 * @param {number} bits
 * @returns {any}
 */
export function liftFlags(names, bits) {
  /** @type {Record<string, boolean>} */
  const value = {};
  for (let index = 0; index < names.length; index += 1) {
    value[names[index]] = ((bits >>> index) & 1) === 1;
  }
  return value;
}

/**
 * @param {readonly string[]} names
 * @param {any} value
 * @returns {number}
 */
export function lowerFlags(names, value) {
  let bits = 0;
  for (let index = 0; index < names.length; index += 1) {
    if (value[names[index]] === true) {
      bits |= 1 << index;
    }
  }
  return bits;
}

/**
 * A field that is called like something that every object has.
 *
 * @param {any} value
 * @param {string} name
 * @returns {any}
 */
export const own = (value, name) =>
  Object.hasOwn(value, name) ? value[name] : undefined;

/** The same bits as numbers of each core type. */
const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

/** @param {number} value */
export function f32Bits(value) {
  bits.setFloat32(0, value);
  return bits.getInt32(0);
}

/** @param {number} value */
export function f64Bits(value) {
  bits.setFloat64(0, value);
  return bits.getBigInt64(0);
}

/** @param {number} value */
export function f32OfBits(value) {
  bits.setInt32(0, value);
  return bits.getFloat32(0);
}

/** @param {bigint} value */
export function f64OfBits(value) {
  bits.setBigInt64(0, value);
  return bits.getFloat64(0);
}

/**
 * An `i32` in a slot that has room for an `i64`, and back.
 *
 * @param {number} value
 */
export const widened = (value) => BigInt(value >>> 0);

/** @param {bigint} value */
export const narrowed = (value) => Number(BigInt.asIntN(32, value));
