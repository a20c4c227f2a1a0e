import { WitError } from "./bindings/errors.js";
import { store } from "./store.js";

/** @template T @param {T} value */
const same = (value) => value;

/** @param {number} value */
const oneDigit = (value) => value.toFixed(1);

/** @param {Uint8Array} bytes */
const sum = (bytes) => bytes.reduce((total, byte) => total + byte, 0);

/** @type {import("./bindings/exports.js").Exports} */
export default {
  scalars: {
    echoBool: same,
    echoU8: same,
    echoU16: same,
    echoU32: same,
    echoU64: same,
    echoS8: same,
    echoS16: same,
    echoS32: same,
    echoS64: same,
    echoF32: same,
    echoF64: same,
    echoChar: same,
    echoString: same,
  },
  lists: {
    echoBytes: same,
    echoU16s: same,
    echoS64s: same,
    echoF64s: same,
    echoBools: same,
    echoChars: same,
    echoStrings: same,
    echoNested: same,
  },
  records: {
    echoPoint: same,
    echoPerson: same,
    echoPeople: same,
    echoWide: same,
    echoPlace: same,
    swap: (left, right) => [right, left],
  },
  enums: {
    echoSuit: same,
    echoSuits: same,
  },
  options: {
    echoU32: same,
    echoString: same,
    echoSettings: same,
    echoOptionalSettings: same,
    echoList: same,
    echoNested: same,
  },
  results: {
    divide(left, right) {
      if (right === 0) {
        throw new WitError("division by zero");
      }
      return Math.trunc(left / right);
    },
    find(name) {
      if (name === "") {
        throw new WitError("denied");
      }
      return `${name} found`;
    },
    check(text) {
      if (text !== "") {
        throw new WitError({ line: utf8Length(text), message: text });
      }
    },
    attempt(works) {
      if (!works) {
        throw new WitError(undefined);
      }
    },
    produce(works) {
      if (!works) {
        throw new WitError(undefined);
      }
      return ["a", "", "c"];
    },
    echoResult: valueOf,
    echoResults: same,
    echoBare: same,
    echoNested: valueOf,
  },
  variants: {
    echoShape: same,
    echoShapes: same,
    echoPlain: same,
  },
  flagSets: {
    echoPermissions: same,
    echoNine: same,
    echoFull: same,
  },
  tuples: {
    echoPair: same,
    echoSingle: same,
    echoList: same,
    echoLong: same,
  },
  params: {
    sixteen: (a, b, c, d, e, f, g, h, i, j, k, l, m, n) =>
      `${a},${b},${c},${d},${e},${f},${g},${h},${oneDigit(i)},${oneDigit(j)},${k},${l},${m},${sum(n)}`,
    seventeen: (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o) =>
      `${a},${b},${c},${d},${e},${f},${g},${h},${oneDigit(i)},${oneDigit(j)},${k},${l},${m},${sum(n)},${o}`,
    forty: (...numbers) =>
      BigInt(numbers.reduce((left, right) => left + right)),
    several: (point, settings, figure) => [point, settings, figure],
    nothing() {},
  },
  store,
  failures: {
    number: valueOf,
    real: valueOf,
    truth: valueOf,
    letter: valueOf,
    text: valueOf,
    octets: valueOf,
    texts: valueOf,
    both: valueOf,
    details: valueOf,
    why: valueOf,
    which: valueOf,
    lacking: valueOf,
    perhaps: valueOf,
    nested: valueOf,
    bare: valueOf,
    nothing: valueOf,
    only: valueOf,
  },
  sharedV1_0_0: { echo: same },
  sharedV1_1_0: { echo: same },
  sharedV2: { echo: same },
  inner: { depth: () => 2 },
  inline: { echo: same },
  echoTagged: same,
  renamed: () => 42,
  fail(message) {
    throw new Error(message);
  },
};

/**
 * The value of a `result`, as the function that returns it has to give it.
 *
 * @template T, E
 * @param {import("./bindings/_witgen/generics.js").Result<T, E>} result
 * @returns {T}
 */
function valueOf(result) {
  if (result.tag === "err") {
    throw new WitError(result.val);
  }
  return result.val;
}

/** @param {string} text */
function utf8Length(text) {
  return unescape(encodeURIComponent(text)).length;
}
