import assert from "node:assert/strict";
import { test } from "node:test";

import { installConsole, utf8 } from "../guest/console.js";

/**
 * A stream that keeps what is written.
 *
 * @returns {{ open: () => any, text: () => string, opened: () => number }}
 */
function stream() {
  /** @type {Uint8Array[]} */
  const chunks = [];
  let opened = 0;
  const open = () => {
    opened += 1;
    return {
      blockingWriteAndFlush: (/** @type {Uint8Array} */ bytes) => {
        assert.ok(bytes.length <= 4096);
        chunks.push(bytes);
      },
      [Symbol.dispose]: () => {
        opened -= 1;
      },
    };
  };
  return {
    open,
    text: () => Buffer.concat(chunks).toString(),
    opened: () => opened,
  };
}

test("the console writes lines to the two streams and keeps neither open", (context) => {
  const before = globalThis.console;
  context.after(() => {
    globalThis.console = before;
  });
  const [out, err] = [stream(), stream()];
  installConsole({ getStdout: out.open }, { getStderr: err.open });
  console.log("a", 1n, { b: [true] }, undefined);
  console.info("ü".repeat(5000));
  console.error(new RangeError("bad"));
  assert.equal(
    out.text(),
    `a 1n {"b":[true]} undefined\n${"ü".repeat(5000)}\n`,
  );
  assert.match(err.text(), /^RangeError: bad\n/);
  assert.equal(out.opened() + err.opened(), 0);
});

test("text becomes UTF-8 as a TextEncoder would make it", () => {
  for (const text of ["", "aß€😀", "lone \ud800"]) {
    assert.deepEqual(utf8(text), new TextEncoder().encode(text));
  }
});
