// @ts-nocheck
import { same } from "./codec.js";
import { Mismatch, inside } from "./mismatch.js";

/** @import { Codec } from "./codec.js" */

/**
 * Whether `value` can have the fields of a record or the tag of a variant.
 *
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null;
}

/**
 * `record`: an object with a property per field.
 *
 * @param {Record<string, Codec>} fields
 * @returns {Codec}
 */
export function record(fields) {
  const names = Object.keys(fields);
  const codecs = Object.values(fields);
  const lifted = names.filter((name) => !fields[name].plain);
  // Of an option field called `toString`, only an own property counts.
  const inherited = names.map((name) => name in Object.prototype);
  return {
    lower: (value) => {
      if (!isObject(value)) {
        throw new Mismatch("an object", value);
      }
      /** @type {Record<string, unknown>} */
      const lowered = {};
      let index = 0;
      try {
        for (; index < names.length; index += 1) {
          const name = names[index];
          const hidden = inherited[index] && !Object.hasOwn(value, name);
          lowered[name] = codecs[index].lower(hidden ? undefined : value[name]);
        }
      } catch (error) {
        throw inside(error, `.${names[index]}`);
      }
      return lowered;
    },
    lift:
      lifted.length === 0
        ? same
        : (value) => {
            for (const name of lifted) {
              value[name] = fields[name].lift(value[name]);
            }
            return value;
          },
    plain: lifted.length === 0,
  };
}

/**
 * `variant`: a tagged object. A case without payload has no codec.
 *
 * @param {Record<string, Codec | undefined>} cases
 * @returns {Codec}
 */
export function variant(cases) {
  const types = new Map(Object.entries(cases));
  const expected = `an object whose tag is ${oneOf([...types.keys()])}`;
  const plain = Object.values(cases).every((type) => type?.plain ?? true);
  return {
    lower: (value) => {
      const tag = isObject(value) ? value.tag : undefined;
      if (!isObject(value) || typeof tag !== "string") {
        throw new Mismatch(expected, value);
      }
      if (!types.has(tag)) {
        throw inside(new Mismatch(oneOf([...types.keys()]), tag), ".tag");
      }
      const type = types.get(tag);
      if (type === undefined) {
        return { tag };
      }
      try {
        return { tag, val: type.lower(value.val) };
      } catch (error) {
        throw inside(error, ".val");
      }
    },
    lift: plain
      ? same
      : (value) => {
          const type = types.get(value.tag);
          if (type !== undefined) {
            value.val = type.lift(value.val);
          }
          return value;
        },
    plain,
  };
}

/**
 * `enum`: the name of a case.
 *
 * @param {...string} names
 * @returns {Codec}
 */
export function enumeration(...names) {
  const known = new Set(names);
  const expected = oneOf(names);
  return {
    lower: (value) => {
      if (typeof value !== "string" || !known.has(value)) {
        throw new Mismatch(expected, value);
      }
      return value;
    },
    lift: same,
    plain: true,
  };
}

/**
 * `flags`: an object with a boolean per flag; one that is left out is off.
 *
 * @param {...string} names
 * @returns {Codec}
 */
export function flags(...names) {
  const known = new Set(names);
  return {
    lower: (value) => {
      if (!isObject(value)) {
        throw new Mismatch("an object of flags", value);
      }
      /** @type {Record<string, boolean>} */
      const lowered = {};
      for (const name of names) {
        lowered[name] = false;
      }
      for (const name of Object.keys(value)) {
        const flag = value[name];
        if (!known.has(name)) {
          throw inside(
            new Mismatch("no property: there is no such flag", flag),
            `.${name}`,
          );
        }
        if (flag !== undefined && typeof flag !== "boolean") {
          throw inside(new Mismatch("a boolean", flag), `.${name}`);
        }
        lowered[name] = flag ?? false;
      }
      return lowered;
    },
    lift: same,
    plain: true,
  };
}

/**
 * `option<t>`: the value, or `undefined`. An option of an option is a tagged object.
 *
 * @param {Codec} some
 * @returns {Codec}
 */
export function option(some) {
  if (some.optional) {
    return { ...variant({ some, none: undefined }), optional: true };
  }
  const { lower, lift } = some;
  return {
    lower: (value) =>
      value === undefined || value === null ? null : lower(value),
    lift: (value) =>
      value === null || value === undefined ? undefined : lift(value),
    plain: false,
    optional: true,
  };
}

/**
 * `result<t, e>`: a tagged object, except as the whole result of a function.
 *
 * @param {Codec | undefined} ok
 * @param {Codec | undefined} err
 * @returns {Codec}
 */
export function result(ok, err) {
  return { ...variant({ ok, err }), cases: { ok, err } };
}

/**
 * @param {string[]} names
 * @returns {string}
 */
function oneOf(names) {
  const quoted = names.map((name) => JSON.stringify(name));
  return quoted.length === 1 ? quoted[0] : `one of ${quoted.join(", ")}`;
}
