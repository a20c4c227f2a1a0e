import assert from "node:assert/strict";
import { test } from "node:test";

import { bindings, track } from "../host/bindings.js";
import { Imports } from "../host/imports.js";
import { checkU32 } from "../host/checks.js";
import { instantiateDynamic } from "../host/dynamic.js";
import { ArgumentError, LinkError, Trap } from "../host/errors.js";
import { prepared } from "../host/node/limits.js";
import { extra } from "../host/plan.js";
import { newClass } from "../host/resources.js";
import { State } from "../host/state.js";

/** @import { Plan } from "../host/plan.js" */

/** A plan of a component that has no modules: it only says what there is. */
const empty = {
  version: 1,
  modules: [],
  imports: [],
  init: [],
  trampolines: [],
  options: [],
  exports: [],
  funcs: [],
  types: [],
  "resource-tables": [],
  "imported-resources": [],
  "defined-resource-instances": [],
  "component-instances": 1,
};

/** @param {Partial<Plan>} parts */
const linked = (parts) => ({
  plan: /** @type {Plan} */ ({ ...empty, ...parts }),
  modules: [],
});

const write = {
  wit: "write",
  name: "write",
  type: "(string)",
  make: () => () => {},
};
const { instantiate } = bindings({
  name: "a:b/w",
  imports: [
    {
      functions: [
        {
          wit: "to-string",
          name: "toString",
          type: "() -> string",
          make: () => () => "",
        },
      ],
    },
    { wit: "a:b/log@1.2.3", key: "log", functions: [write] },
  ],
  Imports,
  exports: [],
});

/** @param {() => unknown} call */
function problems(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof LinkError);
    return error.message.split("\n  ").slice(1);
  }
  return [];
}

const plain = linked({
  imports: [
    { name: "to-string", path: [] },
    { name: "a:b/log@1.9.0", path: ["write"] },
  ],
});

test("everything that is missing is said at once", () => {
  assert.deepEqual(
    problems(() => instantiate(plain, { loger: {} })),
    [
      "the import `toString` is missing",
      "the import `log.write` is missing",
      "the world has no import `loger`",
    ],
  );
});

test("an import is served in another version that is compatible", () => {
  const imports = { toString: () => "", log: { write() {} } };
  assert.deepEqual(
    problems(() => instantiate(plain, imports)),
    [],
  );
  const newer = linked({
    imports: [{ name: "a:b/log@2.0.0", path: ["write"] }],
  });
  assert.deepEqual(
    problems(() => instantiate(newer, imports)),
    [
      "it needs `a:b/log@2.0.0`, which is not of the world: give it in `interfaces`",
    ],
  );
});

test("what Node can grant is said of WASI alone", async () => {
  const names = ["wasi:cli/exit@0.2.6", "a:b/other"];
  const component = linked({
    imports: names.map((name) => ({ name, path: ["f"] })),
  });
  const told = () =>
    problems(() =>
      instantiate(component, { toString: () => "", log: { write() {} } }),
    ).map((problem) => problem.split(": ").at(-1));
  const { advice } = await prepared(component.plan);
  try {
    extra.advice = advice;
    assert.deepEqual(told(), [
      "give it in `interfaces`, or give `grants`",
      "give it in `interfaces`",
    ]);
  } finally {
    delete extra.advice;
  }
  assert.deepEqual(told(), Array(2).fill("give it in `interfaces`"));
});

test("an interface may be given by its name in WIT", () => {
  for (const name of ["a:b/log", "a:b/log@1.9.0"]) {
    const interfaces = { [name]: { write() {} } };
    assert.deepEqual(
      problems(() =>
        instantiate(plain, { toString: () => "" }, { interfaces }),
      ),
      [],
    );
  }
});

test("a component that `load` has not read here is refused where it needs more of the runtime", () => {
  /** @type {Plan["options"][number]} */
  const wide = {
    instance: 0,
    encoding: "utf16",
    memory: null,
    realloc: null,
    "post-return": null,
  };
  const imports = { toString: () => "", log: { write() {} } };
  for (const parts of [
    { options: [wide] },
    { "resource-tables": [{ resource: 0, instance: 0 }] },
    { trampolines: [{ kind: "enter-sync-call" }] },
    { trampolines: [{ kind: "transcode", transcode: "copy" }] },
    { init: [{ op: "instantiate", module: 0, args: [["flags", 0]] }] },
  ]) {
    assert.throws(() => instantiate(linked(parts), imports), {
      name: "LinkError",
      message: "`load` has to read it in this thread, and grants are for Node",
    });
  }
});

test("a step that is unknown is refused, whatever it is called", () => {
  const imports = { toString: () => "", log: { write() {} } };
  for (const op of ["other", "toString", "__proto__"]) {
    const component = linked({ init: [{ op, index: 0 }] });
    assert.throws(() => instantiate(component, imports), {
      name: "LinkError",
      message: `\`${op}\` in the plan is unknown`,
    });
  }
});

