import assert from "node:assert/strict";
import { test } from "node:test";

import * as w from "../guest/index.js";

/**
 * What the engine is thrown by an export, as the engine takes it apart.
 *
 * @param {() => unknown} call
 * @returns {{ payload: unknown }}
 */
function thrown(call) {
  try {
    call();
  } catch (error) {
    return /** @type {{ payload: unknown }} */ (error);
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}

const signature = { name: "a:b/c#f", params: { v: w.u32 }, result: w.u32 };

test("imports check arguments before the engine is called", () => {
  let calls = 0;
  const call = (/** @type {number} */ v) => (calls++, v);
  const f = w.imported({ call, ...signature });
  assert.equal(f(0xffffffff), 0xffffffff);
  assert.throws(() => f(-1), {
    name: "RangeError",
    message: "a:b/c#f: v must be an integer from 0 to 4294967295, got -1",
  });
  assert.throws(() => f(), { name: "TypeError" });
  assert.equal(calls, 1);
});

test("the error case of an import is a WitError with the payload", () => {
  const call = () => {
    throw Object.assign(new Error("engine"), { payload: -1 });
  };
  const f = w.imported({ call, name: "f", result: w.result(undefined, w.u32) });
  assert.throws(f, (error) => {
    assert.ok(error instanceof w.WitError);
    assert.equal(error.payload, 0xffffffff);
    assert.equal(String(error), "WitError: 4294967295");
    return true;
  });
});

test("other errors of the engine pass through an import", () => {
  const call = () => {
    throw new Error("engine");
  };
  const f = w.imported({
    call,
    name: "f",
    result: w.result(undefined, w.string),
  });
  assert.throws(f, { name: "Error", message: "engine" });
});

test("a WitError of an export is the error case", () => {
  const f = w.exportFunction({
    app: {
      f: () => {
        throw new w.WitError(0xffffffff);
      },
    },
    as: "f",
    name: "f",
    result: w.result(w.string, w.u32),
  });
  assert.deepEqual(thrown(f), { payload: -1 });
});

test("any other error of an export is none, even where the error case is a string", () => {
  const app = {
    f: () => {
      throw new TypeError("boom");
    },
  };
  const f = w.exportFunction({
    app,
    as: "f",
    name: "f",
    result: w.result(undefined, w.string),
  });
  assert.throws(() => thrown(f).payload, { message: "TypeError: boom" });
});

test("a payload of the wrong type is reported, not sent", () => {
  const app = {
    f: () => {
      throw new w.WitError("x");
    },
  };
  const f = w.exportFunction({
    app,
    as: "f",
    name: "f",
    result: w.result(undefined, w.u8),
  });
  assert.throws(() => thrown(f).payload, {
    message:
      'TypeError: f: the payload of the error must be an integer from 0 to 255, got "x"',
  });
});

test("results of exports are checked, and promises are refused", () => {
  /** @param {unknown} result */
  const returning = (result) =>
    w.exportFunction({
      app: { f: () => result },
      as: "f",
      name: "f",
      result: w.u8,
    });
  assert.equal(returning(5)(), 5);
  assert.throws(returning(256), {
    message: /the result must be an integer from 0 to 255, got 256/,
  });
  assert.throws(returning(Promise.resolve(1)), {
    message: /it returned a promise/,
  });
});

test("exports are found by name and in the default export", () => {
  const functions = { f: { name: "f", result: w.u8 } };
  class Service {
    value = 7;
    f() {
      return this.value;
    }
  }
  for (const app of [{ s: new Service() }, { default: { s: new Service() } }]) {
    assert.equal(w.exportInterface({ app, as: "s", functions }).f(), 7);
  }
});

test("what a module does not export is named", () => {
  const functions = { f: { name: "f" } };
  /** @type {[object, string][]} */
  const cases = [
    [{}, "the module does not export `s`"],
    [{ s: {} }, "the module does not export `s.f`"],
    [{ s: { f: 1 } }, "the module exports `s.f`, but not as a function"],
  ];
  for (const [app, message] of cases) {
    assert.throws(() => w.exportInterface({ app, as: "s", functions }), {
      message,
    });
  }
});

test("the message of a WitError shows its payload", () => {
  assert.equal(new w.WitError("not found").message, "not found");
  assert.equal(new w.WitError({ line: 3n }).message, '{"line":"3"}');
  assert.equal(new w.WitError(undefined).message, "the operation failed");
});
