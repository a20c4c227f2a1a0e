import * as fixed from "./bindings/witgen/torture/fixed.js";

class Thing {
  /** @param {number | fixed.Thing} inner */
  constructor(inner) {
    this.inner = typeof inner === "number" ? new fixed.Thing(inner) : inner;
  }

  number() {
    return this.inner.number();
  }

  static name() {
    return fixed.Thing.name();
  }

  /** @param {Thing[]} things */
  static length(things) {
    return fixed.Thing.length(things.map((thing) => thing.inner));
  }

  /** @param {number} number */
  static caller(number) {
    return new Thing(fixed.Thing.caller(number));
  }

  /** @param {Thing} thing */
  static arguments(thing) {
    return fixed.Thing.arguments(thing.inner);
  }

  static prototype_() {
    fixed.Thing.prototype_();
  }

  static other() {
    return fixed.Thing.other();
  }
}

/** @type {import("./bindings/exports.js").Exports} */
export default { fixed: { Thing } };
