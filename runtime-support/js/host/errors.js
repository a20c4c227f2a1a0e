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
  /**
   * @param {string} expected
   * @param {string} got
   * @param {string} [path]
   * @param {string} [name] Of the function.
   */
  constructor(expected, got, path = "", name = "") {
    super();
    /** What a value at this place must be. */
    this.expected = expected;
    /** How the wrong value reads. */
    this.got = got;
    /** The way from the value that was given to the one that is wrong, such as `[2].name`. */
    this.path = path;
    /** The name of the function in WIT, where bindings say it. */
    this.function = name;
    this.say();
  }

  /** Makes the message of the rest. */
  say() {
    const what = `expected ${this.expected}, got ${this.got}`;
    const parts = [this.function, this.path, what];
    this.message = parts.filter((part) => part !== "").join(": ");
  }

  /** @override */
  get name() {
    return "ArgumentError";
  }
}
