import { ArgumentError, Trap, WitError, within } from "./errors.js";
import { closeScope, openScope } from "./handles.js";
import { tuple } from "./compound.js";

/** @import { Codec } from "./scalars.js" */
/** @import { Place } from "./place.js" */
/** @import { State } from "./state.js" */

const MAX_FLAT_PARAMS = 16;

/**
 * The types of a function.
 *
 * @typedef {object} Signature
 * @property {string} [name] Of the function, for messages.
 * @property {Record<string, Codec>} params By name.
 * @property {Codec | undefined} [result]
 * @property {boolean} [throws] Whether the result is a `result`, whose error is thrown.
 */

/**
 * A function that the component exports, as the host calls it.
 *
 * @param {State} state
 * @param {Function} core
 * @param {Place} place
 * @param {Signature} signature
 * @param {{ checked: boolean }} options
 * @returns {Function}
 */
export function exported(state, core, place, signature, { checked }) {
  const names = Object.keys(signature.params);
  const params = Object.values(signature.params);
  const { result } = signature;
  const scoped = params.some((param) => param.handles);
  const postReturn = place.options["post-return"];
  const simple =
    !scoped && postReturn === null && params.every((param) => param.toFlat);
  if (
    simple &&
    params.length <= 3 &&
    (result === undefined || result.fromFlat)
  ) {
    return scalars(state, core, signature, checked);
  }
  const indirect =
    params.reduce((count, param) => count + param.flat.length, 0) >
    MAX_FLAT_PARAMS;
  const all = indirect ? tuple(...params) : undefined;
  const lift = lifter(result);
  const allocates =
    all !== undefined || params.some((param) => param.allocates);

  /**
   * @param {any[]} args
   * @returns {any}
   */
  function run(args) {
    place.fresh();
    if (scoped) {
      state.scopes.push(openScope());
    }
    /** @type {any[]} */
    const flat = [];
    if (allocates) {
      place.flags.value = 0;
    }
    if (all !== undefined) {
      const start = place.allocate(all.align, all.size);
      all.store(place, start, args);
      flat.push(start);
    } else {
      for (let index = 0; index < params.length; index += 1) {
        params[index].lower(place, args[index], flat);
      }
    }
    if (allocates) {
      place.flags.value = 1;
    }
    const raw = core(...flat);
    if (scoped) {
      closeScope(/** @type {any} */ (state.scopes.pop()));
    }
    place.fresh();
    const value = lift(place, raw);
    if (postReturn !== null) {
      place.flags.value = 0;
      state.postReturns[postReturn](...(raw === undefined ? [] : [raw]));
      place.flags.value = 1;
    }
    return value;
  }

  return function call(/** @type {any[]} */ ...args) {
    // A resource that is used wrongly would be destroyed twice.
    if (checked || scoped) {
      state.call += 1;
      checkEach(names, params, args, state, signature.name);
    }
    state.enter();
    let value;
    try {
      value = run(args);
      state.leave();
    } catch (error) {
      state.scopes.length = 0;
      throw state.fail(error);
    }
    return signature.throws ? unpacked(value) : value;
  };
}

/**
 * @param {string[]} names
 * @param {Codec[]} params
 * @param {any[]} args
 * @param {State} state
 * @param {string} [name]
 */
function checkEach(names, params, args, state, name) {
  let index = 0;
  try {
    for (; index < params.length; index += 1) {
      params[index].check(args[index], state);
    }
  } catch (error) {
    throw placed(error, names[index], name);
  }
}

/**
 * @param {unknown} error
 * @param {string} param
 * @param {string} [name]
 * @returns {unknown}
 */
function placed(error, param, name) {
  const found = within(error, param);
  return found instanceof ArgumentError && name !== undefined
    ? found.of(name)
    : found;
}

/**
 * A function of scalars: nothing is allocated for a call.
 *
 * @param {State} state
 * @param {Function} core
 * @param {Signature} signature
 * @param {boolean} checked
 * @returns {Function}
 */
