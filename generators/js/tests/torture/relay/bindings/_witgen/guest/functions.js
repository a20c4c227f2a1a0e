// @ts-nocheck
import { WitError } from "../shared/errors.js";
import { brief } from "../shared/describe.js";
import { commit, giveBack, rollBack } from "./handles.js";
import { Mismatch } from "./mismatch.js";

/** @import { Codec } from "./codec.js" */

/**
 * A function as WIT declares it.
 *
 * @typedef {object} Signature
 * @property {string} name The WIT name, for messages.
 * @property {Record<string, Codec>} [params] By name, in order.
 * @property {Codec} [result]
 */

/**
 * @param {Codec} codec
 * @param {unknown} value
 * @param {string} name
 * @param {string} root
 * @returns {unknown}
 */
function lowerAt(codec, value, name, root) {
  try {
    return codec.lower(value);
  } catch (error) {
    rollBack();
    throw error instanceof Mismatch ? error.error(name, root) : error;
  }
}

/**
 * A function that the component imports, for the user to call.
 *
 * @param {Signature & { call: (...args: any[]) => any }} signature With the engine's function.
 * @returns {(...args: any[]) => any}
 */
export function imported({ call, name, params = {}, result }) {
  const names = Object.keys(params);
  const codecs = Object.values(params);
  const cases = result?.cases;
  const lift = cases === undefined ? result?.lift : cases.ok?.lift;
  return (...args) => {
    const lowered = new Array(codecs.length);
    for (let index = 0; index < codecs.length; index += 1) {
      lowered[index] = lowerAt(codecs[index], args[index], name, names[index]);
    }
    commit();
    let value;
    try {
      value = call(...lowered);
    } catch (error) {
      throw cases === undefined ? error : liftError(error, cases.err);
    }
    return lift === undefined ? undefined : lift(value);
  };
}

/**
 * The engine throws an error of its own with the payload of the error case as a property.
 *
 * @param {unknown} error
 * @param {Codec | undefined} err
 * @returns {unknown}
 */
function liftError(error, err) {
  if (!(error instanceof Error) || !Object.hasOwn(error, "payload")) {
    return error;
  }
  const payload = "payload" in error ? error.payload : undefined;
  return new WitError(err === undefined ? undefined : err.lift(payload));
}

/** What happens before each call of a function that the user wrote. @type {(() => void)[]} */
export const beforeCalls = [];

/**
 * A function that the user wrote, for the engine to call.
 *
 * @param {(...args: any[]) => any} call The user's function, bound.
 * @param {Signature} signature
 * @returns {(...args: any[]) => any}
 */
export function exported(call, { name, params = {}, result }) {
  const codecs = Object.values(params);
  const cases = result?.cases;
  const codec = cases === undefined ? result : cases.ok;
  /** @param {any[]} args */
  const run = (args) => {
    for (const before of beforeCalls) {
      before();
    }
    for (let index = 0; index < codecs.length; index += 1) {
      args[index] = codecs[index].lift(args[index]);
    }
    const value = call(...args);
    if (value instanceof Promise) {
      throw new TypeError(
        `${name}: it returned a promise, but WIT declares it without \`async\``,
      );
    }
    if (codec === undefined) {
      return undefined;
    }
    const lowered = lowerAt(codec, value, name, "the result");
    commit();
    return lowered;
  };
  if (cases === undefined) {
    return (...args) => {
      try {
        return run(args);
      } catch (error) {
        throw uncaught(error);
      } finally {
        giveBack();
      }
    };
  }
  return (...args) => {
    try {
      return run(args);
    } catch (error) {
      throw lowerError(error, cases.err, name);
    } finally {
      giveBack();
    }
  };
}

/**
 * What the engine takes as the error case: an object with the payload as a property.
 *
 * @param {unknown} error
 * @param {Codec | undefined} err
 * @param {string} name
 * @returns {unknown}
 */
function lowerError(error, err, name) {
  if (!(error instanceof WitError)) {
    return fatal(error);
  }
  if (err === undefined) {
    return { payload: undefined };
  }
  try {
    const root = "the payload of the error";
    const payload = lowerAt(err, error.payload, name, root);
    commit();
    return { payload };
  } catch (mismatch) {
    return fatal(mismatch);
  }
}

/**
 * Something that the engine cannot take for an error case whatever its type: it would pass
 * the message of any error on to the caller where that case is a string.
 *
 * @param {unknown} error
 * @returns {unknown}
 */
function fatal(error) {
  return {
    get payload() {
      throw uncaught(error);
    },
  };
}

/**
 * `error` in the form that the engine prints in full: it leaves out the class of an error,
 * and everything about a value that is none.
 *
 * @param {unknown} error
 * @returns {Error}
 */
function uncaught(error) {
  if (!(error instanceof Error)) {
    return new Error(`uncaught ${brief(error)}`);
  }
  // It prints `Error: ` in front of every message.
  const kind = error.name === "Error" ? "" : `${error.name}: `;
  const shown = new Error(kind + error.message);
  shown.stack = error.stack;
  return shown;
}
