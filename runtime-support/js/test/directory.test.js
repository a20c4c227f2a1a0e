import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { Directory } from "../host/node/directory.js";

const root = mkdtempSync(join(tmpdir(), "witgen-"));
after(() => rmSync(root, { recursive: true }));

mkdirSync(join(root, "granted/sub/deep"), { recursive: true });
mkdirSync(join(root, "secret"));
writeFileSync(join(root, "granted/a.txt"), "a");
writeFileSync(join(root, "granted/sub/b.txt"), "b");
writeFileSync(join(root, "secret/c.txt"), "c");
symlinkSync("../a.txt", join(root, "granted/sub/up-to-a"));
symlinkSync("sub", join(root, "granted/to-sub"));
symlinkSync("../secret", join(root, "granted/to-secret"));
symlinkSync("sub/../../secret/c.txt", join(root, "granted/winding"));
symlinkSync(join(root, "granted/a.txt"), join(root, "granted/absolute"));
symlinkSync("round", join(root, "granted/round"));

const granted = Directory.open(join(root, "granted"));

/** @param {string} path */
const read = (path) =>
  granted.within(path, true, (location) => readFileSync(location, "utf8"));

test("paths inside are found, through links and dots", () => {
  assert.equal(read("a.txt"), "a");
  assert.equal(read("./sub//b.txt"), "b");
  assert.equal(read("sub/deep/../b.txt"), "b");
  assert.equal(read("sub/up-to-a"), "a");
  assert.equal(read("to-sub/b.txt"), "b");
  assert.equal(read("to-sub/../a.txt"), "a");
});

test("no path leads out", () => {
  for (const path of [
    "..",
    "../secret/c.txt",
    "sub/../../secret/c.txt",
    "/etc/passwd",
    "to-secret/c.txt",
    "to-secret/../secret/c.txt",
    "winding",
    "absolute",
  ]) {
    assert.throws(() => read(path), { payload: "not-permitted" }, path);
  }
});

test("what is no path has the error of its kind", () => {
  assert.throws(() => read(""), { payload: "no-entry" });
  assert.throws(() => read("missing"), { payload: "no-entry" });
  assert.throws(() => read("a.txt/b"), { payload: "not-directory" });
  assert.throws(() => read("a.txt/"), { payload: "not-directory" });
  assert.throws(() => read("round"), { payload: "loop" });
  assert.throws(() => read("a\0b"), { payload: "invalid" });
});

test("a link that is put in the way later is not followed", () => {
  mkdirSync(join(root, "granted/swapped"));
  writeFileSync(join(root, "granted/swapped/c.txt"), "mine");
  const text = granted.within("swapped/c.txt", true, (location) => {
    renameSync(join(root, "granted/swapped"), join(root, "granted/old"));
    symlinkSync("../secret", join(root, "granted/swapped"));
    return readFileSync(location, "utf8");
  });
  assert.equal(text, process.platform === "linux" ? "mine" : "c");
});
