import { ArgumentError, Trap, WitError } from "./errors.js";
import { brief } from "../shared/describe.js";

/** @import { Memory } from "./linear.js" */
/** @import { Scope } from "./handles.js" */
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

  /** Starts the checks of a call with handles. */
  begin() {
    this.state.resources?.begin();
  }

  enter() {
    this.state.enter();
  }

  /**
   * Where the result is.
   *
   * @param {number} start
   * @param {number} size
   * @param {number} align
   * @returns {number}
   */
  area(start, size, align) {
    return this.memory.check(start >>> 0, size, align, "return");
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
   * Where the result goes to.
   *
   * @param {number} start
   * @param {number} size
   * @param {number} align
   * @returns {number}
   */
  area(start, size, align) {
    return this.memory.check(start >>> 0, size, align, "return");
  }

  /**
   * Where the parameters are.
   *
   * @param {number} start
   * @param {number} size
   * @param {number} align
   * @returns {number}
   */
  params(start, size, align) {
    return this.memory.check(start >>> 0, size, align, "parameter");
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
   * The value of the error case that the function threw.
   *
   * @param {unknown} error
   * @returns {any}
   */
  caught(error) {
    if (error instanceof WitError) {
      return error.payload;
    }
    throw error;
  }

  /** Starts a call that borrows. */
  begin() {
    const { resources } = this.state;
    const outer = resources.borrowed;
    resources.scopes.push({ borrows: 0, lenders: [] });
    resources.borrowed = [];
    return outer;
  }

  /**
   * Ends a call that borrows: what it was lent cannot be used any more.
   *
   * @param {import("./resources.js").Held[]} outer What `begin` gave.
   */
  end(outer) {
    const { resources } = this.state;
    for (const held of resources.borrowed) {
      held.status = "returned";
    }
    resources.borrowed = outer;
    const scope = /** @type {Scope} */ (resources.scopes.pop());
    for (const lender of scope.lenders) {
      lender.lends -= 1;
    }
  }

  /** Starts the checks of a result with handles. */
  returned() {
    this.state.resources.begin();
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
