import { ArgumentError, Trap, WitError } from "./errors.js";
import { brief } from "../shared/describe.js";

/** @import { Memory } from "./linear.js" */
/** @import { Export, Options } from "./plan.js" */
/** @import { State } from "./state.js" */

/** A function that the component exports, as generated code calls it. */
export class Exported {
  /**
   * @param {Memory} memory
   * @param {Function} core
   * @param {string} name In WIT, for messages.
   * @param {Options} options
   */
  constructor(memory, core, name, options) {
    const { state } = memory;
    this.state = state;
    this.memory = memory;
    this.core = core;
    this.name = name;
    /** @type {Function | undefined} */
    this.post = state.postReturns[options["post-return"] ?? -1];
  }

  /**
   * @param {State} state
   * @param {Export} item
   * @param {string} name
   */
  static of(state, item, name) {
    const index = /** @type {number} */ (item.options);
    const options = state.plan.options[index];
    return new Exported(state.memory(index), state.core(item), name, options);
  }

  enter() {
    this.state.enter();
  }

  /**
   * Ends a call that went well, after its result was read.
   *
   * @param {unknown} [raw] What the core function returned.
   */
  leave(raw) {
    if (this.post !== undefined) {
      const { flags } = this.memory;
      flags.value = 0;
      this.post(raw);
      flags.value = 1;
    }
    this.state.leave();
  }

  /**
   * Ends a call that went wrong.
   *
   * @param {unknown} error
   * @returns {unknown} What to throw.
   */
  fail(error) {
    return this.state.fail(error);
  }

  /**
   * @param {string} expected
   * @param {unknown} value
   * @param {string} path
   * @returns {never}
   */
  refuse(expected, value, path) {
    throw new ArgumentError(expected, brief(value), path, this.name);
  }
}

/** A function of the host, as generated code gives it to the component. */
export class Imported {
  /**
   * @param {Memory} memory
   * @param {(...args: any[]) => any} call
   * @param {string} name For messages.
   */
  constructor(memory, call, name) {
    this.state = memory.state;
    this.memory = memory;
    this.call = call;
    this.name = name;
  }

  enter() {
    if (this.memory.flags.value === 0) {
      throw new Trap("cannot leave component instance");
    }
  }

  /**
   * What the function returned, which is no promise.
   *
   * @template T
   * @param {T} value
   * @returns {T}
   */
  settled(value) {
    if (value instanceof Promise) {
      throw new Trap(
        `${this.name} returned a promise, and the component cannot wait: return the value`,
      );
    }
    return value;
  }

  /**
   * @param {string} expected
   * @param {unknown} value
   * @param {string} path
   * @returns {never}
   */
  refuse(expected, value, path) {
    const place = `the result of ${this.name}${path}`;
    throw wrong(new ArgumentError(expected, brief(value), place));
  }
}

/**
 * What ends the component when the host returned a value of another type.
 *
 * @param {Error} cause
 * @returns {Trap}
 */
export const wrong = (cause) => new Trap(cause.message, { cause });

/**
 * The value of the error case that an import threw.
 *
 * @param {unknown} error
 * @returns {any}
 */
export function payloadOf(error) {
  if (error instanceof WitError) {
    return error.payload;
  }
  throw error;
}
