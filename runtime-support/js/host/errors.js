export { WitError } from "../shared/errors.js";

/** The component did something it must not do, and its instance cannot be used any more. */
export class Trap extends Error {
  /** @override */
  get name() {
    return "Trap";
  }
}

/** A component that does not fit what it is joined with. */
export class LinkError extends Error {
  /** @override */
  get name() {
    return "LinkError";
  }
}

/** A value that does not have the type that WIT says; the component was not called. */
export class ArgumentError extends TypeError {
  /** What a value at this place must be. */
  expected;
  /** The way from the value that was given to the one that is wrong, such as `[2].name`. */
  path;
  /** How the wrong value reads. */
  got;
  /** The name of the function in WIT, where bindings say it. */
  function;

  /**
   * @param {string} expected
   * @param {string} got
   * @param {string} [path]
   * @param {string} [name] Of the function.
   */
  constructor(expected, got, path = "", name = "") {
    super();
    this.expected = expected;
    this.got = got;
    this.path = path;
    this.function = name;
    this.#say();
  }

  /**
   * Says where in a larger value the error is.
   *
   * @param {string} step
   * @returns {this}
   */
  within(step) {
    this.path = step + this.path;
    this.#say();
    return this;
  }

  #say() {
    const place = [this.function, this.path].filter((part) => part !== "");
    const what = `expected ${this.expected}, got ${this.got}`;
    this.message = [...place, what].join(": ");
  }

  /** @override */
  get name() {
    return "ArgumentError";
  }
}

/**
 * Adds a step to the path of an argument error.
 *
 * @param {unknown} error
 * @param {string} step
 * @returns {unknown}
 */
export function within(error, step) {
  return error instanceof ArgumentError ? error.within(step) : error;
}
