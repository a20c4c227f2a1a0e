/** @type {import("./bindings/exports.js").Exports} */
export default {
  processData(input) {
    const words = input.split(/\s+/u).filter(Boolean);
    return `Processed ${words.length} words`;
  },
};
