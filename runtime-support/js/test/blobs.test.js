import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Trap, WitError } from "../host/errors.js";
import { blobstore } from "../host/node/blobs.js";
import { grantsOf } from "../host/node/grants.js";
import { Monitor } from "../host/node/monitor.js";

/**
 * @param {string} [root]
 * @returns {any}
 */
function store(root) {
  const grants = grantsOf(root === undefined ? {} : { blobstore: { root } });
  const monitor = new Monitor();
  monitor.denied = () => {};
  const found = blobstore(grants, monitor);
  return {
    ...found["wasi:blobstore/blobstore"],
    ...found["wasi:blobstore/container"],
    ...found["wasi:blobstore/types"],
  };
}

/** @param {import("node:test").TestContext} context */
function folder(context) {
  const root = fs.mkdtempSync(join(os.tmpdir(), "witgen-blobs-"));
  context.after(() => fs.rmSync(root, { recursive: true }));
  return root;
}

/**
 * @param {any} api
 * @param {any} container
 * @param {string} name
 * @param {string} text
 */
function put({ OutgoingValue }, container, name, text) {
  const value = OutgoingValue.newOutgoingValue();
  const body = value.outgoingValueWriteBody();
  body.blockingWriteAndFlush(new TextEncoder().encode(text));
  container.writeData(name, value);
  OutgoingValue.finish(value);
}

/**
 * @param {any} api
 * @param {any} container
 * @param {string} name
 * @param {bigint} [start]
 * @param {bigint} [end]
 */
function get(api, container, name, start = 0n, end = 2n ** 64n - 1n) {
  const value = container.getData(name, start, end);
  const size = value.size();
  const bytes = api.IncomingValue.incomingValueConsumeSync(value);
  assert.equal(bytes.length, Number(size));
  return new TextDecoder().decode(bytes);
}

/**
 * @param {string | RegExp} payload
 * @param {() => void} use
 */
function fails(payload, use) {
  assert.throws(use, (error) => {
    assert.ok(error instanceof WitError);
    assert.match(String(error.payload), new RegExp(payload));
    return true;
  });
}

test("objects are kept, listed, copied, moved and removed", (context) => {
  const root = folder(context);
  const api = store(root);
  const container = api.createContainer("a/b");
  fails("there is a container `a/b` already", () => api.createContainer("a/b"));
  const names = ["", "%", "..", "../../x", "naïve 🦀", ".hidden", "a.txt"];
  names.forEach((name) => put(api, container, name, `<${name}>`));
  put(api, container, "a.txt", "hello");
  const listed = container.listObjects();
  const [first, isEnd] = listed.readStreamObjectNames(2n);
  assert.equal(isEnd, false);
  assert.deepEqual(listed.skipStreamObjectNames(3n), [3n, false]);
  const [rest, isAll] = listed.readStreamObjectNames(9n);
  assert.equal(isAll, true);
  assert.equal(first.length + rest.length, names.length - 3);
  names
    .slice(0, -1)
    .forEach((name) =>
      assert.equal(get(api, container, name), `<${name}>`, name),
    );
  assert.equal(get(api, container, "a.txt", 1n, 3n), "ell");
  assert.equal(get(api, container, "a.txt", 9n, 12n), "");
  fails("the range from 3 to 1 is empty", () =>
    container.getData("a.txt", 3n, 1n),
  );

  const other = api.createContainer("other");
  const place = (/** @type {string} */ container) => {
    return { container, object: "a.txt" };
  };
  api.copyObject(place("a/b"), place("other"));
  api.moveObject(place("other"), place("other"));
  assert.equal(get(api, other, "a.txt"), "hello");
  api.moveObject(place("other"), { container: "other", object: "b" });
  assert.equal(other.hasObject("a.txt"), false);
  const { createdAt, ...info } = other.objectInfo("b");
  assert.deepEqual(info, { name: "b", container: "other", size: 5n });
  assert.ok(createdAt > 1_600_000_000n);

  other.deleteObjects(["b", "none"]);
  fails("there is no object `b` in `other`", () => other.objectInfo("b"));
  container.clear();
  assert.deepEqual(container.listObjects().readStreamObjectNames(1n), [
    [],
    true,
  ]);
  api.deleteContainer("a/b");
  assert.equal(api.containerExists("a/b"), false);
  fails("there is no container `a/b`", () => api.getContainer("a/b"));
  fails("there is no container `a/b`", () => put(api, container, "x", "y"));
  assert.deepEqual(fs.readdirSync(root), ["other"]);
});

test("an object is replaced at once, and read to its end by those who opened it", (context) => {
  const root = folder(context);
  const api = store(root);
  const container = api.createContainer("c");
  put(api, container, "x", "old");
  const open = container.getData("x", 0n, 99n);
  const value = api.OutgoingValue.newOutgoingValue();
  const body = value.outgoingValueWriteBody();
  body.write(new TextEncoder().encode("new"));
  container.writeData("x", value);
  fails("written to another object already", () =>
    container.writeData("y", value),
  );
  assert.equal(get(api, container, "x"), "old");
  api.OutgoingValue.finish(value);
  assert.throws(() => body.checkWrite(), { payload: { tag: "closed" } });
  assert.equal(get(api, container, "x"), "new");
  const stream = api.IncomingValue.incomingValueConsumeAsync(open);
  assert.equal(new TextDecoder().decode(stream.read(99n)), "old");
  assert.throws(() => stream.read(1n), { payload: { tag: "closed" } });
  stream[Symbol.dispose]();

  const forgotten = api.OutgoingValue.newOutgoingValue();
  fails("was not written to an object", () =>
    api.OutgoingValue.finish(forgotten),
  );
  api.OutgoingValue.newOutgoingValue()[Symbol.dispose]();
  assert.deepEqual(fs.readdirSync(root), ["c"]);
});

test("links are not followed, and what others put there is no object", (context) => {
  const root = folder(context);
  const api = store(root);
  const container = api.createContainer("c");
  fs.writeFileSync(join(root, "secret"), "secret");
  fs.symlinkSync("../secret", join(root, "c", "link"));
  fs.symlinkSync(os.tmpdir(), join(root, "way"));
  fs.writeFileSync(join(root, "c", "a b"), "");
  fails("there is no object `link`", () => container.getData("link", 0n, 9n));
  fails("there is no container `way`", () => api.getContainer("way"));
  fails("there is no container `secret`", () => api.getContainer("secret"));
  api.deleteContainer("way");
  api.deleteContainer("secret");
  put(api, container, "link", "text");
  assert.equal(fs.readFileSync(join(root, "secret"), "utf8"), "secret");
  assert.ok(fs.existsSync(os.tmpdir()));
  assert.deepEqual(container.listObjects().names, ["link"]);
  fails("the name is too long", () => container.hasObject("ä".repeat(50)));
});

test("without a grant there are no blobs, and the directory must be there", (context) => {
  const api = store();
  fails("access denied", () => api.createContainer("c"));
  fails("access denied", () => api.containerExists("c"));
  assert.throws(() => api.OutgoingValue.newOutgoingValue(), Trap);
  const root = join(folder(context), "none");
  assert.throws(() => store(root), /`blobstore.root`, and must be a directory/);
});