test("versions are compatible that share their first number that is not 0", () => {
  for (const [name, expected] of [
    ["a:b/c@1.2.3", "a:b/c@1"],
    ["a:b/c@10.0.0", "a:b/c@10"],
    ["a:b/c@0.2.10#f", "a:b/c@0.2#f"],
    ["a:b/c@0.10.3#[method]x.y", "a:b/c@0.10#[method]x.y"],
    ["a:b/c@0.0.12", "a:b/c@0.0.12"],
    ["a:b/c@0.0.0", "a:b/c@0.0.0"],
    ["a:b/c@1.2.3-rc.1", "a:b/c@1.2.3-rc.1"],
    ["a:b/c@0.2.0+x#f", "a:b/c@0.2.0+x#f"],
    ["a:b/c#f", "a:b/c#f"],
    ["f", "f"],
  ]) {
    assert.equal(track(name), expected);
  }
});

test("functions with other types are named with both", () => {
  const component = linked({
    imports: [{ name: "a:b/log@1.2.3", path: ["write"] }],
    init: [{ op: "lower", lowered: 0, import: 0 }],
    trampolines: [{ kind: "lower", lowered: 0, type: 0, options: 0 }],
    funcs: [{ params: [["line", 0]], result: 1 }],
    types: [
      { kind: "record", fields: [["a", "u8"]] },
      { kind: "result", ok: "u32", err: null },
    ],
  });
  assert.deepEqual(
    problems(() => instantiate(component, { log: { write() {} } })),
    [
      "`a:b/log@1.2.3#write` is `(record{a: u8}) -> result<u32, _>`, and `(string)` in these bindings",
    ],
  );
});

test("a class may have functions with names that classes have", () => {
  const { Class, add } = newClass("Foo");
  assert.throws(() => new Class(), {
    name: "TypeError",
    message: "Foo has no constructor",
  });
  const object = Object.create(Class.prototype);
  add("[constructor]foo", "constructor", () => object);
  assert.equal(new Class(), object);
  for (const name of ["create", "name", "length", "call", "caller"]) {
    add(`[static]foo.${name}`, name, () => `static ${name}`);
    assert.equal(Class[name](), `static ${name}`);
  }
});

/** A module whose export `f` returns what it is given, and traps on 7. */
const module = new WebAssembly.Module(
  new Uint8Array([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1,
    0, 7, 5, 1, 1, 0x66, 0, 0, 10, 15, 1, 13, 0, 0x20, 0, 0x41, 7, 0x46, 4,
    0x40, 0, 0x0b, 0x20, 0, 0x0b,
  ]),
);

/** A component that exports the function of the module under a name. */
const component = (/** @type {string} */ name) => ({
  plan: /** @type {Plan} */ ({
    ...empty,
    modules: [{ file: "", features: [], imports: [] }],
    init: [{ op: "instantiate", module: 0, args: [] }],
    options: [
      {
        instance: 0,
        encoding: "utf8",
        memory: null,
        realloc: null,
        "post-return": null,
      },
    ],
    exports: [{ name, func: ["export", 0, "f"], type: 0, options: 0 }],
    funcs: [{ params: [["v", "u32"]], result: "u32" }],
  }),
  modules: [module],
});

test("a wrong argument leaves the instance as it is, and a trap ends it", () => {
  const { instantiate: make } = bindings({
    name: "a:b/w",
    imports: [],
    exports: [
      {
        functions: [
          {
            wit: "f",
            name: "f",
            type: "(u32) -> u32",
            make: (func) => (/** @type {number} */ v) => {
              checkU32(v, func, "v");
              func.enter();
              try {
                const raw = func.core(v);
                func.leave(raw);
                return raw >>> 0;
              } catch (error) {
                throw func.fail(error);
              }
            },
          },
        ],
      },
    ],
  });
  const { f } = make(component("f"));
  assert.equal(f(0xffffffff), 0xffffffff);
  assert.throws(
    () => f(-1),
    (error) => {
      assert.ok(error instanceof ArgumentError);
      assert.equal(error.function, "f");
      assert.equal(error.path, "v");
      assert.equal(
        error.message,
        "f: v: expected an integer from 0 to 4294967295, got -1",
      );
      return true;
    },
  );
  assert.equal(f(8), 8);
  assert.throws(() => f(7), Trap);
  assert.throws(() => f(8), {
    name: "Trap",
    message: "cannot enter component instance",
  });
});

test("an import that throws nothing at all ends the instance, too", () => {
  for (const thrown of [undefined, null]) {
    const state = new State(/** @type {Plan} */ (empty));
    state.enter();
    assert.equal(state.fail(thrown), thrown);
    assert.throws(() => state.enter(), Trap);
  }
});

test("no promise of an instance calls what a component exports", async () => {
  const later = async () => instantiateDynamic(component("then"));
  const { then_: f } = await later();
  assert.equal(f(8), 8);
});
