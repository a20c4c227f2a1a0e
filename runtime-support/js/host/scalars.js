import { brief } from "../shared/describe.js";
import { ArgumentError, Trap } from "./errors.js";

/** @import { Place } from "./place.js" */

/**
 * How a type crosses the boundary, in memory (`load`, `store`) and as core values (`lift`, `lower`).
 *
 * `check` throws an `ArgumentError`; after it, the other functions trust the value.
 *
 * @typedef {object} Codec
 * @property {string} kind The type in short, to compare with what a plan says.
 * @property {number} size In bytes.
 * @property {number} align
 * @property {("i32" | "i64" | "f32" | "f64")[]} flat Its core values.
 * @property {(value: any, state: any) => void} check
 * @property {(place: Place, at: number) => any} load
 * @property {(place: Place, at: number, value: any) => void} store
 * @property {(place: Place) => any} lift Takes from `place.flat`.
 * @property {(place: Place, value: any, out: any[]) => void} lower Adds to `out`.
 * @property {NumericList} [list] How a list of it is moved at once.
 * @property {boolean} [optional] Whether `undefined` is a value of it.
 * @property {{ ok: Codec | undefined, err: Codec | undefined }} [cases] The cases of a result.
 * @property {boolean} [handles] Whether it has handles inside.
 * @property {boolean} [allocates] Whether it has strings or lists inside.
 * @property {(flat: any) => any} [fromFlat] A scalar of its one core value.
 * @property {(value: any) => any} [toFlat] The core value of a scalar.
 */

/**
 * @typedef {object} NumericList
 * @property {any} array The typed array.
 * @property {"u8" | "s8" | "u16" | "s16" | "u32" | "s32" | "u64" | "s64" | "f32" | "f64"} view
 */

/**
 * @param {string} expected
 * @param {unknown} value
 * @returns {ArgumentError}
 */
export const mismatch = (expected, value) =>
  new ArgumentError(expected, brief(value));

/** @param {any} value */
const same = (value) => value;

/**
 * A type of one core value.
 *
 * @param {Omit<Codec, "lift" | "lower" | "align">} codec
 * @returns {Codec}
 */
export function scalar(codec) {
  const { fromFlat = same, toFlat = same } = codec;
  return {
    ...codec,
    fromFlat,
    toFlat,
    align: codec.size,
    lift: (place) => fromFlat(place.flat[place.at++]),
    lower: (_place, value, out) => void out.push(toFlat(value)),
  };
}

/**
 * @param {NumericList["view"]} view
 * @param {number} min
 * @param {number} max
 * @param {(flat: number) => number} fromFlat
 * @returns {Codec}
 */
function integer(view, min, max, fromFlat) {
  const array = ARRAYS[view];
  const size = array.BYTES_PER_ELEMENT;
  const shift = Math.log2(size);
  const expected = `an integer from ${min} to ${max}`;
  return scalar({
    kind: view,
    size,
    flat: ["i32"],
    check: (value) => {
      if (
        typeof value !== "number" ||
        !(value >= min && value <= max) ||
        !Number.isInteger(value)
      ) {
        throw mismatch(expected, value);
      }
    },
    load: (place, at) => place[view][at >>> shift],
    store: (place, at, value) => void (place[view][at >>> shift] = value),
    fromFlat,
    list: { array, view },
  });
}

/**
 * @param {"u64" | "s64"} view
 * @param {bigint} min
 * @param {bigint} max
 * @param {(flat: bigint) => bigint} fromFlat
 * @returns {Codec}
 */
function bigInteger(view, min, max, fromFlat) {
  const expected = `a bigint from ${min}n to ${max}n`;
  return scalar({
    kind: view,
    size: 8,
    flat: ["i64"],
    check: (value) => {
      if (typeof value !== "bigint" || value < min || value > max) {
        throw mismatch(expected, value);
      }
    },
    load: (place, at) => place[view][at >>> 3],
    store: (place, at, value) => void (place[view][at >>> 3] = value),
    fromFlat,
    list: { array: ARRAYS[view], view },
  });
}

