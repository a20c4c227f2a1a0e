import { within } from "./within.js";
import { mismatch } from "./scalars.js";
import { tuple } from "./compound.js";

/** @import { Codec, NumericList } from "./scalars.js" */
/** @import { Place } from "./place.js" */

/**
 * A type that is a place in memory and a length.
 *
 * @param {Pick<Codec, "kind" | "check" | "handles">} about
 * @param {(place: Place, start: number, length: number) => any} read
 * @param {(place: Place, value: any) => number} write Says where it is.
 * @returns {Codec}
 */
function pointed(about, read, write) {
  return {
    ...about,
    allocates: true,
    size: 8,
    align: 4,
    flat: ["i32", "i32"],
    load: (place, at) => read(place, place.u32(at), place.u32(at + 4)),
    store: (place, at, value) => {
      const start = write(place, value);
      place.put32(at, start);
      place.put32(at + 4, value.length);
    },
    lift: (place) =>
      read(place, place.flat[place.at++] >>> 0, place.flat[place.at++] >>> 0),
    lower: (place, value, out) => {
      out[place.end++] = write(place, value);
      out[place.end++] = value.length;
    },
  };
}

/**
 * `list<t>`: a typed array for numbers, an array for everything else.
 *
 * @param {Codec} element
 * @returns {Codec}
 */
export function list(element) {
  return element.list === undefined
    ? values(element)
    : numbers(element, element.list);
}

/**
 * @param {Codec} element
 * @param {NumericList} type
 * @returns {Codec}
 */
function numbers(element, { array }) {
  const expected = `a ${array.name} or an array`;
  return pointed(
    {
      kind: `[${element.kind}]`,
      check: (value, state) => {
        if (value?.buffer?.detached) {
          throw mismatch("no detached buffer", value);
        }
        if (value instanceof array) {
          return;
        }
        if (
          !Array.isArray(value) &&
          !(ArrayBuffer.isView(value) && !(value instanceof DataView))
        ) {
          throw mismatch(expected, value);
        }
        checkEach(/** @type {any} */ (value), element, state);
      },
    },
    (place, start, length) => place.numbers(start, length, array),
    (place, value) => place.putNumbers(value, array),
  );
}

/**
 * @param {Codec} element
 * @returns {Codec}
 */
function values(element) {
  const { size, align, handles } = element;
  return pointed(
    {
      kind: `[${element.kind}]`,
      handles,
      check: (value, state) => {
        if (!Array.isArray(value)) {
          throw mismatch("an array", value);
        }
        checkEach(value, element, state);
      },
    },
    (place, start, length) => {
      place.list(start, length, size, align);
      const value = new Array(length);
      for (let index = 0, at = start; index < length; index += 1, at += size) {
        value[index] = element.load(place, at);
      }
      return value;
    },
    (place, value) => {
      const { length } = value;
      const start = place.allocate(align, length * size);
      for (let index = 0, at = start; index < length; index += 1, at += size) {
        element.store(place, at, value[index]);
      }
      return start;
    },
  );
}

/**
 * @param {ArrayLike<any>} value
 * @param {Codec} element
 * @param {any} state
 */
function checkEach(value, element, state) {
  let index = 0;
  try {
    for (; index < value.length; index += 1) {
      element.check(value[index], state);
    }
  } catch (error) {
    throw within(error, `[${index}]`);
  }
}

/**
 * `map<k, v>`: a `Map`.
 *
 * @param {Codec} key
 * @param {Codec} value
 * @returns {Codec}
 */
export function map(key, value) {
  const entries = values(tuple(key, value));
  return {
    ...entries,
    kind: `map${entries.kind}`,
    check: (given, state) => {
      if (!(given instanceof Map)) {
        throw mismatch("a Map", given);
      }
      entries.check([...given], state);
    },
    load: (place, at) => new Map(entries.load(place, at)),
    store: (place, at, given) => entries.store(place, at, [...given]),
    lift: (place) => new Map(entries.lift(place)),
    lower: (place, given, out) => entries.lower(place, [...given], out),
  };
}
