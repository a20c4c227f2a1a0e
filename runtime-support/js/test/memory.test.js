import assert from "node:assert/strict";
import { test } from "node:test";

import { MemoryFiles } from "../host/memory.js";
import { wasi } from "../host/wasi.js";

const text = (/** @type {Uint8Array | undefined} */ bytes) =>
  new TextDecoder().decode(bytes);

/** What a component gets for `/`. @param {MemoryFiles} files */
function rootOf(files) {
  /** @type {any} */
  const preopens = wasi({ files })["wasi:filesystem/preopens"];
  const [[root, name]] = preopens.getDirectories();
  assert.equal(name, "/");
  return root;
}

/** @param {any} stream */
function names(stream) {
  const found = [];
  for (;;) {
    const entry = stream.readDirectoryEntry();
    if (entry === undefined) {
      return found.sort();
    }
    found.push(`${entry.name} ${entry.type}`);
  }
}

const READ = { read: true };
const WRITE = { read: true, write: true };

test("the program and the component see the same files", () => {
  const files = new MemoryFiles({ "/in/a.txt": "abc" });
  const root = rootOf(files);
  const a = root.openAt({}, "in/a.txt", {}, READ);
  assert.deepEqual(a.read(2n, 1n), [new TextEncoder().encode("bc"), false]);
  assert.deepEqual(a.read(2n, 3n), [new Uint8Array(), true]);
  assert.equal(a.stat().size, 3n);
  root.createDirectoryAt("out");
  const b = root.openAt({}, "out/b.txt", { create: true }, WRITE);
  b.writeViaStream(0n).write(new TextEncoder().encode("one "));
  b.appendViaStream().write(new TextEncoder().encode("two"));
  assert.equal(b.write(new TextEncoder().encode("ONE"), 0n), 3n);
  assert.equal(text(files.read("/out/b.txt")), "ONE two");
  assert.deepEqual(files.paths(), ["/in/a.txt", "/out/b.txt"]);
  assert.deepEqual(names(root.readDirectory()), [
    "in directory",
    "out directory",
  ]);
  files.write("/in/a.txt", "changed");
  const again = root.openAt({}, "in/a.txt", {}, READ);
  assert.equal(text(again.readViaStream(0n).read(100n)), "changed");
});

test("files are cut, filled with zeros, moved and removed", () => {
  const files = new MemoryFiles({ "/a": "abc", "/d/e": "" });
  const root = rootOf(files);
  const a = root.openAt({}, "a", {}, WRITE);
  a.setSize(1n);
  a.setSize(3n);
  assert.deepEqual(files.read("/a"), Uint8Array.of(97, 0, 0));
  root.renameAt("a", root, "d/b");
  assert.deepEqual(files.paths(), ["/d/e", "/d/b"]);
  root.openAt({}, "d/b", { truncate: true }, WRITE);
  assert.deepEqual(files.read("/d/b"), new Uint8Array());
  assert.throws(() => root.removeDirectoryAt("d"), { payload: "not-empty" });
  root.unlinkFileAt("d/b");
  root.unlinkFileAt("d/e");
  root.removeDirectoryAt("d");
  assert.deepEqual(files.paths(), []);
});

test("what cannot be has the error of its kind", () => {
  const root = rootOf(new MemoryFiles({ "/a": "", "/d/e/f": "" }));
  /** @type {[() => unknown, string][]} */
  const errors = [
    [() => root.openAt({}, "b", {}, READ), "no-entry"],
    [() => root.openAt({}, "b/c", { create: true }, WRITE), "no-entry"],
    [() => root.openAt({}, "a/b", {}, READ), "not-directory"],
    [() => root.openAt({}, "a", { directory: true }, READ), "not-directory"],
    [() => root.openAt({}, "d", {}, WRITE), "is-directory"],
    [
      () => root.openAt({}, "a", { create: true, exclusive: true }, WRITE),
      "exist",
    ],
    [() => root.openAt({}, "../a", {}, READ), "not-permitted"],
    [() => root.openAt({}, "/a", {}, READ), "not-permitted"],
    [() => root.createDirectoryAt("d"), "exist"],
    [() => root.unlinkFileAt("d"), "is-directory"],
    [() => root.removeDirectoryAt("a"), "not-directory"],
    [() => root.renameAt("d", root, "d/e/g"), "invalid"],
    [() => root.symlinkAt("a", "l"), "unsupported"],
    [
      () => root.openAt({}, "a", {}, WRITE).setSize(2n ** 40n),
      "file-too-large",
    ],
  ];
  for (const [act, payload] of errors) {
    assert.throws(act, { payload }, String(act));
  }
});
