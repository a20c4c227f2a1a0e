// Answers requests by a component, and asks.

import assert from "node:assert/strict";
import { createServer } from "node:http";

import { load } from "./bindings/index.js";
import { requestListener } from "./bindings/node.js";

/** @type {string[]} */
const failures = [];
const listener = requestListener(await load(process.argv[2] ?? ""), {
  grants: { random: { allow: true }, limits: { deadline: "400ms" } },
  mostBody: 100_000,
  failed: (error) => failures.push(String(error)),
});
const server = createServer(listener);
await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(0)));
const { port } = /** @type {import("node:net").AddressInfo} */ (
  server.address()
);

/**
 * @param {string} path
 * @param {string} [body]
 */
async function ask(path, body) {
  const init = body === undefined ? {} : { method: "POST", body };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  return `${response.status} ${await response.text()}`;
}

assert.equal(await ask("/count"), "200 1");
assert.equal(await ask("/count"), "200 2");
const text = "a long body\n".repeat(8000);
assert.equal(await ask("/echo", text), `200 ${text}`);
assert.equal(await ask("/echo", text + text), "413 ");
assert.equal(await ask("/unknown"), "400 no such verb");
assert.deepEqual(failures, []);

assert.equal(await ask("/trap"), "500 ");
assert.equal(await ask("/count"), "200 1");
assert.equal(await ask("/silent"), "500 ");
assert.equal(await ask("/work"), "500 ");
assert.equal(await ask("/count"), "200 1");
assert.match(failures[0] ?? "", /^Trap: unreachable/);
assert.match(failures[1] ?? "", /no response/);
assert.match(
  failures[2] ?? "",
  /^Trap: .*`limits.deadline` grants, which is 400ms/,
);

server.closeAllConnections();
server.close();
console.log("done");
