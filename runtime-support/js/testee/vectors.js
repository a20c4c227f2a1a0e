// What test guests need to write down values and to compare them.

import { WitError } from "../shared/errors.js";

/**
 * A string, list or typed array so many times.
 *
 * @template {string | unknown[] | { length: number, constructor: Function }} T
 * @param {T} unit
 * @param {number} times
 * @returns {T}
 */
export function repeat(unit, times) {
  if (typeof unit === "string") {
    return /** @type {T} */ (unit.repeat(times));
  }
  if (Array.isArray(unit)) {
    return /** @type {T} */ (
      /** @type {unknown} */ (Array.from({ length: times }, () => unit).flat())
    );
  }
  const Typed = /** @type {Uint8ArrayConstructor} */ (unit.constructor);
  const whole = new Typed(unit.length * times);
  for (let round = 0; round < times; round += 1) {
    whole.set(/** @type {any} */ (unit), round * unit.length);
  }
  return /** @type {T} */ (/** @type {unknown} */ (whole));
}

/**
 * Compares: -0 is not 0, NaN is NaN, and a missing property is `undefined`.
 *
 * @param {any} left
 * @param {any} right
 * @returns {boolean}
 */
export function same(left, right) {
  if (Object.is(left, right)) {
    return true;
  }
  if (typeof left !== "object" || typeof right !== "object" || !left || !right) {
    return false;
  }
  if (Array.isArray(left) || ArrayBuffer.isView(left)) {
    if (left.constructor !== right.constructor || left.length !== right.length) {
      return false;
    }
    for (let index = 0; index < left.length; index += 1) {
      if (!same(left[index], right[index])) {
        return false;
      }
    }
    return true;
  }
  if (left instanceof Map) {
    return (
      right instanceof Map &&
      left.size === right.size &&
      [...left].every(([key, value]) => right.has(key) && same(value, right.get(key)))
    );
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => same(left[key], right[key]));
}

/**
 * Says how two values differ, if they do.
 *
 * @param {unknown} got
 * @param {unknown} wanted
 */
export function differ(got, wanted) {
  return same(got, wanted) ? undefined : `got ${text(got)}, wanted ${text(wanted)}`;
}

/**
 * What the importer says when the exporter does not know a value.
 *
 * @param {unknown} wanted
 */
export function unknown(wanted) {
  return `the exporter holds another value than ${text(wanted)}`;
}

/**
 * Returns or throws what a result holds, as functions do.
 *
 * @param {boolean} isResult
 * @param {any} value
 */
export function unwrap(isResult, value) {
  if (!isResult) {
    return value;
  }
  if (value.tag === "err") {
    throw new WitError(value.val);
  }
  return value.val;
}

/**
 * Puts what a function returns or throws into a result.
 *
 * @param {boolean} isResult
 * @param {() => unknown} call
 */
export function wrap(isResult, call) {
  if (!isResult) {
    return call();
  }
  try {
    return { tag: "ok", val: call() };
  } catch (error) {
    if (error instanceof WitError) {
      return { tag: "err", val: error.payload };
    }
    throw error;
  }
}

/** @param {any} value */
function text(value) {
  if (Object.is(value, -0)) {
    return "-0";
  }
  /** @type {(key: string, part: any) => unknown} */
  const plain = (_, part) => {
    if (typeof part === "bigint") {
      return `${part}n`;
    }
    if (typeof part === "number" && (!Number.isFinite(part) || Object.is(part, -0))) {
      return Object.is(part, -0) ? "-0" : String(part);
    }
    return part instanceof Map ? [...part] : part;
  };
  return (JSON.stringify(value, plain) ?? "undefined").slice(0, 200);
}
