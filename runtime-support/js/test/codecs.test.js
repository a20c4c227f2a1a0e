import assert from "node:assert/strict";
import { test } from "node:test";

import * as w from "../guest/index.js";
import { Mismatch } from "../guest/mismatch.js";

/** @import { Codec } from "../guest/codec.js" */

/**
 * @param {Codec} codec
 * @param {unknown} value
 * @param {unknown} lowered What the engine gets.
 */
function lowers(codec, value, lowered) {
  assert.deepEqual(codec.lower(value), lowered);
}

/**
 * @param {Codec} codec
 * @param {unknown} value
 * @param {string} message
 */
function refuses(codec, value, message) {
  assert.throws(
    () => codec.lower(value),
    (error) => {
      assert.ok(error instanceof Mismatch);
      const { name, message: text } = error.error("f", "v");
      assert.equal(`${name}: ${text}`, message);
      return true;
    },
  );
}

test("integers keep both ends of their range and refuse what lies beyond", () => {
  lowers(w.u8, 255, 255);
  lowers(w.s8, -128, -128);
  lowers(w.u64, 2n ** 64n - 1n, 2n ** 64n - 1n);
  refuses(
    w.u8,
    256,
    "RangeError: f: v must be an integer from 0 to 255, got 256",
  );
  refuses(
    w.u8,
    -1,
    "RangeError: f: v must be an integer from 0 to 255, got -1",
  );
  refuses(
    w.s16,
    1.5,
    "RangeError: f: v must be an integer from -32768 to 32767, got 1.5",
  );
  refuses(
    w.s32,
    NaN,
    "RangeError: f: v must be an integer from -2147483648 to 2147483647, got NaN",
  );
  refuses(
    w.u8,
    "5",
    'TypeError: f: v must be an integer from 0 to 255, got "5"',
  );
  refuses(
    w.s64,
    2n ** 63n,
    "RangeError: f: v must be a bigint from -9223372036854775808n to 9223372036854775807n, got 9223372036854775808n",
  );
  refuses(
    w.s64,
    5,
    "TypeError: f: v must be a bigint from -9223372036854775808n to 9223372036854775807n, got 5",
  );
});

test("u32 goes to the engine and comes back with a sign", () => {
  lowers(w.u32, 0xffffffff, -1);
  lowers(w.u32, 0x80000000, -0x80000000);
  assert.equal(w.u32.lift(-1), 0xffffffff);
});

test("floats, booleans, characters and strings are not converted", () => {
  lowers(w.f64, -0, -0);
  lowers(w.f32, NaN, NaN);
  refuses(w.f64, 1n, "TypeError: f: v must be a number, got 1n");
  refuses(w.bool, 1, "TypeError: f: v must be a boolean, got 1");
  lowers(w.char, "😀", "😀");
  refuses(
    w.char,
    "ab",
    'TypeError: f: v must be a string of one character, got "ab"',
  );
  refuses(
    w.char,
    "",
    'TypeError: f: v must be a string of one character, got ""',
  );
  refuses(
    w.char,
    "\ud800",
    'TypeError: f: v must be a string of one character, got "\\ud800"',
  );
  refuses(
    w.string,
    "a\ud800",
    'TypeError: f: v must be a string without lone surrogates, got "a\\ud800"',
  );
});

test("lists of numbers are typed arrays, and arrays are taken too", () => {
  const bytes = new Uint8Array([1, 2]);
  assert.equal(w.list(w.u8).lower(bytes), bytes);
  lowers(w.list(w.u32), [1, 0xffffffff], new Uint32Array([1, 0xffffffff]));
  lowers(w.list(w.u16), new Uint8Array([7]), new Uint16Array([7]));
  lowers(w.list(w.s64), [-1n], new BigInt64Array([-1n]));
  refuses(
    w.list(w.u8),
    [1, 256],
    "RangeError: f: v[1] must be an integer from 0 to 255, got 256",
  );
  refuses(
    w.list(w.u8),
    "ab",
    'TypeError: f: v must be a Uint8Array or an array, got "ab"',
  );
  assert.deepEqual(w.list(w.f32).lift([1, 2]), new Float32Array([1, 2]));
});

