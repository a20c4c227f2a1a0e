import { WitError } from "./bindings/errors.js";

class Thing {
  #number;

  /** @param {number} number */
  constructor(number) {
    this.#number = number;
  }

  number() {
    return this.#number;
  }

  static name() {
    return "a thing";
  }

  /** @param {Thing[]} things */
  static length(things) {
    return things.length;
  }

  /** @param {number} number */
  static caller(number) {
    return new Thing(number);
  }

  /** @param {Thing} thing */
  static arguments(thing) {
    return thing.number() === 0 ? undefined : thing.number();
  }

  static prototype_() {
    throw new WitError("no prototype");
  }

  static other() {
    return 7;
  }
}

/** @type {import("./bindings/exports.js").Exports} */
export default { fixed: { Thing } };
