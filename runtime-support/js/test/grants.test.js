import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";

import { grantsOf } from "../host/node/grants.js";

test("what is left out is not granted", () => {
  assert.deepEqual(grantsOf({}), {
    filesystem: {},
    env: { allow: [], set: {} },
    network: { "tcp-connect": [], "tcp-listen": [], udp: [], resolve: [] },
    http: { allow: [] },
    clocks: { monotonic: false, wall: false },
    random: { allow: false },
    stdio: { stdin: false, stdout: false, stderr: false },
    keyvalue: {},
    blobstore: {},
    config: { set: {} },
    logging: { allow: false },
    limits: {},
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
    [{ limits: { fuel: -1 } }, "`limits.fuel` is a whole number"],
    [
      { limits: { memory: "64MB" } },
      '`limits.memory` is a text such as "256MiB" or a number of bytes',
    ],
    [{ blobstore: { root: 1 } }, "`blobstore.root` is the path of a directory"],
    [
      { limits: { deadline: "soon" } },
      '`limits.deadline` is no time such as "5s" or "200ms"',
    ],
    [
      { network: { "tcp-connect": ["127.0.0.1"] } },
      "`127.0.0.1` in `network.tcp-connect` is no address: write `host:port`, such as `127.0.0.1:6379`, `[::1]:80` or `db:*`",
    ],
    [
      { http: { allow: ["https://a/b"] } },
      "`https://a/b` in `http.allow` is no origin such as `https://api.example.org`",
    ],
    [
      { keyvalue: { store: "redis://a" } },
      '`keyvalue.store` is "memory" or "file:PATH" here; give other stores as the option `store`',
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

test("times have units", () => {
  /** @type {[unknown, number][]} */
  const times = [
    ["200ms", 200],
    ["1.5s", 1500],
    ["2 m", 120_000],
    [3, 3000],
    ["0s", 1],
  ];
  for (const [deadline, time] of times) {
    assert.equal(
      grantsOf({ limits: { deadline } }).limits.deadline?.time,
      time,
    );
  }
});

test("sizes have units", () => {
  /** @type {[unknown, number, string][]} */
  const sizes = [
    ["64MiB", 2 ** 26, "64MiB"],
    ["65536", 2 ** 16, "64KiB"],
    [1000, 1000, "1000 bytes"],
    ["3 GiB", 3 * 2 ** 30, "3GiB"],
    ["0B", 0, "0 bytes"],
  ];
  for (const [memory, bytes, text] of sizes) {
    assert.deepEqual(grantsOf({ limits: { memory } }).limits.memory, {
      bytes,
      text,
    });
  }
});
