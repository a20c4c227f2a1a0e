import * as records from "./bindings/witgen/conformance/records.js";
import * as store from "./bindings/witgen/conformance/store.js";

/** @import * as exported from "./bindings/exports/witgen/conformance/store.js" */

/** Stands for a counter of the import. */
class Counter {
  /** @param {number | store.Counter} start */
  constructor(start) {
    this.inner = typeof start === "number" ? new store.Counter(start) : start;
  }

  /**
   * @param {Counter} left
   * @param {Counter} right
   */
  static merge(left, right) {
    return new Counter(store.Counter.merge(left.inner, right.inner));
  }

  /** @param {string} text */
  static parse(text) {
    return new Counter(store.Counter.parse(text));
  }

  /** @param {number} number */
  add(number) {
    return this.inner.add(number);
  }

  value() {
    return this.inner.value();
  }

  /** @param {number} number */
  checked(number) {
    return this.inner.checked(number);
  }

  close() {
    this.inner.close();
  }

  list() {
    return this.inner.list();
  }

  [Symbol.dispose]() {
    this.inner[Symbol.dispose]();
  }
}

/** Stands for a gate of the import. */
class Gate {
  #inner;

  /** @param {string} key */
  constructor(key) {
    this.#inner = new store.Gate(key);
  }

  /** @param {exported.Counter} visitor */
  enter(visitor) {
    const entered = this.#inner.enter(innerOf(visitor));
    return entered && new Counter(entered);
  }

  [Symbol.dispose]() {
    this.#inner[Symbol.dispose]();
  }
}

/**
 * @param {exported.Counter} counter
 * @returns {store.Counter}
 */
function innerOf(counter) {
  return /** @type {Counter} */ (counter).inner;
}

/**
 * @param {exported.Pair} pair
 * @returns {store.Pair}
 */
function innerPair({ left, right, name }) {
  return { left: innerOf(left), right: innerOf(right), name };
}

/**
 * @param {exported.Either} either
 * @returns {store.Either}
 */
function innerEither(either) {
  switch (either.tag) {
    case "one":
      return store.Either.one(innerOf(either.val));
    case "two":
      return store.Either.two(innerPair(either.val));
    case "none":
      return store.Either.none();
  }
}

/** @type {import("./bindings/exports.js").Exports} */
export default {
  records,
  store: {
    Counter,
    Gate,
    make: (start) => new Counter(store.make(start)),
    total: (counters) => store.total(counters.map(innerOf)),
    swap(pair) {
      const { left, right, name } = store.swap(innerPair(pair));
      return { left: new Counter(left), right: new Counter(right), name };
    },
    pick: (either) => new Counter(store.pick(innerEither(either))),
    several: (count) =>
      store
        .several(count)
        .map(([index, counter]) => [index, new Counter(counter)]),
    live: () => store.live(),
  },
};
