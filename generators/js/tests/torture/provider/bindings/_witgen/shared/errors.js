// @ts-nocheck
import { describe } from "./describe.js";

/**
 * The error case of a WIT `result`.
 *
 * A function that returns a `result` throws it, and the caller finds the value
 * of the error case in `payload`.
 *
 * @template [E=unknown]
 */
export class WitError extends Error {
  /**
   * @param {E} payload The value of the error case; leave it out where the case has none.
   * @param {ErrorOptions} [options]
   */
  constructor(payload, options) {
    super(describe(payload, "the operation failed"), options);
    /**
     * The value of the error case.
     *
     * @type {E}
     */
    this.payload = payload;
  }

  /** @override */
  get name() {
    return "WitError";
  }
}