function scalars(state, core, signature, checked) {
  const { name, result } = signature;
  const names = Object.keys(signature.params);
  const params = Object.values(signature.params);
  const identity = (/** @type {any} */ value) => value;
  const fromFlat = result?.fromFlat ?? identity;
  const [first = identity, second = identity, third = identity] = params.map(
    (param) => param.toFlat,
  );
  const [checkFirst, checkSecond, checkThird] = params.map((param, index) => {
    return (/** @type {any} */ value) => {
      try {
        param.check(value, state);
      } catch (error) {
        throw placed(error, names[index], name);
      }
    };
  });
  /** @param {any} raw */
  const leave = (raw) => {
    state.leave();
    return fromFlat(raw);
  };
  switch (params.length) {
    case 0:
      return () => {
        state.enter();
        try {
          return leave(core());
        } catch (error) {
          throw state.fail(error);
        }
      };
    case 1:
      return (/** @type {any} */ a) => {
        if (checked) {
          checkFirst(a);
        }
        state.enter();
        try {
          return leave(core(first(a)));
        } catch (error) {
          throw state.fail(error);
        }
      };
    case 2:
      return (/** @type {any} */ a, /** @type {any} */ b) => {
        if (checked) {
          checkFirst(a);
          checkSecond(b);
        }
        state.enter();
        try {
          return leave(core(first(a), second(b)));
        } catch (error) {
          throw state.fail(error);
        }
      };
    default:
      return (
        /** @type {any} */ a,
        /** @type {any} */ b,
        /** @type {any} */ c,
      ) => {
        if (checked) {
          checkFirst(a);
          checkSecond(b);
          checkThird(c);
        }
        state.enter();
        try {
          return leave(core(first(a), second(b), third(c)));
        } catch (error) {
          throw state.fail(error);
        }
      };
  }
}

/**
 * Reads the result of an export: a core value, or a place in memory.
 *
 * @param {Codec | undefined} result
 * @returns {(place: Place, raw: any) => any}
 */
function lifter(result) {
  if (result === undefined) {
    return () => undefined;
  }
  if (result.flat.length <= 1) {
    return (place, raw) => {
      place.flat = [raw];
      place.at = 0;
      return result.lift(place);
    };
  }
  return (place, raw) => {
    const start = raw >>> 0;
    place.check(start, result.size, result.align, "return");
    return result.load(place, start);
  };
}

/**
 * @param {{ tag: string, val?: any }} value
 * @returns {any}
 */
function unpacked(value) {
  if (value.tag === "err") {
    throw new WitError(value.val);
  }
  return value.val;
}

/**
 * A function of the host, as the component calls it.
 *
 * @param {State} state
 * @param {(...args: any[]) => any} call
 * @param {Place} place
 * @param {Signature} signature
 * @param {string} name For messages.
 * @returns {Function}
 */
export function imported(state, call, place, signature, name) {
  const params = Object.values(signature.params);
  const { result } = signature;
  const count = params.reduce((sum, param) => sum + param.flat.length, 0);
  const indirect = count > MAX_FLAT_PARAMS ? tuple(...params) : undefined;
  const returned = (result?.flat.length ?? 0) > 1 ? result : undefined;
  const at = indirect === undefined ? count : 1;
  const scoped = params.some((param) => param.handles);

  /** @param {any[]} flat */
  function liftArgs(flat) {
    place.fresh();
    if (indirect !== undefined) {
      const start = place.check(
        flat[0] >>> 0,
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

  /**
   * @param {any} value
   * @param {any[]} flat
   */
  function lowerResult(value, flat) {
    if (result === undefined) {
      return undefined;
    }
    state.call += 1;
    try {
      result.check(value, state);
    } catch (error) {
      const { message } = /** @type {Error} */ (
        within(error, `the result of ${name}`)
      );
      throw new Trap(message, { cause: error });
    }
    place.fresh();
    if (result.allocates) {
      place.flags.value = 0;
    }
    let raw;
    if (returned !== undefined) {
      const start = place.check(
        flat[at] >>> 0,
        returned.size,
        returned.align,
        "return",
      );
      returned.store(place, start, value);
    } else {
      /** @type {any[]} */
      const out = [];
      result.lower(place, value, out);
      raw = out[0];
    }
    if (result.allocates) {
      place.flags.value = 1;
    }
    return raw;
  }

  /** @param {any[]} args */
  function direct(...args) {
    const value = call(...args);
    if (value instanceof Promise) {
      throw new Trap(
        `${name} returned a promise, and the component cannot wait: return the value`,
      );
    }
    return value;
  }

  return (/** @type {any[]} */ ...flat) => {
    if (place.flags.value === 0) {
      throw new Trap("cannot leave component instance");
    }
    if (scoped) {
      state.scopes.push(openScope());
    }
    const args = liftArgs(flat);
    const borrowed = state.borrowed;
    state.borrowed = [];
    const value = signature.throws ? caught(direct, args) : direct(...args);
    for (const held of state.borrowed) {
      held.status = "returned";
    }
    state.borrowed = borrowed;
    if (scoped) {
      closeScope(/** @type {any} */ (state.scopes.pop()));
    }
    return lowerResult(value, flat);
  };
}

/**
 * Calls a function whose error case is thrown.
 *
 * @param {(...args: any[]) => any} call
 * @param {any[]} args
 * @returns {{ tag: "ok" | "err", val: any }}
 */
function caught(call, args) {
  try {
    return { tag: "ok", val: call(...args) };
  } catch (error) {
    if (error instanceof WitError) {
      return { tag: "err", val: error.payload };
    }
    throw error;
  }
}
