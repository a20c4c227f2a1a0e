/**
 * The error case of a WIT `result`.
 *
 * A function that returns a `result` throws it, and the caller finds the value
 * of the error case in `payload`.
 */
export class WitError<E = unknown> extends Error {
  /**
   * @param payload The value of the error case; leave it out where the case has none.
   */
  constructor(payload: E, options?: ErrorOptions);

  /** The value of the error case. */
  readonly payload: E;
}
