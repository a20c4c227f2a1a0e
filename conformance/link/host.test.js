// Calls the component of `host.wat`, whose plan the environment names.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ArgumentError,
  LinkError,
  Trap,
  WitError,
  instantiateDynamic,
  load,
} from "../../runtime-support/js/host/index.js";

const linked = await load(/** @type {string} */ (process.env.PLAN));

/** Imports that remember what was done with them. */
function imports(overrides = {}) {
  const seen = [];
  class File {
    constructor(name) {
      this.name = name;
    }
    size() {
      return this.name.length;
    }
    static same(a, b) {
      return a === b;
    }
    [Symbol.dispose]() {
      seen.push(`dropped ${this.name}`);
    }
  }
  const log = {
    File,
    close: (file) => seen.push(`closed ${file.name}`),
    note: (text) => {
      if (text === "bad") {
        throw new WitError("no");
      }
      return text.length;
    },
    addAll: (a, b, c) => a + Number(b) + c,
    ...overrides.log,
  };
  return {
    seen,
    File,
    given: {
      "test:host/log@1.2.0": log,
      callBack: overrides.callBack ?? (() => {}),
    },
  };
}

function instance(overrides) {
  const { seen, File, given } = imports(overrides);
  return { seen, File, ...instantiateDynamic(linked, given) };
}

test("functions of the host are called with values, and their errors arrive", () => {
  const { note, addAll } = instance();
  assert.equal(note("grüße"), 5);
  assert.throws(
    () => note("bad"),
    (error) => error instanceof WitError && error.payload === "no",
  );
  assert.equal(addAll(), 253.5);
  assert.equal(note("again"), 5);
});

test("resources of the host are made, lent, handed over and dropped", () => {
  const { openAndClose, openAndDrop, seen, sizeOf, File } = instance();
  assert.equal(openAndClose("abc"), 4);
  openAndDrop("xyz");
  assert.deepEqual(seen, ["closed abc", "dropped xyz"]);
  assert.equal(sizeOf(new File("four")), 4);
});

test("a borrow that is kept traps, and ends the instance", () => {
  const { keep, alive, File } = instance();
  assert.throws(
    () => keep(new File("a")),
    (error) => error instanceof Trap && /borrow handles/.test(error.message),
  );
  assert.throws(
    () => alive(),
    (error) => error instanceof Trap && /cannot enter/.test(error.message),
  );
});

test("resources of the component are objects with methods", () => {
  const { alive, "test:host/counters": counters } = instance();
  const { Counter } = counters;
  const one = new Counter(1);
  const two = new Counter(2);
  assert.ok(one instanceof Counter);
  assert.equal(one.getValue(), 1);
  assert.equal(counters.sum(one, two), 3);
  assert.equal(counters.sum(one, one), 2);
  const merged = Counter.merge(one, two);
  assert.equal(merged.getValue(), 3);
  assert.equal(alive(), 2);
  one[Symbol.dispose]();
  one[Symbol.dispose]();
  assert.equal(alive(), 1);
  const passed = counters.pass(merged);
  assert.equal(passed.getValue(), 3);
  for (const gone of [one, two, merged]) {
    assert.throws(() => gone.getValue(), ArgumentError);
  }
  assert.equal(passed.getValue(), 3);
});

test("wrong arguments are refused before the component is called", () => {
  const { note, sizeOf, "test:host/counters": counters } = instance();
  const other = instance()["test:host/counters"];
  const counter = new counters.Counter(1);
  const wrong = [
    [() => note(1), "text: expected a string, got 1"],
    [
      () => new counters.Counter(-1),
      "value: expected an integer from 0 to 4294967295, got -1",
    ],
    [
      () => new counters.Counter(1n),
      "value: expected an integer from 0 to 4294967295, got 1n",
    ],
    [() => counters.pass(new other.Counter(1)), /of the same instance/],
    [() => counters.pass({}), /counter: expected a /],
    [() => counters.Counter.merge(counter, counter), /not given twice/],
    [() => sizeOf(counter), /file: expected a /],
  ];
  for (const [call, message] of wrong) {
    assert.throws(call, (error) => {
      assert.ok(error instanceof ArgumentError);
      assert[typeof message === "string" ? "equal" : "match"](
        error.message,
        message,
      );
      return true;
    });
  }
  assert.equal(counter.getValue(), 1);
});

test("what an import throws is thrown, and ends the instance", () => {
  const error = new RangeError("mine");
  const { callBack, alive } = instance({
    callBack: () => {
      throw error;
    },
  });
  assert.throws(callBack, (thrown) => thrown === error);
  assert.throws(alive, Trap);
});

test("a component is not entered twice", () => {
  const outer = instance({ callBack: () => assert.throws(outer_alive, Trap) });
  const outer_alive = () => outer.alive();
  outer.callBack();
  assert.equal(outer.alive(), 0);
});

test("an object that is dropped during a call is destroyed after it", () => {
  let counter;
  const outer = instance({ callBack: () => counter[Symbol.dispose]() });
  counter = new outer["test:host/counters"].Counter(1);
  assert.equal(outer.alive(), 1);
  outer.callBack();
  assert.equal(outer.alive(), 0);
});

test("wrong results of imports are named", () => {
  const { note } = instance({ log: { note: () => "one" } });
  assert.throws(
    () => note("x"),
    (error) =>
      error instanceof Trap &&
      /the result of test:host\/log@1.2.0.note.*expected an integer/.test(
        error.message,
      ),
  );
  const { note: later } = instance({ log: { note: async () => 1 } });
  assert.throws(() => later("x"), /promise/);
});

test("a trap ends one instance, not the others", () => {
  const one = instance();
  const two = instance();
  assert.throws(one.stop, Trap);
  assert.throws(one.alive, Trap);
  assert.equal(two.alive(), 0);
});

test("a resource that was in use when its instance ended can be disposed of", () => {
  const { Counter } = instance()["test:host/counters"];
  const counter = new Counter(13);
  assert.throws(() => counter.getValue(), Trap);
  assert.throws(() => counter.getValue(), Trap);
  counter[Symbol.dispose]();
});

test("missing imports are all named", () => {
  const { given } = imports();
  delete given["test:host/log@1.2.0"].note;
  delete given.callBack;
  assert.throws(
    () => instantiateDynamic(linked, given),
    (error) =>
      error instanceof LinkError &&
      /log@1.2.0.note, call-back/.test(error.message),
  );
});

test("a plan of another version is refused", () => {
  const plan = { ...linked.plan, version: 2 };
  assert.throws(
    () => instantiateDynamic({ ...linked, plan }, imports().given),
    LinkError,
  );
});

test("a forgotten object is destroyed", async () => {
  if (globalThis.gc === undefined) {
    return;
  }
  const { alive, "test:host/counters": counters } = instance();
  (() => void new counters.Counter(1))();
  for (let round = 0; round < 50 && alive() > 0; round += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(alive(), 0);
});
