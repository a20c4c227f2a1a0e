import assert from "node:assert/strict";
import { test } from "node:test";

import { WitError } from "../shared/errors.js";
import { exportInterface } from "../guest/exports.js";
import { importedResource, resource } from "../guest/resources.js";
import { result } from "../guest/compound.js";
import { string, u32 } from "../guest/scalars.js";

/** An interface `files` with a class, as the engine sees it. */
function exported(/** @type {any} */ File) {
  const type = resource({ name: "File" });
  /** @type {any} */
  const files = exportInterface({
    app: { files: { File, same: (/** @type {any} */ file) => file } },
    as: "files",
    functions: {
      same: { name: "same", params: { file: type.own }, result: type.own },
    },
    resources: {
      File: {
        type,
        create: {
          name: "new",
          params: { size: u32 },
          result: result(type.own, string),
        },
        methods: {
          grow: {
            name: "grow",
            params: { self: type.borrow, by: u32 },
            result: u32,
          },
        },
      },
    },
  });
  return files;
}

class File {
  constructor(/** @type {number} */ size) {
    if (size === 0) {
      throw new WitError("empty");
    }
    this.size = size;
  }

  grow(/** @type {number} */ by) {
    this.size += by;
    return this.size;
  }
}

test("each handle is an object of its own that stands for the user's", () => {
  const files = exported(File);
  const first = new files.File(3);
  assert.ok(!(first instanceof File));
  assert.equal(first.grow(2), 5);
  const second = files.same(first);
  assert.notEqual(first, second);
  assert.equal(second.grow(1), 6);
});

test("a constructor passes on the error case", () => {
  const files = exported(File);
  assert.throws(() => new files.File(0), { payload: "empty" });
});

test("an object that is handed out already is refused", () => {
  const kept = new File(1);
  const type = resource({ name: "File" });
  /** @type {any} */
  const files = exportInterface({
    app: { files: { File, open: () => kept } },
    as: "files",
    functions: { open: { name: "open", result: type.own } },
    resources: { File: { type } },
  });
  const handle = files.open();
  assert.throws(() => files.open(), /must be a File that was not handed out/);
  assert.ok(handle);
});

test("a class without a method is named when the component is built", () => {
  assert.throws(() => exported(class {}), {
    message: "the class `files.File` has no method `grow`",
  });
  assert.throws(() => exported(undefined), {
    message: "the module does not export `files.File`",
  });
});

test("an imported class checks what it is given", () => {
  class Host {
    constructor(/** @type {number} */ size) {
      this.size = size;
    }

    grow(/** @type {number} */ by) {
      return this.size + by;
    }
  }
  const type = resource({ name: "File" });
  /** @type {any} */
  const Imported = importedResource({
    host: Host,
    type,
    create: { name: "new", params: { size: u32 }, result: type.own },
    methods: {
      grow: {
        name: "grow",
        params: { self: type.borrow, by: u32 },
        result: u32,
      },
    },
  });
  const file = new Imported(3);
  assert.ok(file instanceof Imported);
  assert.equal(Imported.name, "File");
  assert.equal(file.grow(1), 4);
  assert.throws(() => file.grow("1"), /by must be an integer/);
  assert.throws(() => new Imported("3"), /size must be an integer/);
  assert.throws(() => Imported(3), /must be called with new/);
  assert.throws(() => type.own.lower({}), { expected: "a File" });
});
