// Calls the component of `process-data`, whatever language it was written in.

import { instantiate } from "./bindings/index.js";
import { wasi } from "./bindings/wasi.js";

/** @param {string} folder What `witgen link` made of the component. */
async function main(folder) {
  const app = await instantiate(folder, {}, { interfaces: wasi() });
  for (const text of ["one two  three\nfour", "", "naïve 🦀"]) {
    console.log(app.processData(text));
  }
}

await main(process.argv[2] ?? "");
