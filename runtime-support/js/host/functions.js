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
  if (postReturn === null && (result === undefined || result.fromFlat)) {
    const made = simple(state, core, place, signature, checked);
    if (made !== undefined) {
      return made;
    }
  }
  const count = params.reduce((sum, param) => sum + param.flat.length, 0);
  const all = count > MAX_FLAT_PARAMS ? tuple(...params) : undefined;
  const lift = lifter(result);
  const allocates =
    all !== undefined || params.some((param) => param.allocates);
  const invoke = invoker(core, all === undefined ? count : 1);
  // A component cannot be called while it is in a call, so one list serves all calls.
  /** @type {any[]} */
  const flat = new Array(count).fill(0);

  /**
   * @param {any[]} args
   * @returns {any}
   */
  function run(args) {
    if (scoped) {
      state.scopes.push(openScope());
    }
    place.end = 0;
    if (allocates) {
      place.flags.value = 0;
    }
    if (all !== undefined) {
      const start = place.allocate(all.align, all.size);
      all.store(place, start, args);
      flat[0] = start;
    } else {
      for (let index = 0; index < params.length; index += 1) {
        params[index].lower(place, args[index], flat);
      }
    }
    if (allocates) {
      place.flags.value = 1;
    }
    const raw = invoke(flat);
    if (scoped) {
      closeScope(/** @type {any} */ (state.scopes.pop()));
    }
    place.fresh();
    const value = lift(place, raw);
    if (postReturn !== null) {
      place.flags.value = 0;
      state.postReturns[postReturn](raw);
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
 * Calls a core function with the values of a list, without spreading it where they are few.
 *
 * @param {Function} core
 * @param {number} count
 * @returns {(flat: any[]) => any}
 */
function invoker(core, count) {
  switch (count) {
    case 0:
      return () => core();
    case 1:
      return (flat) => core(flat[0]);
    case 2:
      return (flat) => core(flat[0], flat[1]);
    case 3:
      return (flat) => core(flat[0], flat[1], flat[2]);
    case 4:
      return (flat) => core(flat[0], flat[1], flat[2], flat[3]);
    default:
      return (flat) => core(...flat);
  }
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

/** @param {any} value */
const same = (value) => value;

/** How many values a call can pass on without a list of them. */
const MAX_SIMPLE = 3;

/**
 * A function of scalars, or a method of a resource that takes scalars: nothing is allocated for a call.
 *
 * @param {State} state
 * @param {Function} core
 * @param {Place} place
 * @param {Signature} signature
 * @param {boolean} checked
 * @returns {Function | undefined} Nothing where it has other parameters.
 */
function simple(state, core, place, signature, checked) {
  const { name, result } = signature;
  const names = Object.keys(signature.params);
  const params = Object.values(signature.params);
  const [self] = params;
  const isMethod = self?.lent?.(place) ?? false;
  const plain = isMethod ? params.slice(1) : params;
  if (params.length > MAX_SIMPLE || !plain.every((param) => param.toFlat)) {
    return undefined;
  }
  const fromFlat = result?.fromFlat ?? same;
  const [first, second, third] = [0, 1, 2].map((index) => {
    return params[index]?.toFlat ?? same;
  });
  const [checkFirst, checkSecond, checkThird] = [0, 1, 2].map((index) => {
    if (
      params[index] === undefined ||
      !(checked || (isMethod && index === 0))
    ) {
      return () => {};
    }
    const { check } = params[index];
    return (/** @type {any} */ value) => {
      try {
        check(value, state);
      } catch (error) {
        throw placed(error, names[index], name);
      }
    };
  });
  if (isMethod) {
    const { held: of } = /** @type {{ held: (value: any) => any }} */ (self);
    return (
      /** @type {any} */ object,
      /** @type {any} */ b,
      /** @type {any} */ c,
    ) => {
      state.call += 1;
      checkFirst(object);
      checkSecond(b);
      checkThird(c);
      const held = of(object);
      state.enter();
      held.lends += 1;
      try {
        const raw = core(held.rep, second(b), third(c));
        held.lends -= 1;
        state.leave();
        return fromFlat(raw);
      } catch (error) {
        throw state.fail(error);
      }
    };
  }
  switch (params.length) {
    case 0:
      return () => {
        state.enter();
        try {
          const raw = core();
          state.leave();
          return fromFlat(raw);
        } catch (error) {
          throw state.fail(error);
        }
      };
    case 1:
      return (/** @type {any} */ a) => {
        checkFirst(a);
        state.enter();
        try {
          const raw = core(first(a));
          state.leave();
          return fromFlat(raw);
        } catch (error) {
          throw state.fail(error);
        }
      };
    case 2:
      return (/** @type {any} */ a, /** @type {any} */ b) => {
        checkFirst(a);
        checkSecond(b);
        state.enter();
        try {
          const raw = core(first(a), second(b));
          state.leave();
          return fromFlat(raw);
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
        checkFirst(a);
        checkSecond(b);
        checkThird(c);
        state.enter();
        try {
          const raw = core(first(a), second(b), third(c));
          state.leave();
          return fromFlat(raw);
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
    const flat = [undefined];
    return (place, raw) => {
      flat[0] = raw;
      place.flat = flat;
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
  const made = simpleImport(place, call, signature, name);
  if (made !== undefined) {
    return made;
  }

  /** @type {any[]} */
  const out = [];

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
    checkResult(result, value, state, name);
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
      place.end = 0;
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
      throw promised(name);
    }
    return value;
  }

  return (/** @type {any[]} */ ...flat) => {
    if (place.flags.value === 0) {
      throw new Trap("cannot leave component instance");
    }
    const { borrowed } = state;
    if (scoped) {
      state.scopes.push(openScope());
      state.borrowed = [];
    }
    const args = liftArgs(flat);
    const value = signature.throws ? caught(direct, args) : direct(...args);
    if (scoped) {
      for (const held of state.borrowed) {
        held.status = "returned";
      }
      state.borrowed = borrowed;
      closeScope(/** @type {any} */ (state.scopes.pop()));
    }
    return lowerResult(value, flat);
  };
}

/**
 * @param {string} name
 * @returns {Trap}
 */
function promised(name) {
  return new Trap(
    `${name} returned a promise, and the component cannot wait: return the value`,
  );
}

/**
 * @param {Codec} result
 * @param {any} value
 * @param {State} state
 * @param {string} name
 */
function checkResult(result, value, state, name) {
  try {
    result.check(value, state);
  } catch (error) {
    const { message } = /** @type {Error} */ (
      within(error, `the result of ${name}`)
    );
    throw new Trap(message, { cause: error });
  }
}

/**
 * A function of the host that takes and gives scalars: nothing is allocated for a call.
 *
 * @param {Place} place
 * @param {(...args: any[]) => any} call
 * @param {Signature} signature
 * @param {string} name
 * @returns {Function | undefined} Nothing where it has other types.
 */
function simpleImport(place, call, signature, name) {
  const { result } = signature;
  const params = Object.values(signature.params);
  if (
    params.length > MAX_SIMPLE ||
    !params.every((param) => param.fromFlat) ||
    !(result === undefined || result.toFlat)
  ) {
    return undefined;
  }
  const { flags, state } = place;
  const [first, second, third] = [0, 1, 2].map((index) => {
    return params[index]?.fromFlat ?? same;
  });
  const toFlat = result?.toFlat ?? same;
  /** @param {any} value */
  const given = (value) => {
    if (value instanceof Promise) {
      throw promised(name);
    }
    if (result === undefined) {
      return undefined;
    }
    checkResult(result, value, state, name);
    return toFlat(value);
  };
  const mayLeave = () => {
    if (flags.value === 0) {
      throw new Trap("cannot leave component instance");
    }
  };
  switch (params.length) {
    case 0:
      return () => {
        mayLeave();
        return given(call());
      };
    case 1:
      return (/** @type {any} */ a) => {
        mayLeave();
        return given(call(first(a)));
      };
    case 2:
      return (/** @type {any} */ a, /** @type {any} */ b) => {
        mayLeave();
        return given(call(first(a), second(b)));
      };
    default:
      return (
        /** @type {any} */ a,
        /** @type {any} */ b,
        /** @type {any} */ c,
      ) => {
        mayLeave();
        return given(call(first(a), second(b), third(c)));
      };
  }
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
