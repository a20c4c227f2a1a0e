// @ts-nocheck
import { brief } from "../shared/describe.js";

/**
 * A value that does not fit its WIT type, thrown while the value is taken apart.
 *
 * It is no error of its own: {@link Mismatch.error} makes one, once the place is known.
 */
export class Mismatch {
  /**
   * @param {string} expected What the value must be, such as `a string`.
   * @param {unknown} value What it is.
   * @param {boolean} [range] Whether it has the right type but lies outside its range.
   */
  constructor(expected, value, range = false) {
    this.expected = expected;
    this.value = value;
    this.range = range;
    this.path = "";
  }

  /**
   * The error that the user sees.
   *
   * @param {string} func The WIT name of the function.
   * @param {string} root The parameter, or `the result`.
   * @returns {TypeError | RangeError}
   */
  error(func, root) {
    const kind = this.range ? RangeError : TypeError;
    const got = brief(this.value);
    return new kind(
      `${func}: ${root}${this.path} must be ${this.expected}, got ${got}`,
    );
  }
}

/**
 * Notes in `error` that it happened inside `step`, and returns it.
 *
 * @param {unknown} error
 * @param {string} step `.field` or `[index]`
 * @returns {unknown}
 */
export function inside(error, step) {
  if (error instanceof Mismatch) {
    error.path = step + error.path;
  }
  return error;
}
