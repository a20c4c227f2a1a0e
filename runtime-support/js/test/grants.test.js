import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";

import { grantsOf } from "../host/node/grants.js";

test("what is left out is not granted", () => {
  assert.deepEqual(grantsOf({}), {
    filesystem: {},
    env: { allow: [], set: {} },
    clocks: { monotonic: false, wall: false },
    random: { allow: false },
    stdio: { stdin: false, stdout: false, stderr: false },
  });
});

test("directories are for reading unless they say otherwise", () => {
  const { filesystem } = grantsOf({
    filesystem: {
      "/data": { host: "data" },
      "/out": { host: "/srv/out", access: "read-write" },
    },
  });
  assert.deepEqual(filesystem, {
    "/data": { host: resolve("data"), access: "read" },
    "/out": { host: "/srv/out", access: "read-write" },
  });
});

test("mistakes are errors with a suggestion, all that is known or what to write", () => {
  /** @type {[unknown, string][]} */
  const mistakes = [
    [{ filesytem: {} }, "there is no `filesytem`; did you mean `filesystem`?"],
    [
      { clocks: { date: true } },
      "there is no `clocks.date`; there are monotonic, wall",
    ],
    [{ random: { allow: 1 } }, "`random.allow` is `true` or `false`"],
    [{ env: { allow: "LANG" } }, "`env.allow` is a list of texts"],
    [{ env: { set: { A: 1 } } }, "`env.set.A` is a text"],
    [
      { filesystem: { "/a/../b": { host: "." } } },
      "`/a/../b` is no path of a component: it begins with `/` and has no `.` or `..`",
    ],
    [
      { filesystem: { "/a": { host: ".", access: "write" } } },
      '`filesystem."/a".access` is "read" or "read-write"',
    ],
    [
      { limits: { fuel: 1 } },
      "`limits.fuel` cannot be granted: JavaScript hosts cannot limit what a component computes",
    ],
    [
      { network: { "tcp-connect": ["127.0.0.1:80"] } },
      "`network.tcp-connect` cannot be granted: JavaScript hosts have no sockets yet",
    ],
    [null, "`grants` is an object"],
  ];
  for (const [grants, message] of mistakes) {
    assert.throws(() => grantsOf(grants), {
      name: "LinkError",
      message: `wrong grants: ${message}`,
    });
  }
});
