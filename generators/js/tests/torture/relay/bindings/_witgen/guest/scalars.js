// @ts-nocheck
import { same } from "./codec.js";
import { Mismatch } from "./mismatch.js";

/** @import { Codec, TypedArrayConstructor } from "./codec.js" */

/**
 * @param {number} min
 * @param {number} max
 * @returns {(value: unknown) => number}
 */
function checkedInteger(min, max) {
  const expected = `an integer from ${min} to ${max}`;
  return (value) => {
    if (typeof value !== "number") {
      throw new Mismatch(expected, value);
    }
    if (!(value >= min && value <= max) || !Number.isInteger(value)) {
      throw new Mismatch(expected, value, true);
    }
    return value;
  };
}

/**
 * @param {number} min
 * @param {number} max
 * @param {TypedArrayConstructor} array
 * @returns {Codec}
 */
function integer(min, max, array) {
  const element = checkedInteger(min, max);
  return {
    // The engine saturates above 2^31 - 1: every 32-bit pattern goes as a signed number.
    lower: (value) => element(value) | 0,
    lift: same,
    plain: true,
    list: { array, element },
  };
}

/**
 * @param {bigint} min
 * @param {bigint} max
 * @param {TypedArrayConstructor} array
 * @returns {Codec}
 */
function bigInteger(min, max, array) {
  const expected = `a bigint from ${min}n to ${max}n`;
  /** @param {unknown} value */
  const lower = (value) => {
    if (typeof value !== "bigint") {
      throw new Mismatch(expected, value);
    }
    if (value < min || value > max) {
      throw new Mismatch(expected, value, true);
    }
    return value;
  };
  return { lower, lift: same, plain: true, list: { array, element: lower } };
}

/**
 * @param {TypedArrayConstructor} array
 * @returns {Codec}
 */
function float(array) {
  /** @param {unknown} value */
  const lower = (value) => {
    if (typeof value !== "number") {
      throw new Mismatch("a number", value);
    }
    return value;
  };
  return { lower, lift: same, plain: true, list: { array, element: lower } };
}

/** `u8` */
export const u8 = integer(0, 0xff, Uint8Array);
/** `s8` */
export const s8 = integer(-0x80, 0x7f, Int8Array);
/** `u16` */
export const u16 = integer(0, 0xffff, Uint16Array);
/** `s16` */
export const s16 = integer(-0x8000, 0x7fff, Int16Array);
/** `s32` */
export const s32 = integer(-0x80000000, 0x7fffffff, Int32Array);
/** `u64` */
export const u64 = bigInteger(0n, 2n ** 64n - 1n, BigUint64Array);
/** `s64` */
export const s64 = bigInteger(-(2n ** 63n), 2n ** 63n - 1n, BigInt64Array);
/** `f32` */
export const f32 = float(Float32Array);
/** `f64` */
export const f64 = float(Float64Array);

/**
 * `u32`, which the engine hands out with a sign.
 *
 * @type {Codec}
 */
export const u32 = {
  ...integer(0, 0xffffffff, Uint32Array),
  lift: (value) => value >>> 0,
  plain: false,
};

/**
 * `bool`
 *
 * @type {Codec}
 */
export const bool = {
  lower: (value) => {
    if (typeof value !== "boolean") {
      throw new Mismatch("a boolean", value);
    }
    return value;
  },
  lift: same,
  plain: true,
};

/**
 * `char`, a string of one Unicode scalar value.
 *
 * @type {Codec}
 */
export const char = {
  lower: (value) => {
    const code = typeof value === "string" ? value.codePointAt(0) : undefined;
    if (
      typeof value !== "string" ||
      code === undefined ||
      value.length !== (code > 0xffff ? 2 : 1) ||
      !value.isWellFormed()
    ) {
      throw new Mismatch("a string of one character", value);
    }
    return value;
  },
  lift: same,
  plain: true,
};

/**
 * `string`; a lone surrogate has no place in UTF-8 and is refused.
 *
 * @type {Codec}
 */
export const string = {
  lower: (value) => {
    if (typeof value !== "string") {
      throw new Mismatch("a string", value);
    }
    if (!value.isWellFormed()) {
      throw new Mismatch("a string without lone surrogates", value);
    }
    return value;
  },
  lift: same,
  plain: true,
};
