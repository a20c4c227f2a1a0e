import assert from "node:assert/strict";
import { test } from "node:test";

import {
  checkFlags,
  checkNumbers,
  checkOptional,
  checkU8,
} from "../host/checks.js";
import { flags, option, record } from "../host/compound.js";
import { ArgumentError } from "../host/errors.js";
import { list } from "../host/lists.js";
import { u8 } from "../host/scalars.js";

/** @import { At } from "../host/checks.js" */
/** @import { State } from "../host/state.js" */

/** @type {At} */
const at = {
  refuse(expected, value) {
    throw new ArgumentError(expected, typeof value);
  },
};
const state = /** @type {State} */ ({});

/** How bindings check a value, and how programs without bindings do. */
const checks = {
  bytes: [
    (/** @type {any} */ value) =>
      checkNumbers(value, at, "v", Uint8Array, checkU8),
    (/** @type {any} */ value) => list(u8).check(value, state),
  ],
  flags: [
    (/** @type {any} */ value) => checkFlags(value, at, "v", ["read"]),
    (/** @type {any} */ value) => flags("read").check(value, state),
  ],
  optional: [
    (/** @type {any} */ value) => checkOptional(value, at, "v"),
    (/** @type {any} */ value) =>
      record({ size: option(u8) }).check(value, state),
  ],
};

test("a list whose buffer went to another thread is refused", () => {
  for (const Type of [Uint8Array, Uint8ClampedArray]) {
    for (const check of checks.bytes) {
      const bytes = new Type(4);
      check(bytes);
      bytes.buffer.transfer();
      assert.throws(() => check(bytes), ArgumentError);
    }
  }
});

test("flags are an object with a property for each, and no collection of names", () => {
  for (const check of checks.flags) {
    check({ read: true });
    check({});
    for (const wrong of [["read"], [], new Set(["read"]), new Map(), "read"]) {
      assert.throws(() => check(wrong), ArgumentError);
    }
  }
});

test("a record of optional fields is no collection", () => {
  for (const check of checks.optional) {
    check({ size: 1 });
    check({});
    for (const wrong of [[], new Map([["size", 1]]), new Uint8Array(1), null]) {
      assert.throws(() => check(wrong), ArgumentError);
    }
  }
});
