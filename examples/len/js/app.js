/** @type {import("./bindings/exports.js").Exports} */
export default {
  len: {
    // Spreading walks characters, not UTF-16 code units.
    len: (s) => [...s].length,
  },
};
