import { oneOf } from "./checks.js";
import { within } from "./within.js";
import { mismatch } from "./scalars.js";
import {
  caseOf,
  f32Bits,
  f32OfBits,
  f64Bits,
  f64OfBits,
  liftFlags,
  lowerFlags,
  narrowed,
  widened,
} from "./values.js";

/** @import { Codec } from "./scalars.js" */
/** @import { Place } from "./place.js" */

/**
 * @param {number} at
 * @param {number} align
 */
const aligned = (at, align) => (at + align - 1) & -align;

/**
 * Where fields stand behind each other.
 *
 * @param {Codec[]} codecs
 */
function layout(codecs) {
  let size = 0;
  let align = 1;
  const offsets = codecs.map((codec) => {
    const offset = aligned(size, codec.align);
    size = offset + codec.size;
    align = Math.max(align, codec.align);
    return offset;
  });
  return {
    offsets,
    size: aligned(size, align),
    align,
    flat: codecs.flatMap((codec) => codec.flat),
    handles: codecs.some((codec) => codec.handles),
    allocates: codecs.some((codec) => codec.allocates),
  };
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
  const { offsets, ...about } = layout(codecs);
  // An array or a `Map` would pass for it.
  const isOptional = codecs.every(({ optional }) => optional);
  // Of an option field called `toString`, only an own property counts.
  const inherited = names.some((name) => name in Object.prototype);
  /** @type {(value: any, index: number) => any} */
  const field = inherited
    ? (value, index) =>
        Object.hasOwn(value, names[index]) ? value[names[index]] : undefined
    : (value, index) => value[names[index]];
  return {
    kind: `{${codecs.map((codec) => codec.kind)}}`,
    ...about,
    check: (value, state) => {
      if (
        typeof value !== "object" ||
        value === null ||
        (isOptional && Symbol.iterator in value)
      ) {
        throw mismatch("an object", value);
      }
      let index = 0;
      try {
        for (; index < codecs.length; index += 1) {
          codecs[index].check(field(value, index), state);
        }
      } catch (error) {
        throw within(error, `.${names[index]}`);
      }
    },
    load: (place, at) => {
      /** @type {Record<string, any>} */
      const value = {};
      for (let index = 0; index < codecs.length; index += 1) {
        value[names[index]] = codecs[index].load(place, at + offsets[index]);
      }
      return value;
    },
    store: (place, at, value) => {
      for (let index = 0; index < codecs.length; index += 1) {
        codecs[index].store(place, at + offsets[index], field(value, index));
      }
    },
    lift: (place) => {
      /** @type {Record<string, any>} */
      const value = {};
      for (let index = 0; index < codecs.length; index += 1) {
        value[names[index]] = codecs[index].lift(place);
      }
      return value;
    },
    lower: (place, value, out) => {
      for (let index = 0; index < codecs.length; index += 1) {
        codecs[index].lower(place, field(value, index), out);
      }
    },
  };
}

/**
 * `tuple<...>`: an array of fixed length.
 *
 * @param {...Codec} codecs
 * @returns {Codec}
 */
export function tuple(...codecs) {
  const { offsets, ...about } = layout(codecs);
  const expected = `an array of length ${codecs.length}`;
  return {
    kind: `(${codecs.map((codec) => codec.kind)})`,
    ...about,
    check: (value, state) => {
      if (!Array.isArray(value) || value.length !== codecs.length) {
        throw mismatch(expected, value);
      }
      let index = 0;
      try {
        for (; index < codecs.length; index += 1) {
          codecs[index].check(value[index], state);
        }
      } catch (error) {
        throw within(error, `[${index}]`);
      }
    },
    load: (place, at) =>
      codecs.map((codec, index) => codec.load(place, at + offsets[index])),
    store: (place, at, value) => {
      codecs.forEach((codec, index) =>
        codec.store(place, at + offsets[index], value[index]),
      );
    },
    lift: (place) => codecs.map((codec) => codec.lift(place)),
    lower: (place, value, out) => {
      codecs.forEach((codec, index) => codec.lower(place, value[index], out));
    },
  };
}

/**
 * A number of so many bytes.
 *
 * @param {number} width
 * @param {Place} place
 * @param {number} at
 * @returns {number}
 */
function get(width, place, at) {
  return width === 1
    ? place.u8(at)
    : width === 2
      ? place.u16(at)
      : place.u32(at);
}

