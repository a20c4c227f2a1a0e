import { brief } from "../shared/describe.js";
import { ArgumentError } from "./errors.js";
import { liftChar } from "./values.js";

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
 * @property {(place: Place) => boolean} [lent] Of a borrow: whether the component gets the rep itself.
 * @property {(value: any) => import("./resources.js").Held | undefined} [held] What an object of it stands for.
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
    lower: (place, value, out) => void (out[place.end++] = toFlat(value)),
  };
}

/**
 * How a number is found in memory.
 *
 * @typedef {Pick<Codec, "load" | "store">} Access
 */

/**
 * @param {NumericList["view"]} view
 * @param {any} array
 * @param {number} min
 * @param {number} max
 * @param {(flat: number) => number} fromFlat
 * @param {Access} access
 * @returns {Codec}
 */
function integer(view, array, min, max, fromFlat, access) {
  const expected = `an integer from ${min} to ${max}`;
  return scalar({
    kind: view,
    size: array.BYTES_PER_ELEMENT,
    flat: ["i32"],
    check: (value) => {
      if (!(Number.isInteger(value) && value >= min && value <= max)) {
        throw mismatch(expected, value);
      }
    },
    fromFlat,
    list: { array, view },
    ...access,
  });
}

/**
 * @param {"u64" | "s64"} view
 * @param {any} array
 * @param {bigint} min
 * @param {bigint} max
 * @param {(flat: bigint) => bigint} fromFlat
 * @param {Access} access
 * @returns {Codec}
 */
function bigInteger(view, array, min, max, fromFlat, access) {
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
    fromFlat,
    list: { array, view },
    ...access,
  });
}

/**
 * @param {"f32" | "f64"} view
 * @param {any} array
 * @param {Access} access
 * @returns {Codec}
 */
function float(view, array, access) {
  return scalar({
    kind: view,
    size: array.BYTES_PER_ELEMENT,
    flat: [view],
    check: (value) => {
      if (typeof value !== "number") {
        throw mismatch("a number", value);
      }
    },
    list: { array, view },
    ...access,
  });
}

/** `u8` */
export const u8 = /* @__PURE__ */ integer(
  "u8",
  Uint8Array,
  0,
  0xff,
  (flat) => flat & 0xff,
  {
    load: (place, at) => place.u8(at),
    store: (place, at, value) => place.put8(at, value),
  },
);
/** `s8` */
export const s8 = /* @__PURE__ */ integer(
  "s8",
  Int8Array,
  -0x80,
  0x7f,
  (flat) => (flat << 24) >> 24,
  {
    load: (place, at) => place.s8(at),
    store: (place, at, value) => place.put8(at, value),
  },
);
/** `u16` */
export const u16 = /* @__PURE__ */ integer(
  "u16",
  Uint16Array,
  0,
  0xffff,
  (flat) => flat & 0xffff,
  {
    load: (place, at) => place.u16(at),
    store: (place, at, value) => place.put16(at, value),
  },
);
/** `s16` */
export const s16 = /* @__PURE__ */ integer(
  "s16",
  Int16Array,
  -0x8000,
  0x7fff,
  (flat) => (flat << 16) >> 16,
  {
    load: (place, at) => place.s16(at),
    store: (place, at, value) => place.put16(at, value),
  },
);
/** `u32` */
export const u32 = /* @__PURE__ */ integer(
  "u32",
  Uint32Array,
  0,
  0xffffffff,
  (flat) => flat >>> 0,
  {
    load: (place, at) => place.u32(at),
    store: (place, at, value) => place.put32(at, value),
  },
);
/** `s32` */
export const s32 = /* @__PURE__ */ integer(
  "s32",
  Int32Array,
  -0x80000000,
  0x7fffffff,
  same,
  {
    load: (place, at) => place.s32(at),
    store: (place, at, value) => place.put32(at, value),
  },
);
/** `u64` */
export const u64 = /* @__PURE__ */ bigInteger(
  "u64",
  BigUint64Array,
  0n,
  2n ** 64n - 1n,
  (flat) => BigInt.asUintN(64, flat),
  {
    load: (place, at) => place.u64(at),
    store: (place, at, value) => place.put64(at, value),
  },
);
/** `s64` */
export const s64 = /* @__PURE__ */ bigInteger(
  "s64",
  BigInt64Array,
  -(2n ** 63n),
  2n ** 63n - 1n,
  same,
  {
    load: (place, at) => place.s64(at),
    store: (place, at, value) => place.put64(at, value),
  },
);
/** `f32` */
export const f32 = /* @__PURE__ */ float("f32", Float32Array, {
  load: (place, at) => place.f32(at),
  store: (place, at, value) => place.putF32(at, value),
});
/** `f64` */
export const f64 = /* @__PURE__ */ float("f64", Float64Array, {
  load: (place, at) => place.f64(at),
  store: (place, at, value) => place.putF64(at, value),
});

/** `bool` */
export const bool = /* @__PURE__ */ scalar({
  kind: "bool",
  size: 1,
  flat: ["i32"],
  check: (value) => {
    if (typeof value !== "boolean") {
      throw mismatch("a boolean", value);
    }
  },
  load: (place, at) => place.u8(at) !== 0,
  store: (place, at, value) => place.put8(at, value ? 1 : 0),
  fromFlat: (flat) => flat !== 0,
  toFlat: (value) => (value ? 1 : 0),
});

/** `char` */
export const char = /* @__PURE__ */ scalar({
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
  load: (place, at) => liftChar(place.u32(at)),
  store: (place, at, value) => place.put32(at, value.codePointAt(0)),
  fromFlat: liftChar,
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
  load: (place, at) => place.loadString(at),
  store: (place, at, value) => place.storeString(at, value),
  lift: (place) => place.string(place.flat[place.at++], place.flat[place.at++]),
  lower: (place, value, out) => {
    out[place.end++] = place.putString(value);
    out[place.end++] = place.length;
  },
});
