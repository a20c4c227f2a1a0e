import {
  reverse,
  wordCount,
} from "./bindings/example/stringoperations/operations.js";

const TEXT = "Hello WebAssembly Component Model";

/** @type {import("./bindings/exports.js").Exports} */
export default {
  run: {
    run() {
      console.log(`Original: ${TEXT}`);
      console.log(`Reversed: ${reverse(TEXT)}`);
      console.log(`Words: ${wordCount(TEXT)}`);
    },
  },
};