/**
 * @param {number} width
 * @param {Place} place
 * @param {number} at
 * @param {number} value
 */
function put(width, place, at, value) {
  if (width === 1) {
    place.put8(at, value);
  } else if (width === 2) {
    place.put16(at, value);
  } else {
    place.put32(at, value);
  }
}

/** @typedef {Codec["flat"][number]} Core */

/**
 * The core type that has room for both.
 *
 * @param {Core} left
 * @param {Core} right
 * @returns {Core}
 */
function join(left, right) {
  if (left === right) {
    return left;
  }
  const narrow = (/** @type {Core} */ core) => core === "i32" || core === "f32";
  return narrow(left) && narrow(right) ? "i32" : "i64";
}

/**
 * Puts the core value of a payload into the core type of the variant; nothing where they are the same.
 *
 * @param {Core} from
 * @param {Core} to
 * @returns {((value: any) => any) | undefined}
 */
function widening(from, to) {
  if (from === to) {
    return undefined;
  }
  if (from === "f64") {
    return f64Bits;
  }
  if (from === "i32") {
    return widened;
  }
  return to === "i64" ? (value) => widened(f32Bits(value)) : f32Bits;
}

/**
 * The way back.
 *
 * @param {Core} from
 * @param {Core} to
 * @returns {((value: any) => any) | undefined}
 */
function narrowing(from, to) {
  if (from === to) {
    return undefined;
  }
  if (to === "f64") {
    return f64OfBits;
  }
  if (to === "i32") {
    return narrowed;
  }
  return from === "i64" ? (value) => f32OfBits(narrowed(value)) : f32OfBits;
}

/**
 * How the core values of one case are those of the variant.
 *
 * @param {Codec | undefined} payload
 * @param {Core[]} joined
 */
function shapeOf(payload, joined) {
  const own = payload?.flat ?? [];
  const widen = own.map((core, part) => widening(core, joined[part]));
  const narrow = own.map((core, part) => narrowing(joined[part], core));
  return {
    widen: widen.some((one) => one !== undefined) ? widen : undefined,
    narrow: narrow.some((one) => one !== undefined) ? narrow : undefined,
    /** What stands behind them. */
    rest: joined.slice(own.length).map((core) => (core === "i64" ? 0n : 0)),
  };
}

/**
 * What all types with cases have in common: a number that says which, and a payload.
 *
 * @param {string} kind
 * @param {(Codec | undefined)[]} payloads
 * @param {(value: any) => number} which The number of the case of a checked value.
 * @param {(value: any) => any} unwrap Its payload.
 * @param {(index: number, payload: any) => any} wrap The value of a case.
 * @returns {Omit<Codec, "check">}
 */
function choice(kind, payloads, which, unwrap, wrap) {
  const count = payloads.length;
  const width = count <= 0x100 ? 1 : count <= 0x10000 ? 2 : 4;
  const present = payloads.filter((payload) => payload !== undefined);
  const align = Math.max(width, ...present.map((payload) => payload.align));
  const offset = aligned(width, align);
  /** @type {Core[]} */
  const joined = [];
  for (const payload of present) {
    payload.flat.forEach((core, index) => {
      joined[index] = index < joined.length ? join(joined[index], core) : core;
    });
  }
  const shapes = payloads.map((payload) => shapeOf(payload, joined));
  return {
    kind: `${kind}<${payloads.map((payload) => payload?.kind ?? "_")}>`,
    size: aligned(
      offset + Math.max(0, ...present.map((payload) => payload.size)),
      align,
    ),
    align,
    flat: ["i32", ...joined],
    handles: present.some((payload) => payload.handles),
    allocates: present.some((payload) => payload.allocates),
    load: (place, at) => {
      const index = caseOf(get(width, place, at), count);
      return wrap(index, payloads[index]?.load(place, at + offset));
    },
    store: (place, at, value) => {
      const index = which(value);
      put(width, place, at, index);
      payloads[index]?.store(place, at + offset, unwrap(value));
    },
    lift: (place) => {
      const index = caseOf(place.flat[place.at++], count);
      const { flat, at } = place;
      const payload = payloads[index];
      const { narrow } = shapes[index];
      let value;
      if (payload !== undefined) {
        if (narrow !== undefined) {
          place.flat = narrow.map(
            (one, part) => one?.(flat[at + part]) ?? flat[at + part],
          );
          place.at = 0;
        }
        value = payload.lift(place);
        place.flat = flat;
      }
      place.at = at + joined.length;
      return wrap(index, value);
    },
    lower: (place, value, out) => {
      const index = which(value);
      out[place.end++] = index;
      const start = place.end;
      const { widen, rest } = shapes[index];
      payloads[index]?.lower(place, unwrap(value), out);
      if (widen !== undefined) {
        for (let part = 0; part < widen.length; part += 1) {
          out[start + part] =
            widen[part]?.(out[start + part]) ?? out[start + part];
        }
      }
      for (let part = 0; part < rest.length; part += 1) {
        out[place.end++] = rest[part];
      }
    },
  };
}