/**
 * @param {"f32" | "f64"} view
 * @returns {Codec}
 */
function float(view) {
  const array = ARRAYS[view];
  const shift = view === "f32" ? 2 : 3;
  return scalar({
    kind: view,
    size: array.BYTES_PER_ELEMENT,
    flat: [view],
    check: (value) => {
      if (typeof value !== "number") {
        throw mismatch("a number", value);
      }
    },
    load: (place, at) => place[view][at >>> shift],
    store: (place, at, value) => void (place[view][at >>> shift] = value),
    list: { array, view },
  });
}

const ARRAYS = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  u64: BigUint64Array,
  s64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
};

/** `u8` */
export const u8 = integer("u8", 0, 0xff, (flat) => flat & 0xff);
/** `s8` */
export const s8 = integer("s8", -0x80, 0x7f, (flat) => (flat << 24) >> 24);
/** `u16` */
export const u16 = integer("u16", 0, 0xffff, (flat) => flat & 0xffff);
/** `s16` */
export const s16 = integer(
  "s16",
  -0x8000,
  0x7fff,
  (flat) => (flat << 16) >> 16,
);
/** `u32` */
export const u32 = integer("u32", 0, 0xffffffff, (flat) => flat >>> 0);
/** `s32` */
export const s32 = integer("s32", -0x80000000, 0x7fffffff, same);
/** `u64` */
export const u64 = bigInteger("u64", 0n, 2n ** 64n - 1n, (flat) =>
  BigInt.asUintN(64, flat),
);
/** `s64` */
export const s64 = bigInteger("s64", -(2n ** 63n), 2n ** 63n - 1n, same);
/** `f32` */
export const f32 = float("f32");
/** `f64` */
export const f64 = float("f64");

/** `bool` */
export const bool = scalar({
  kind: "bool",
  size: 1,
  flat: ["i32"],
  check: (value) => {
    if (typeof value !== "boolean") {
      throw mismatch("a boolean", value);
    }
  },
  load: (place, at) => place.u8[at] !== 0,
  store: (place, at, value) => void (place.u8[at] = value ? 1 : 0),
  fromFlat: (flat) => flat !== 0,
  toFlat: (value) => (value ? 1 : 0),
});

/**
 * @param {number} code
 * @returns {string}
 */
function character(code) {
  if (code >= 0x110000 || (code >= 0xd800 && code <= 0xdfff)) {
    throw new Trap("invalid `char` bit pattern");
  }
  return String.fromCodePoint(code);
}

/** `char` */
export const char = scalar({
  kind: "char",
  size: 4,
  flat: ["i32"],
  check: (value) => {
    const code = typeof value === "string" ? value.codePointAt(0) : undefined;
    const one = code !== undefined && value.length === (code > 0xffff ? 2 : 1);
    if (!one || !value.isWellFormed()) {
      throw mismatch("a string of one character", value);
    }
  },
  load: (place, at) => character(place.u32[at >>> 2]),
  store: (place, at, value) =>
    void (place.u32[at >>> 2] = value.codePointAt(0)),
  fromFlat: (flat) => character(flat >>> 0),
  toFlat: (value) => value.codePointAt(0),
});

/** `string` */
export const string = /** @type {Codec} */ ({
  kind: "string",
  allocates: true,
  size: 8,
  align: 4,
  flat: ["i32", "i32"],
  check: (value) => {
    if (typeof value !== "string") {
      throw mismatch("a string", value);
    }
    if (!value.isWellFormed()) {
      throw mismatch("a string without halves of surrogate pairs", value);
    }
  },
  load: (place, at) =>
    place.string(place.u32[at >>> 2], place.u32[(at >>> 2) + 1]),
  store: (place, at, value) => {
    place.putString(value);
    place.u32[at >>> 2] = place.start;
    place.u32[(at >>> 2) + 1] = place.length;
  },
  lift: (place) =>
    place.string(place.flat[place.at++] >>> 0, place.flat[place.at++] >>> 0),
  lower: (place, value, out) => {
    place.putString(value);
    out.push(place.start, place.length);
  },
});
