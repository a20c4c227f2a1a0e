/** A drawer that is empty at first. */
function drawer() {
  /** @type {import("./bindings/exports/left.js").Thing | undefined} */
  let kept;
  return {
    /** @param {import("./bindings/exports/left.js").Thing} thing */
    put(thing) {
      const before = kept;
      kept = thing;
      return before;
    },
    take() {
      const before = kept;
      kept = undefined;
      return before;
    },
  };
}

/** @type {import("./bindings/exports.js").Exports} */
export default { left: drawer(), right: drawer() };