/**
 * `variant`: a tagged object. A case without payload has no codec.
 *
 * @param {Record<string, Codec | undefined>} cases
 * @param {string} [kind]
 * @returns {Codec}
 */
export function variant(cases, kind = `variant ${Object.keys(cases)}`) {
  const tags = Object.keys(cases);
  const payloads = Object.values(cases);
  const numbers = new Map(tags.map((tag, index) => [tag, index]));
  const expected = oneOf(tags);
  return {
    ...choice(
      kind,
      payloads,
      (value) => /** @type {number} */ (numbers.get(value.tag)),
      (value) => value.val,
      (index, val) =>
        payloads[index] === undefined
          ? { tag: tags[index] }
          : { tag: tags[index], val },
    ),
    check: (value, state) => {
      if (
        typeof value !== "object" ||
        value === null ||
        typeof value.tag !== "string"
      ) {
        throw mismatch(`an object whose tag is ${expected}`, value);
      }
      const index = numbers.get(value.tag);
      if (index === undefined) {
        throw within(mismatch(expected, value.tag), ".tag");
      }
      try {
        payloads[index]?.check(value.val, state);
      } catch (error) {
        throw within(error, ".val");
      }
    },
  };
}

/**
 * `enum`: the name of a case.
 *
 * @param {...string} names
 * @returns {Codec}
 */
export function enumeration(...names) {
  const numbers = new Map(names.map((name, index) => [name, index]));
  const expected = oneOf(names);
  return {
    ...choice(
      `enum ${names}`,
      names.map(() => undefined),
      (value) => /** @type {number} */ (numbers.get(value)),
      (value) => value,
      (index) => names[index],
    ),
    check: (value) => {
      if (!numbers.has(value)) {
        throw mismatch(expected, value);
      }
    },
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
    const cases = variant({ none: undefined, some }, "option");
    return { ...cases, optional: true };
  }
  return {
    ...choice(
      "option",
      [undefined, some],
      (value) => (value === undefined || value === null ? 0 : 1),
      (value) => value,
      (_index, value) => value,
    ),
    check: (value, state) => {
      if (value !== undefined && value !== null) {
        some.check(value, state);
      }
    },
    optional: true,
  };
}

/**
 * `result<t, e>`: a tagged object, except as the whole result of a function.
 *
 * @param {Codec | undefined} [ok]
 * @param {Codec | undefined} [err]
 * @returns {Codec}
 */
export function result(ok, err) {
  return { ...variant({ ok, err }, "result"), cases: { ok, err } };
}

/**
 * `flags`: an object with a boolean per flag; one that is left out is off.
 *
 * @param {...string} names
 * @returns {Codec}
 */
export function flags(...names) {
  const known = new Set(names);
  const size = names.length <= 8 ? 1 : names.length <= 16 ? 2 : 4;
  return {
    kind: `flags ${names.length}`,
    size,
    align: size,
    flat: ["i32"],
    check: (value) => {
      if (
        typeof value !== "object" ||
        value === null ||
        Symbol.iterator in value
      ) {
        throw mismatch("an object of flags", value);
      }
      for (const name of Object.keys(value)) {
        const flag = value[name];
        if (!known.has(name)) {
          throw within(
            mismatch("no property: there is no such flag", flag),
            `.${name}`,
          );
        }
        if (flag !== undefined && typeof flag !== "boolean") {
          throw within(mismatch("a boolean", flag), `.${name}`);
        }
      }
    },
    load: (place, at) => liftFlags(names, get(size, place, at)),
    store: (place, at, value) => put(size, place, at, lowerFlags(names, value)),
    lift: (place) => liftFlags(names, place.flat[place.at++]),
    lower: (place, value, out) =>
      void (out[place.end++] = lowerFlags(names, value)),
  };
}
