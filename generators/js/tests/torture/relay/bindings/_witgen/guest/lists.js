// @ts-nocheck
import { same } from "./codec.js";
import { Mismatch, inside } from "./mismatch.js";

/** @import { Codec, NumericList } from "./codec.js" */

const EXPECTED = "an array";

/**
 * `list<t>`: a typed array for numbers, an array for everything else.
 *
 * @param {Codec} element
 * @returns {Codec}
 */
export function list(element) {
  return element.list === undefined ? values(element) : numbers(element.list);
}

/**
 * @param {Codec} element
 * @returns {Codec}
 */
function values(element) {
  return {
    lower: (value) => {
      if (!Array.isArray(value)) {
        throw new Mismatch(EXPECTED, value);
      }
      return lowerEach(value, element.lower, new Array(value.length));
    },
    lift: element.plain
      ? same
      : (value) => {
          for (let index = 0; index < value.length; index += 1) {
            value[index] = element.lift(value[index]);
          }
          return value;
        },
    plain: element.plain,
  };
}

/**
 * @param {NumericList} type
 * @returns {Codec}
 */
function numbers({ array, element }) {
  const expected = `a ${array.name} or an array`;
  return {
    lower: (value) => {
      if (value instanceof array) {
        return value;
      }
      if (!Array.isArray(value) && !isTypedArray(value)) {
        throw new Mismatch(expected, value);
      }
      return lowerEach(value, element, new array(value.length));
    },
    lift: (value) => (value instanceof array ? value : new array(value)),
    plain: false,
  };
}

/**
 * @template {ArrayLike<any> & { [index: number]: any }} T
 * @param {ArrayLike<unknown>} from
 * @param {(value: unknown) => unknown} lower
 * @param {T} to
 * @returns {T}
 */
function lowerEach(from, lower, to) {
  let index = 0;
  try {
    for (; index < to.length; index += 1) {
      to[index] = lower(from[index]);
    }
  } catch (error) {
    throw inside(error, `[${index}]`);
  }
  return to;
}

/**
 * @param {unknown} value
 * @returns {value is ArrayLike<unknown>}
 */
function isTypedArray(value) {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * `tuple<...>`: an array of fixed length.
 *
 * @param {...Codec} elements
 * @returns {Codec}
 */
export function tuple(...elements) {
  const expected = `an array of length ${elements.length}`;
  const plain = elements.every((element) => element.plain);
  return {
    lower: (value) => {
      if (!Array.isArray(value) || value.length !== elements.length) {
        throw new Mismatch(expected, value);
      }
      const lowered = new Array(elements.length);
      let index = 0;
      try {
        for (; index < lowered.length; index += 1) {
          lowered[index] = elements[index].lower(value[index]);
        }
      } catch (error) {
        throw inside(error, `[${index}]`);
      }
      return lowered;
    },
    lift: plain
      ? same
      : (value) => elements.map((element, index) => element.lift(value[index])),
    plain,
  };
}

/**
 * `map<k, v>`: a `Map`.
 *
 * @param {Codec} key
 * @param {Codec} value
 * @returns {Codec}
 */
export function map(key, value) {
  const plain = key.plain && value.plain;
  return {
    lower: (entries) => {
      if (!(entries instanceof Map)) {
        throw new Mismatch("a Map", entries);
      }
      const lowered = new Map();
      for (const [name, content] of entries) {
        try {
          lowered.set(key.lower(name), value.lower(content));
        } catch (error) {
          throw inside(error, `[${String(name)}]`);
        }
      }
      return lowered;
    },
    lift: plain
      ? same
      : (entries) => {
          const lifted = new Map();
          for (const [name, content] of entries) {
            lifted.set(key.lift(name), value.lift(content));
          }
          return lifted;
        },
    plain,
  };
}
