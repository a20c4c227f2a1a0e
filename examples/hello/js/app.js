/** @type {import("./bindings/exports.js").Exports} */
export default {
  greet: (name) => `Hello, ${name}!`,
};
