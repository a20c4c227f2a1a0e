import * as store from "./bindings/witgen/conformance/store.js";
import * as users from "./bindings/witgen/conformance/store-users.js";
import { Report } from "../report.js";

const { Counter, Gate } = store;

/** @type {import("./bindings/exports.js").Exports} */
export default {
  run(drops) {
    const report = new Report();
    const before = store.live();
    /**
     * @param {string} what
     * @param {number} wanted
     */
    const live = (what, wanted) => {
      if (drops) {
        report.same(`live after ${what}`, store.live() - before, wanted);
      }
    };
    methods(report, live);
    statics(report, live);
    gates(report, live);
    functions(report, live);
    aggregates(report, live);
    otherComponent(report, live);
    misuse(report, live);
    live("everything", 0);
    return report.lines;
  },
};

/** @typedef {(what: string, wanted: number) => void} Live */

/** @param {Report} report @param {Live} live */
function methods(report, live) {
  using counter = new Counter(7);
  live("new", 1);
  report.same("value", counter.value(), 7);
  report.same("add", counter.add(5), 12);
  report.same("checked", counter.checked(100), 112);
  report.fails("checked", "too large: 101", () => counter.checked(101));
  report.same("value", counter.value(), 112);
  counter.close();
  report.same("value after close", counter.value(), 0);
  report.same("list", counter.list(), Uint32Array.of(7, 12, 112, 0));
  using largest = new Counter(4294967295);
  report.same("value", largest.value(), 4294967295);
  live("new", 2);
}

/** @param {Report} report @param {Live} live */
function statics(report, live) {
  live("using", 0);
  using left = new Counter(3);
  const right = new Counter(4);
  using merged = Counter.merge(left, right);
  live("merge", 2);
  report.same("merge", merged.value(), 7);
  report.same("merge", left.value(), 3);
  report.throws("value after merge", "TypeError", () => right.value());
  report.throws("merge of a moved one", "TypeError", () =>
    Counter.merge(left, right),
  );
  using parsed = Counter.parse("42");
  report.same("parse", parsed.value(), 42);
  report.fails("parse", "not a number: x1", () => Counter.parse("x1"));
  live("parse", 3);
}

/** @param {Report} report @param {Live} live */
function gates(report, live) {
  report.fails("gate", "wrong key: shut", () => new Gate("shut"));
  using gate = new Gate("open");
  const even = gate.enter(new Counter(2));
  report.same("enter", even?.value(), 2);
  live("enter", 1);
  even?.[Symbol.dispose]();
  report.same("enter", gate.enter(new Counter(3)), undefined);
  live("enter", 0);
}

/** @param {Report} report @param {Live} live */
function functions(report, live) {
  using made = store.make(1000);
  report.same("make", made.value(), 1000);
  report.fails("make", "too large: 1001", () => store.make(1001));
  using other = store.make(1);
  report.same("total", store.total([made, other, made]), 2001);
  report.same("total", store.total([]), 0);
  const several = store.several(3);
  live("several", 5);
  const values = several.map(([index, counter]) => [index, counter.value()]);
  report.same("several", values, [
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  for (const [, counter] of several) {
    counter[Symbol.dispose]();
  }
  live("dispose", 2);
}

/** @param {Report} report @param {Live} live */
function aggregates(report, live) {
  const left = new Counter(1);
  const right = new Counter(2);
  const swapped = store.swap({ left, right, name: "pair" });
  report.same("swap", swapped.name, "pair");
  report.same("swap", swapped.left.value(), 2);
  report.same("swap", swapped.right.value(), 1);
  report.throws("value after swap", "TypeError", () => left.value());
  live("swap", 2);
  const one = store.pick(store.Either.two(swapped));
  report.same("pick two", one.value(), 2);
  live("pick two", 1);
  const same = store.pick({ tag: "one", val: one });
  report.same("pick one", same.value(), 2);
  live("pick one", 1);
  report.fails("pick none", "nothing to pick", () =>
    store.pick({ tag: "none" }),
  );
  same[Symbol.dispose]();
  live("dispose", 0);
}

/** @param {Report} report @param {Live} live */
function otherComponent(report, live) {
  using counter = new Counter(5);
  using other = new Counter(6);
  report.same("look", users.look(counter), 5);
  report.same("look-at-all", users.lookAtAll([other, counter]), ["6", "5"]);
  report.same("look-at-all", users.lookAtAll([]), []);
  const even = users.exchange(new Counter(8));
  report.same("exchange", even.value(), 8);
  even[Symbol.dispose]();
  const odd = failure(report, () => users.exchange(new Counter(9)));
  report.same("exchange", odd?.value(), 9);
  odd?.[Symbol.dispose]();
  live("exchange", 2);
  const [left, right] = users.unpack({
    left: new Counter(10),
    right: new Counter(11),
    name: "pair",
  });
  report.same("unpack", [left.value(), right.value()], [10, 11]);
  live("unpack", 4);
  left[Symbol.dispose]();
  right[Symbol.dispose]();
  live("dispose", 2);
}

/**
 * @param {Report} report
 * @param {() => unknown} call
 * @returns {store.Counter | undefined} The payload of the error that it throws.
 */
function failure(report, call) {
  const error = report.throws("exchange", "WitError", call);
  return error instanceof Error && "payload" in error
    ? /** @type {store.Counter} */ (error.payload)
    : undefined;
}

/** @param {Report} report @param {Live} live */
function misuse(report, live) {
  const closed = new Counter(1);
  closed[Symbol.dispose]();
  live("dispose", 0);
  closed[Symbol.dispose]();
  live("a second dispose", 0);
  report.throws("value after dispose", "TypeError", () => closed.value());
  report.throws("total after dispose", "TypeError", () =>
    store.total([closed]),
  );
  report.throws("swap of a closed one", "TypeError", () =>
    store.swap({ left: closed, right: closed, name: "" }),
  );
  const twice = new Counter(2);
  report.throws("swap of one with itself", "TypeError", () =>
    store.swap({ left: twice, right: twice, name: "" }),
  );
  // @ts-expect-error It is no counter.
  report.throws("look at a string", "TypeError", () => users.look("counter"));
  report.throws("make", "RangeError", () => store.make(-1));
  report.same("value", twice.value(), 2);
  twice[Symbol.dispose]();
}