test("other lists and tuples name the element that is wrong", () => {
  refuses(
    w.list(w.string),
    ["a", 1],
    "TypeError: f: v[1] must be a string, got 1",
  );
  refuses(
    w.list(w.string),
    { length: 1 },
    "TypeError: f: v must be an array, got an object",
  );
  refuses(
    w.tuple(w.u8, w.u8),
    [1],
    "TypeError: f: v must be an array of length 2, got an array of length 1",
  );
  refuses(
    w.tuple(w.u8, w.u8),
    [1, -1],
    "RangeError: f: v[1] must be an integer from 0 to 255, got -1",
  );
  assert.deepEqual(w.tuple(w.u32, w.string).lift([-1, "a"]), [0xffffffff, "a"]);
});

test("records name the field that is wrong, and take only own properties for odd names", () => {
  const person = w.record({
    name: w.string,
    ages: w.list(w.u8),
    toString: w.option(w.u8),
  });
  lowers(
    person,
    { name: "a", ages: [1] },
    { name: "a", ages: new Uint8Array([1]), toString: null },
  );
  refuses(
    person,
    { name: "a", ages: [300] },
    "RangeError: f: v.ages[0] must be an integer from 0 to 255, got 300",
  );
  refuses(
    person,
    { ages: [] },
    "TypeError: f: v.name must be a string, got undefined",
  );
  refuses(person, null, "TypeError: f: v must be an object, got null");
});

test("variants, enums and flags refuse names that WIT does not have", () => {
  const shape = w.variant({ circle: w.u8, none: undefined });
  lowers(shape, { tag: "none", val: 1 }, { tag: "none" });
  refuses(
    shape,
    { tag: "circle", val: -1 },
    "RangeError: f: v.val must be an integer from 0 to 255, got -1",
  );
  refuses(
    shape,
    { tag: "square" },
    'TypeError: f: v.tag must be one of "circle", "none", got "square"',
  );
  refuses(
    shape,
    "none",
    'TypeError: f: v must be an object whose tag is one of "circle", "none", got "none"',
  );
  refuses(
    w.enumeration("red", "blue"),
    "green",
    'TypeError: f: v must be one of "red", "blue", got "green"',
  );
  const rights = w.flags("read", "write");
  lowers(
    rights,
    { read: true, write: undefined },
    { read: true, write: false },
  );
  refuses(
    rights,
    { raed: true },
    "TypeError: f: v.raed must be no property: there is no such flag, got true",
  );
});

test("none is undefined, and an option of an option is a tagged object", () => {
  const one = w.option(w.u32);
  lowers(one, undefined, null);
  assert.equal(one.lift(null), undefined);
  assert.equal(one.lift(-1), 0xffffffff);
  const two = w.option(one);
  lowers(two, { tag: "some", val: undefined }, { tag: "some", val: null });
  lowers(two, { tag: "none" }, { tag: "none" });
  assert.deepEqual(two.lift({ tag: "some", val: null }), {
    tag: "some",
    val: undefined,
  });
  refuses(
    two,
    undefined,
    'TypeError: f: v must be an object whose tag is one of "some", "none", got undefined',
  );
});

test("maps convert keys and values", () => {
  const ages = w.map(w.string, w.u32);
  lowers(ages, new Map([["a", 0xffffffff]]), new Map([["a", -1]]));
  assert.deepEqual(
    ages.lift(new Map([["a", -1]])),
    new Map([["a", 0xffffffff]]),
  );
  refuses(
    ages,
    new Map([["a", -1]]),
    "RangeError: f: v[a] must be an integer from 0 to 4294967295, got -1",
  );
  refuses(ages, {}, "TypeError: f: v must be a Map, got an object");
});
