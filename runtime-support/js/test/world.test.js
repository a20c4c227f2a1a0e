import assert from "node:assert/strict";
import { test } from "node:test";

import { resource, string, u32 } from "../host/bindings.js";
import { exported } from "../host/functions.js";
import { addMethod, addStatic, resourceClass } from "../host/classes.js";
import { World } from "../host/world.js";

const counter = resource({ name: "Counter" });

const world = new World({
  name: "a:b/w",
  imports: {
    functions: { toString: { name: "to-string", result: string } },
    interfaces: {
      log: {
        functions: {
          write: { name: "a:b/log@1.2.3#write", params: { line: string } },
        },
        resources: {
          Counter: {
            name: "a:b/log@1.2.3#counter",
            type: counter,
            create: {
              name: "a:b/log@1.2.3#[constructor]counter",
              result: counter.own,
            },
            methods: {
              new: {
                name: "a:b/log@1.2.3#[method]counter.new",
                as: "new_",
                params: { self: counter.borrow },
              },
            },
          },
        },
      },
    },
  },
  exports: {
    interfaces: {
      ops: { functions: { add: { name: "a:b/ops@0.2.1#add", result: u32 } } },
    },
  },
});

test("an import is found under its own version and under compatible ones", () => {
  const item = world.import("a:b/log@1.2.3", ["write"]);
  assert.equal(item?.place, "log.write");
  assert.equal(world.import("a:b/log@1.9.0", ["write"]), item);
  assert.equal(world.import("a:b/log@2.0.0", ["write"]), undefined);
  assert.equal(world.import("a:b/log@1.2.3", ["read"]), undefined);
  assert.equal(world.import("to-string", [])?.place, "toString");
});

test("an export is found in a compatible version", () => {
  const [item] = world.exports;
  const inner = { name: "add" };
  const exports = (/** @type {string} */ name) => [{ name, instance: [inner] }];
  assert.equal(world.match(item, exports("a:b/ops@0.2.9")), inner);
  assert.equal(world.match(item, exports("a:b/ops@0.3.0")), undefined);
  assert.equal(world.match(item, exports("a:b/other@0.2.1")), undefined);
});

test("what every object has is not what was given", () => {
  const item = world.import("to-string", []);
  assert.equal(item?.given({}).target, undefined);
  const given = item?.given({ toString: () => "text" });
  assert.equal(given?.call(), "text");
});

test("resources are classes of the user with the names of bindings", () => {
  class Counter {
    new_() {
      return "called";
    }
  }
  const imports = { log: { Counter } };
  const create = world.import("a:b/log@1.2.3", ["[constructor]counter"]);
  const made = create?.given(imports).call();
  assert.ok(made instanceof Counter);
  const method = world.import("a:b/log@1.2.3", ["[method]counter.new"]);
  assert.equal(method?.given(imports).call(made), "called");
  assert.equal(method?.given({}).target, undefined);
  assert.equal(method?.place, "log.Counter");
});

test("a class may have functions with names that classes have", () => {
  const { Class, constructs } = resourceClass("Foo");
  assert.throws(() => new Class(), {
    name: "TypeError",
    message: "Foo has no constructor",
  });
  const object = Object.create(Class.prototype);
  constructs(() => object);
  for (const name of ["create", "name", "length", "call", "caller"]) {
    addStatic(Class, name, () => `static ${name}`);
    assert.equal(Class[name](), `static ${name}`);
  }
  addMethod(
    Class,
    "toString",
    (/** @type {unknown} */ self) => self === object,
  );
  assert.equal(new Class().toString(), true);
});

test("arguments are checked unless bindings say otherwise", () => {
  const state = /** @type {any} */ ({ enter() {}, leave() {} });
  const place = /** @type {any} */ ({ options: { "post-return": null } });
  const signature = { name: "a:b/c#f", params: { v: u32 }, result: u32 };
  const core = (/** @type {number} */ v) => v | 0;
  const make = (/** @type {boolean} */ checked) =>
    exported(state, core, place, signature, { checked });
  assert.throws(() => make(true)(-1), {
    name: "ArgumentError",
    function: "a:b/c#f",
    path: "v",
    message: "a:b/c#f: v: expected an integer from 0 to 4294967295, got -1",
  });
  assert.equal(make(false)(-1), 4294967295);
});
