/** @type {import("./bindings/exports.js").Exports} */
export default {
  operations: {
    // Spreading walks characters, not UTF-16 code units.
    reverse: (s) => [...s].reverse().join(""),
    wordCount: (s) => s.split(/\s+/u).filter(Boolean).length,
  },
};
