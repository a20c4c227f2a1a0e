import { log } from "./bindings/jacar/examples/logger.js";

/** @type {import("./bindings/exports.js").Exports} */
export default {
  run() {
    log("starting");
    log("done");
  },
};
