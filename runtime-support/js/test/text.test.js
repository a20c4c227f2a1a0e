// Strings that Node decodes by way of UTF-16 are those that its `TextDecoder` gives.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decoder } from "../host/node/text.js";

const plain = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encode = (/** @type {string} */ text) => new TextEncoder().encode(text);

test("texts of every kind and length", () => {
  for (const unit of ["a", "é", "€", "𝄞", "\ufeff", "aé€𝄞\0", "\u{10ffff}"]) {
    for (const count of [0, 1, 200, 999, 1000, 1001, 70_000]) {
      const text = unit.repeat(count);
      assert.equal(decoder.decode(encode(text)), text, `${count} of ${unit}`);
    }
  }
});

test("bytes that are no text", () => {
  const long = "é".repeat(1000);
  for (const wrong of [
    [0xff],
    [0xc3],
    [0xed, 0xa0, 0x80],
    [0xf5, 0x80],
    [0x80],
  ]) {
    const bytes = Uint8Array.from([...encode(long), ...wrong]);
    assert.throws(() => decoder.decode(bytes), TypeError);
    assert.throws(() => plain.decode(bytes), TypeError);
  }
});

test("a part of a memory", () => {
  const memory = new Uint8Array(10_000).fill(0xff);
  const bytes = encode("ü".repeat(1500));
  memory.set(bytes, 17);
  const part = memory.subarray(17, 17 + bytes.length);
  assert.equal(decoder.decode(part), plain.decode(part));
});
