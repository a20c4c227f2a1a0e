// Runs a component of the examples as somebody would who knows jco and nothing of witgen.
//
// Its arguments are the folder of jco's packages, the component, a folder to write to, what to do with it, and for a
// command the folder that it reads.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const [peers, component, out, story, texts] = process.argv.slice(2);
const packages = join(peers, "node_modules/@bytecodealliance");
const load = (path) => import(pathToFileURL(path));

const { transpile } = await load(join(packages, "jco-transpile/dist/index.js"));
const { WASIShim } = await load(
  join(packages, "preview2-shim/dist/common/instantiation.js"),
);

const { files } = await transpile(component, {
  name: "component",
  instantiation: "async",
});
files["package.json"] = '{ "type": "module" }\n';
for (const [name, content] of Object.entries(files)) {
  mkdirSync(dirname(join(out, name)), { recursive: true });
  writeFileSync(join(out, name), content);
}
const { instantiate } = await load(join(out, "component.js"));

const preopens = texts === undefined ? {} : { "/texts": texts };
const sandbox = { preopens, env: { TITLE: "Texts" } };
const lines = [];
const instance = await instantiate(
  (name) => WebAssembly.compile(readFileSync(join(out, name))),
  {
    ...new WASIShim({ sandbox }).getImportObject(),
    "example:plugins/logger": { log: (message) => console.log(message) },
    "wasi:logging/logging": {
      log: (level, context, message) => lines.push([level, context, message]),
    },
  },
);

const stories = {
  plugin() {
    const image = Uint8Array.of(0, 50, 100, 150, 200, 250);
    const { filter } = instance.filters;
    console.log(filter(image, { width: 3, strength: 100 }).join(" "));
    try {
      filter(image, { width: 4, strength: 0 });
    } catch (error) {
      console.log(error.tag, error.val);
    }
  },
  command() {
    instance.run.run();
  },
  async server() {
    const { HTTPServer } = await load(
      join(packages, "preview2-shim/dist/nodejs/http.js"),
    );
    const server = new HTTPServer(instance.incomingHandler);
    server.listen(0, "127.0.0.1");
    const { port } = server.address();
    const answer = await fetch(`http://127.0.0.1:${port}/some/path?query`);
    console.log(answer.status, (await answer.text()).trim());
    console.log(...lines.flat());
    server.stop();
  },
};
await stories[story]();
// The threads of the shim would go on.
process.exit();
