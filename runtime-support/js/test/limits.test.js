import assert from "node:assert/strict";
import { test } from "node:test";

import { Meter } from "../host/meter.js";
import { limiting } from "../host/node/limits.js";

/** @import { Plan } from "../host/plan.js" */
/** @import { State } from "../host/state.js" */

/** What the meter of a plan exports. */
function gauges() {
  const global = (/** @type {"i32" | "i64"} */ value) =>
    new WebAssembly.Global({ value, mutable: true });
  return {
    fuel: /** @type {WebAssembly.Global<"i64">} */ (global("i64")),
    memory: /** @type {WebAssembly.Global<"i64">} */ (global("i64")),
    reached: /** @type {WebAssembly.Global<"i32">} */ (global("i32")),
  };
}

test("limits need a component that was linked for them", () => {
  const plan = /** @type {Plan} */ (/** @type {unknown} */ ({ meter: null }));
  for (const name of ["fuel", "memory"]) {
    assert.throws(() => limiting({ limits: { [name]: 1 } }, plan), {
      name: "LinkError",
      message: `\`limits.${name}\` needs a component that was linked with \`witgen link --metered\``,
    });
  }
  assert.deepEqual(limiting({ limits: { handles: 3 } }, plan), { handles: 3 });
});

test("every call has the same fuel, and a call in a call has none of its own", () => {
  const plan = /** @type {Plan} */ (/** @type {unknown} */ ({ meter: 0 }));
  const { watch, meter } = limiting({ limits: { fuel: 100 } }, plan);
  const { fuel, memory, reached } = gauges();
  meter?.attach({ fuel, memory, reached });
  const doing = (/** @type {boolean} */ entered) =>
    /** @type {State} */ ({ entered });
  for (const left of [30n, -5n]) {
    watch?.(doing(false), () => {
      assert.equal(fuel.value, 100n);
      fuel.value = left;
      watch(doing(true), () => {});
      assert.equal(fuel.value, left);
    });
  }
});

test("memories have their first pages of the limit, too", () => {
  const meter = new Meter({ memory: { bytes: 200_000, text: "200000 bytes" } });
  const { fuel, memory, reached } = gauges();
  meter.take(1000);
  meter.attach({ fuel, memory, reached });
  meter.take(2);
  assert.equal(memory.value, 1n);
  assert.equal(meter.reached(undefined), undefined);
  assert.throws(() => meter.take(2));
  assert.match(
    String(meter.reached(undefined)),
    /^Trap: .*`limits.memory` grants, which is 200000 bytes$/,
  );
});
