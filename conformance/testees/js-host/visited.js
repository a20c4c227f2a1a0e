// Implements the store and its users for a visitor, which is a component.

import { WitError, instantiate } from "./bindings/index.js";
import { wasi } from "./bindings/wasi.js";

let live = 0;

class Counter {
  /** @param {number} start */
  constructor(start) {
    this.history = [start];
    live += 1;
  }

  /** @param {number} number */
  add(number) {
    this.history.push(this.value() + number);
    return this.value();
  }

  value() {
    return this.history[this.history.length - 1] ?? 0;
  }

  /** @param {number} number */
  checked(number) {
    if (number > 100) {
      throw new WitError(`too large: ${number}`);
    }
    return this.add(number);
  }

  /**
   * @param {import("./bindings/witgen/conformance/store.js").Counter} left
   * @param {import("./bindings/witgen/conformance/store.js").Counter} right
   */
  static merge(left, right) {
    const sum = new Counter(left.value() + right.value());
    right[Symbol.dispose]?.();
    return sum;
  }

  /** @param {string} text */
  static parse(text) {
    if (!/^\d+$/.test(text)) {
      throw new WitError(`not a number: ${text}`);
    }
    return new Counter(Number(text));
  }

  close() {
    this.history.push(0);
  }

  list() {
    return this.history;
  }

  [Symbol.dispose]() {
    live -= 1;
  }
}

class Gate {
  /** @param {string} key */
  constructor(key) {
    if (key !== "open") {
      throw new WitError(`wrong key: ${key}`);
    }
  }

  /** @param {import("./bindings/witgen/conformance/store.js").Counter} visitor */
  enter(visitor) {
    if (visitor.value() % 2 === 0) {
      return visitor;
    }
    visitor[Symbol.dispose]?.();
    return undefined;
  }
}

/** @type {import("./bindings/index.js").Imports} */
const imports = {
  store: {
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
      Array.from({ length: count }, (_, number) => [
        number,
        new Counter(number),
      ]),
    live: () => live,
  },
  storeUsers: {
    look: (counter) => counter.value(),
    lookAtAll: (counters) => counters.map((counter) => String(counter.value())),
    exchange(counter) {
      if (counter.value() % 2 === 1) {
        throw new WitError(counter);
      }
      return counter;
    },
    unpack: ({ left, right }) => [left, right],
  },
};

const app = await instantiate(process.argv[2] ?? "", imports, {
  interfaces: wasi(),
});
console.log(JSON.stringify(app.run(true)));
// Nothing is left of an earlier visit.
console.log(JSON.stringify(app.run(true)));
console.log(live);
