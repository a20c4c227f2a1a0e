// Functions whose types are known only while they run.

import { Exported, Imported, payloadOf, wrong } from "./calls.js";
import { WitError } from "./errors.js";
import { tuple } from "./compound.js";
import { beginBorrows, beginChecks, endBorrows } from "./resources.js";
import { within } from "./within.js";

/** @import { Codec } from "./scalars.js" */
/** @import { Place } from "./place.js" */

const MAX_FLAT_PARAMS = 16;

/**
 * The types of a function.
 *
 * @typedef {object} Signature
 * @property {Record<string, Codec>} params By name.
 * @property {Codec | undefined} [result]
 * @property {boolean} [throws] Whether the result is a `result`, whose error is thrown.
 */

/**
 * A function that the component exports, as the host calls it.
 *
 * @param {Function} core
 * @param {Place} place
 * @param {Signature} signature
 * @returns {Function}
 */
export function exported(core, place, signature) {
  const func = new Exported(place, core, "", place.options);
  const names = Object.keys(signature.params);
  const params = Object.values(signature.params);
  const { result } = signature;
  const count = params.reduce((sum, param) => sum + param.flat.length, 0);
  const all = count > MAX_FLAT_PARAMS ? tuple(...params) : undefined;

  /**
   * @param {any[]} args
   * @returns {any}
   */
  function run(args) {
    /** @type {any[]} */
    const flat = [];
    place.end = 0;
    if (all !== undefined) {
      const start = place.allocate(all.align, all.size);
      all.store(place, start, args);
      flat.push(start);
    } else {
      params.forEach((param, index) => param.lower(place, args[index], flat));
    }
    const raw = core(...flat);
    const value = lifted(func, place, result, raw);
    func.leave(raw);
    return value;
  }

  return function call(/** @type {any[]} */ ...args) {
    beginChecks(func);
    let index = 0;
    try {
      for (; index < params.length; index += 1) {
        params[index].check(args[index], place.state);
      }
    } catch (error) {
      throw within(error, names[index]);
    }
    func.enter();
    let value;
    try {
      value = run(args);
    } catch (error) {
      throw func.fail(error);
    }
    if (signature.throws) {
      if (value.tag === "err") {
        throw new WitError(value.val);
      }
      return value.val;
    }
    return value;
  };
}

/**
 * Reads the result of an export: a core value, or a place in memory.
 *
 * @param {Exported} func
 * @param {Place} place
 * @param {Codec | undefined} result
 * @param {any} raw
 * @returns {any}
 */
function lifted(func, place, result, raw) {
  if (result === undefined) {
    return undefined;
  }
  if (result.flat.length > 1) {
    return result.load(place, place.area(raw, result.size, result.align));
  }
  place.flat = [raw];
  place.at = 0;
  return result.lift(place);
}

/**
 * A function of the host, as the component calls it.
 *
 * @param {Place} place
 * @param {(...args: any[]) => any} call
 * @param {Signature} signature
 * @param {string} name For messages.
 * @returns {Function}
 */
export function imported(place, call, signature, name) {
  const func = new Imported(place, call, name);
  const params = Object.values(signature.params);
  const { result } = signature;
  const count = params.reduce((sum, param) => sum + param.flat.length, 0);
  const indirect = count > MAX_FLAT_PARAMS ? tuple(...params) : undefined;
  const isReturned = (result?.flat.length ?? 0) > 1;
  const at = indirect === undefined ? count : 1;
  const isScoped = params.some((param) => param.handles);

  /** @param {any[]} flat */
  function liftArgs(flat) {
    if (indirect !== undefined) {
      const start = place.area(
        flat[0],
        indirect.size,
        indirect.align,
        "parameter",
      );
      return indirect.load(place, start);
    }
    place.flat = flat;
    place.at = 0;
    return params.map((param) => param.lift(place));
  }

  /** @param {any[]} args */
  function called(args) {
    if (!signature.throws) {
      return func.settled(call(...args));
    }
    try {
      return { tag: "ok", val: func.settled(call(...args)) };
    } catch (error) {
      return { tag: "err", val: payloadOf(error) };
    }
  }

  return (/** @type {any[]} */ ...flat) => {
    func.enter();
    const outer = isScoped ? beginBorrows(func) : [];
    const value = called(liftArgs(flat));
    if (isScoped) {
      endBorrows(func, outer);
    }
    if (result === undefined) {
      return undefined;
    }
    if (result.handles) {
      beginChecks(func);
    }
    try {
      result.check(value, place.state);
    } catch (error) {
      throw wrong(
        /** @type {Error} */ (within(error, `the result of ${name}`)),
      );
    }
    if (isReturned) {
      result.store(
        place,
        place.area(flat[at], result.size, result.align),
        value,
      );
      return undefined;
    }
    /** @type {any[]} */
    const out = [];
    place.end = 0;
    result.lower(place, value, out);
    return out[0];
  };
}
