import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { LinkError } from "../host/errors.js";
import { load } from "../host/plan.js";

const folder = mkdtempSync(join(tmpdir(), "witgen-load-"));
after(() => rmSync(folder, { recursive: true }));

const plan = JSON.stringify({
  version: 1,
  modules: [{ file: "0.core.wasm", features: [], imports: [] }],
  imports: [],
  init: [],
  trampolines: [],
  options: [],
  "resource-tables": [],
});
const header = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

/**
 * @param {string} text
 * @param {Buffer} module
 */
function loaded(text, module) {
  writeFileSync(join(folder, "plan.json"), text);
  writeFileSync(join(folder, "0.core.wasm"), module);
  return load(folder);
}

test("a plan and its module are read", async () => {
  const { modules } = await loaded(plan, header);
  assert.equal(modules.length, 1);
});

test("what is missing is named", async () => {
  await assert.rejects(load(join(folder, "missing")), {
    name: "LinkError",
    message: /\/missing\/plan.json: ENOENT/,
  });
});

test("what is damaged is named", async () => {
  for (const [text, module, file] of /** @type {const} */ ([
    ["", header, "plan.json"],
    [plan.slice(0, 40), header, "plan.json"],
    [plan, header.subarray(0, 0), "0.core.wasm"],
    [plan, header.subarray(0, 6), "0.core.wasm"],
  ])) {
    await assert.rejects(loaded(text, module), (error) => {
      assert.ok(error instanceof LinkError);
      assert.ok(error.message.includes(`/${file}: `));
      assert.ok(error.cause instanceof Error);
      return true;
    });
  }
});

test("what is no plan of this version is refused", async () => {
  for (const text of ["null", "[]", "{}", plan.replace("1", "2")]) {
    await assert.rejects(loaded(text, header), {
      name: "LinkError",
      message: /^the plan has version \S+, this host reads 1/,
    });
  }
});
