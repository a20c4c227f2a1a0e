import { Thing } from "./bindings/witgen/torture/fixed.js";

/** @type {import("./bindings/exports.js").Exports} */
export default {
  run() {
    /** @type {string[]} */
    const lines = [];
    /** @type {(what: string, got: unknown, wanted: unknown) => void} */
    const same = (what, got, wanted) => {
      if (got !== wanted) {
        lines.push(`${what}: ${String(got)}, not ${String(wanted)}`);
      }
    };
    const thing = Thing.caller(3);
    same("caller", thing.number(), 3);
    same("instanceof", thing instanceof Thing, true);
    same("name", Thing.name(), "a thing");
    same("arguments", Thing.arguments(thing), 3);
    same("arguments of 0", Thing.arguments(new Thing(0)), undefined);
    same("length", Thing.length([thing, new Thing(1)]), 2);
    try {
      Thing.prototype_();
      same("prototype", "returned", "thrown");
    } catch (error) {
      same("prototype", /** @type {any} */ (error).payload, "no prototype");
    }
    same("other", Thing.other(), 7);
    return lines;
  },
};
