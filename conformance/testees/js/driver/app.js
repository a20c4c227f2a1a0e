import * as store from "./bindings/witgen/conformance/store.js";
import * as users from "./bindings/witgen/conformance/store-users.js";
import { fail } from "./bindings/world.js";

const { Counter, Gate } = store;

/** @type {Map<number, store.Counter>} */
const slots = new Map();

/** @param {number} slot @param {store.Counter} counter */
function put(slot, counter) {
  slots.get(slot)?.[Symbol.dispose]();
  slots.set(slot, counter);
}

/** @param {number} slot */
function at(slot) {
  const counter = slots.get(slot);
  if (counter === undefined) {
    throw new Error(`slot ${slot} is empty`);
  }
  return counter;
}

/** @param {number} slot */
function take(slot) {
  const counter = at(slot);
  slots.delete(slot);
  return counter;
}

/** @param {number} left @param {number} right @param {string} [name] */
const takePair = (left, right, name = "") => ({
  left: take(left),
  right: take(right),
  name,
});

/** @param {Uint32Array} wanted */
const all = (wanted) => Array.from(wanted, at);

/** @type {import("./bindings/exports.js").Exports} */
export default {
  steps: {
    create: (slot, start) => put(slot, new Counter(start)),
    add: (slot, number) => at(slot).add(number),
    value: (slot) => at(slot).value(),
    checked: (slot, number) => at(slot).checked(number),
    close: (slot) => at(slot).close(),
    history: (slot) => at(slot).list(),
    merge: (left, right, to) => put(to, Counter.merge(at(left), take(right))),
    parse: (text, to) => put(to, Counter.parse(text)),
    enter(key, slot) {
      using gate = new Gate(key);
      const back = gate.enter(take(slot));
      if (back !== undefined) {
        put(slot, back);
      }
      return back !== undefined;
    },
    make: (start, to) => put(to, store.make(start)),
    total: (wanted) => store.total(all(wanted)),
    swap(left, right, name) {
      const pair = store.swap(takePair(left, right, name));
      put(left, pair.left);
      put(right, pair.right);
      return pair.name;
    },
    pickOne: (slot) => put(slot, store.pick(store.Either.one(take(slot)))),
    pickTwo: (left, right) =>
      put(left, store.pick(store.Either.two(takePair(left, right)))),
    pickNone: () => store.pick({ tag: "none" })[Symbol.dispose](),
    several(count, first) {
      const made = store.several(count);
      made.forEach(([, counter], index) => put(first + index, counter));
      return Uint32Array.from(made, ([number]) => number);
    },
    look: (slot) => users.look(at(slot)),
    lookAtAll: (wanted) => users.lookAtAll(all(wanted)),
    exchange(slot) {
      try {
        put(slot, users.exchange(take(slot)));
        return true;
      } catch (error) {
        if (error instanceof Error && "payload" in error) {
          put(slot, /** @type {store.Counter} */ (error.payload));
          return false;
        }
        throw error;
      }
    },
    unpack(left, right) {
      const [first, second] = users.unpack(takePair(left, right));
      put(left, first);
      put(right, second);
    },
    release: (slot) => take(slot)[Symbol.dispose](),
    live: store.live,
    crash: (message) => fail(message),
  },
};
