import { ArgumentError } from "./errors.js";

/**
 * Says where in a larger value the error is.
 *
 * @param {unknown} error
 * @param {string} step From the larger value to the part that is wrong.
 * @returns {unknown}
 */
export function within(error, step) {
  if (error instanceof ArgumentError) {
    error.path = step + error.path;
    error.say();
  }
  return error;
}
