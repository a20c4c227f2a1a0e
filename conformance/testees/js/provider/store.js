import { WitError } from "./bindings/errors.js";

let live = 0;

/** Counts, and remembers what it counted. */
class Counter {
  /** @type {number[]} */
  #values;

  /** @param {number} start */
  constructor(start) {
    this.#values = [start];
    live += 1;
  }

  /**
   * @param {Counter} left
   * @param {Counter} right It is ours from here on.
   */
  static merge(left, right) {
    using gone = right;
    return new Counter(left.value() + gone.value());
  }

  /** @param {string} text */
  static parse(text) {
    if (!/^\d+$/u.test(text)) {
      throw new WitError(`not a number: ${text}`);
    }
    return new Counter(Number(text));
  }

  /** @param {number} number */
  add(number) {
    const value = this.value() + number;
    this.#values.push(value);
    return value;
  }

  value() {
    return this.#values.at(-1) ?? 0;
  }

  /** @param {number} number */
  checked(number) {
    if (number > 100) {
      throw new WitError(`too large: ${number}`);
    }
    return this.add(number);
  }

  close() {
    this.#values.push(0);
  }

  list() {
    return this.#values;
  }

  [Symbol.dispose]() {
    live -= 1;
  }
}

/** Made only with the key `open`. */
class Gate {
  /** @param {string} key */
  constructor(key) {
    if (key !== "open") {
      throw new WitError(`wrong key: ${key}`);
    }
  }

  /** @param {import("./bindings/exports/witgen/conformance/store.js").Counter} visitor */
  enter(visitor) {
    if (visitor.value() % 2 === 0) {
      return visitor;
    }
    visitor[Symbol.dispose]?.();
    return undefined;
  }
}

/** @type {import("./bindings/exports.js").Store} */
export const store = {
  Counter,
  Gate,
  make(start) {
    if (start > 1000) {
      throw new WitError(`too large: ${start}`);
    }
    return new Counter(start);
  },
  total: (counters) =>
    counters.reduce((sum, counter) => sum + counter.value(), 0),
  swap: ({ left, right, name }) => ({ left: right, right: left, name }),
  pick(either) {
    switch (either.tag) {
      case "one":
        return either.val;
      case "two":
        either.val.right[Symbol.dispose]?.();
        return either.val.left;
      case "none":
        throw new WitError("nothing to pick");
    }
  },
  several: (count) =>
    Array.from({ length: count }, (_, index) => [index, new Counter(index)]),
  live: () => live,
};
