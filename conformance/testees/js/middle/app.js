import { WitError } from "./bindings/errors.js";

/** @type {import("./bindings/exports.js").Exports} */
export default {
  storeUsers: {
    look: (counter) => counter.value(),
    lookAtAll: (counters) => counters.map((counter) => String(counter.value())),
    exchange(counter) {
      if (counter.value() % 2 !== 0) {
        throw new WitError(counter);
      }
      return counter;
    },
    unpack: ({ left, right }) => [left, right],
  },
};
