// Uses the resources of a store that is a component, rightly and wrongly.

import {
  ArgumentError,
  LinkError,
  WitError,
  instantiate,
  load,
} from "./bindings/index.js";
import { wasi } from "./bindings/wasi.js";

/**
 * @param {string} what
 * @param {unknown} got
 * @param {unknown} wanted
 */
function same(what, got, wanted) {
  const [left, right] = [got, wanted].map((value) => JSON.stringify(value));
  if (left !== right) {
    console.log(`${what}: got ${left}, wanted ${right}`);
  }
}

/**
 * @param {string} what
 * @param {new (...args: never[]) => Error} kind
 * @param {string} words
 * @param {() => unknown} call
 */
function throws(what, kind, words, call) {
  try {
    console.log(`${what}: got ${call()}, wanted ${kind.name}`);
  } catch (error) {
    if (!(error instanceof kind) || !error.message.includes(words)) {
      console.log(`${what}: ${error} is no ${kind.name} with ${words}`);
    }
  }
}

const linked = await load(process.argv[2] ?? "");
const options = { interfaces: wasi() };
/** The world uses a type of this interface, and the component none of its functions. @type {any} */
const unused = {};
const imports = { records: unused };
const app = instantiate(linked, imports, options);
const other = instantiate(linked, imports, options);
const { Counter, Gate, ...store } = app.store;

const counter = new Counter(3);
same("class", counter instanceof Counter, true);
same("class of the other", counter instanceof other.store.Counter, false);
same("value", counter.value(), 3);
same("add", counter.add(4), 7);
same("checked", counter.checked(1), 8);
throws("checked", WitError, "too large: 101", () => counter.checked(101));
throws("range", ArgumentError, "counter.add: number: expected", () =>
  counter.add(-1),
);
same("list", [...counter.list()], [3, 7, 8]);
same("parse", Counter.parse("12").value(), 12);
throws("parse", WitError, "not a number: x", () => Counter.parse("x"));
same("merge", Counter.merge(counter, new Counter(2)).value(), 10);
const gate = new Gate("open");
throws("gate", WitError, "wrong key: shut", () => new Gate("shut"));
same("enter", gate.enter(new Counter(2))?.value(), 2);
same("enter", gate.enter(new Counter(1)), undefined);
const pair = store.swap({
  left: new Counter(1),
  right: new Counter(2),
  name: "both",
});
same(
  "swap",
  [pair.left.value(), pair.right.value(), pair.name],
  [2, 1, "both"],
);
same("total", store.total([counter, pair.left, pair.right]), 11);
same("pick", store.pick({ tag: "one", val: store.make(5) }).value(), 5);
throws("pick", WitError, "nothing to pick", () => store.pick({ tag: "none" }));
const numbers = store.several(3).map(([index, one]) => [index, one.value()]);
same("several", numbers, [
  [0, 0],
  [1, 1],
  [2, 2],
]);

const moved = new Counter(1);
store.pick({ tag: "one", val: moved });
throws("moved", ArgumentError, "handed on before", () => moved.value());
throws("twice", ArgumentError, "given twice", () =>
  store.swap({ left: counter, right: counter, name: "" }),
);
throws("of the other", ArgumentError, "same instance", () =>
  other.store.total([counter]),
);
throws("another class", ArgumentError, "a Gate", () =>
  Gate.prototype.enter.call(counter, new Counter(2)),
);
counter[Symbol.dispose]();
counter[Symbol.dispose]();
throws("disposed", ArgumentError, "not disposed of", () => counter.value());

throws("extra imports", LinkError, "the world has no import `loger`", () =>
  instantiate(linked, /** @type {any} */ ({ ...imports, loger: {} }), options),
);
console.log("done");
