// Calls jco's transpiler: the folder of its packages, a component, the folder to write to.

import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [peers, component, out] = process.argv.slice(2);
const entry = join(
  peers,
  "node_modules/@bytecodealliance/jco-transpile/dist/index.js",
);
const { transpile } = await import(pathToFileURL(entry));
const { files } = await transpile(component, {
  name: basename(component, ".wasm"),
  instantiation: "sync",
});
for (const [name, bytes] of Object.entries(files)) {
  mkdirSync(dirname(join(out, name)), { recursive: true });
  writeFileSync(join(out, name), bytes);
}
