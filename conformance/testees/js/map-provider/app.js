/** @type {import("./bindings/exports.js").Exports} */
export default {
  maps: {
    echoMap: (value) => value,
    echoScores: (value) => value,
    echoNested: (value) => value,
  },
};
