// Checks of what a program gives to a component, before the component sees any of it.
//
// Each takes the value, where it is, and how to get there from that place; it throws or does nothing.

/** @import { State } from "./state.js" */

/**
 * A function, or a value inside of an argument.
 *
 * @typedef {object} At
 * @property {State} [state] Of a function.
 * @property {At} [at] Where a larger value is, of what is inside of it.
 * @property {(expected: string, value: unknown, step: string) => never} refuse
 */

/** @typedef {(value: any, at: At, step: string) => void} Check */

/** A value whose parts are checked, or its element at `index`. */
class Within {
  /** Of an element; of no list if it is negative. */
  index = -1;

  /**
   * @param {At} at
   * @param {string} step
   */
  constructor(at, step) {
    this.at = at;
    this.step = step;
  }

  /**
   * @param {string} expected
   * @param {unknown} value
   * @param {string} step
   * @returns {never}
   */
  refuse(expected, value, step) {
    const index = this.index < 0 ? "" : `[${this.index}]`;
    return this.at.refuse(expected, value, this.step + index + step);
  }
}

/**
 * The place of a value's parts.
 *
 * @param {At} at
 * @param {string} step
 */
export const within = (at, step) => new Within(at, step);

/**
 * @param {number} min
 * @param {number} max
 * @returns {Check}
 */
const integer = (min, max) => (value, at, step) => {
  if (!(Number.isInteger(value) && value >= min && value <= max)) {
    at.refuse(`an integer from ${min} to ${max}`, value, step);
  }
};

/**
 * @param {bigint} min
 * @param {bigint} max
 * @returns {Check}
 */
const bigInteger = (min, max) => (value, at, step) => {
  if (typeof value !== "bigint" || value < min || value > max) {
    at.refuse(`a bigint from ${min}n to ${max}n`, value, step);
  }
};

export const checkU8 = /* @__PURE__ */ integer(0, 0xff);
export const checkS8 = /* @__PURE__ */ integer(-0x80, 0x7f);
export const checkU16 = /* @__PURE__ */ integer(0, 0xffff);
export const checkS16 = /* @__PURE__ */ integer(-0x8000, 0x7fff);
export const checkS32 = /* @__PURE__ */ integer(-0x80000000, 0x7fffffff);
export const checkU64 = /* @__PURE__ */ bigInteger(0n, 0xffff_ffff_ffff_ffffn);
export const checkS64 = /* @__PURE__ */ bigInteger(
  -0x8000_0000_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
);

/** @type {Check} */
export function checkU32(value, at, step) {
  // No other number is its own unsigned form.
  if (typeof value !== "number" || value >>> 0 !== value) {
    at.refuse("an integer from 0 to 4294967295", value, step);
  }
}

/** `f32` and `f64`. @type {Check} */
export function checkFloat(value, at, step) {
  if (typeof value !== "number") {
    at.refuse("a number", value, step);
  }
}

/** @type {Check} */
export function checkBool(value, at, step) {
  if (typeof value !== "boolean") {
    at.refuse("a boolean", value, step);
  }
}

/** @type {Check} */
export function checkChar(value, at, step) {
  const code = typeof value === "string" ? value.codePointAt(0) : undefined;
  const one = code !== undefined && value.length === (code > 0xffff ? 2 : 1);
  if (!one || !value.isWellFormed()) {
    at.refuse("a string of one character", value, step);
  }
}

/** @type {Check} */
export function checkString(value, at, step) {
  if (typeof value !== "string") {
    at.refuse("a string", value, step);
  }
  if (!value.isWellFormed()) {
    at.refuse("a string without halves of surrogate pairs", value, step);
  }
}

/**
 * A list of plain numbers; a typed array of their type needs no look inside.
 *
 * @param {any} value
 * @param {At} at
 * @param {string} step
 * @param {any} Type The typed array.
 * @param {Check} check
 */
export function checkNumbers(value, at, step, Type, check) {
  if (value?.buffer?.detached) {
    at.refuse("no detached buffer", value, step);
  }
  if (value instanceof Type) {
    return;
  }
  if (
    !Array.isArray(value) &&
    !(ArrayBuffer.isView(value) && "length" in value)
  ) {
    at.refuse(`a ${Type.name} or an array`, value, step);
  }
  const each = within(at, step);
  for (each.index = 0; each.index < value.length; each.index += 1) {
    check(value[each.index], each, "");
  }
}

/**
 * A list, whose elements are checked next.
 *
 * @param {any} value
 * @param {At} at
 * @param {string} step
 * @returns {Within} The place of the element at its `index`.
 */
export function checkList(value, at, step) {
  if (!Array.isArray(value)) {
    at.refuse("an array", value, step);
  }
  return within(at, step);
}

/**
 * @param {any} value
 * @param {At} at
 * @param {string} step
 * @param {Check} checkKey
 * @param {Check} checkValue
 */
export function checkMap(value, at, step, checkKey, checkValue) {
  if (!(value instanceof Map)) {
    at.refuse("a Map", value, step);
  }
  const each = within(at, step);
  each.index = 0;
  for (const [key, element] of value) {
    checkKey(key, each, "[0]");
    checkValue(element, each, "[1]");
    each.index += 1;
  }
}

/** A record. @type {Check} */
export function checkObject(value, at, step) {
  if (typeof value !== "object" || value === null) {
    at.refuse("an object", value, step);
  }
}

/** A record whose fields are all optional, for which an array or a `Map` would pass. @type {Check} */
export function checkOptional(value, at, step) {
  checkObject(value, at, step);
  if (Symbol.iterator in value) {
    at.refuse("an object", value, step);
  }
}

/**
 * @param {any} value
 * @param {At} at
 * @param {string} step
 * @param {number} length
 */
export function checkTuple(value, at, step, length) {
  if (!Array.isArray(value) || value.length !== length) {
    at.refuse(`an array of length ${length}`, value, step);
  }
}

/**
 * The tag of a variant.
 *
 * @param {any} value
 * @param {At} at
 * @param {string} step
 * @param {readonly string[]} tags
 */
export function checkTag(value, at, step, tags) {
  if (typeof value?.tag !== "string") {
    at.refuse(`an object whose tag is ${oneOf(tags)}`, value, step);
  }
  checkCase(value.tag, at, `${step}.tag`, tags);
}

/**
 * A case of an enum.
 *
 * @param {any} value
 * @param {At} at
 * @param {string} step
 * @param {readonly string[]} cases
 */
export function checkCase(value, at, step, cases) {
  if (!cases.includes(value)) {
    at.refuse(oneOf(cases), value, step);
  }
}

/**
 * @param {any} value
 * @param {At} at
 * @param {string} step
 * @param {readonly string[]} names
 */
export function checkFlags(value, at, step, names) {
  if (typeof value !== "object" || value === null || Symbol.iterator in value) {
    at.refuse("an object of flags", value, step);
  }
  for (const name of Object.keys(value)) {
    const flag = value[name];
    if (!names.includes(name)) {
      at.refuse("no property: there is no such flag", flag, `${step}.${name}`);
    }
    if (flag !== undefined && typeof flag !== "boolean") {
      at.refuse("a boolean", flag, `${step}.${name}`);
    }
  }
}

/**
 * @param {readonly string[]} names
 * @returns {string}
 */
export function oneOf(names) {
  const quoted = names.map((name) => JSON.stringify(name));
  return (names.length > 1 ? "one of " : "") + quoted.join(", ");
}
