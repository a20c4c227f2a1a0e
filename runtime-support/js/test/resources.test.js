import assert from "node:assert/strict";
import { test } from "node:test";

import { WitError } from "../shared/errors.js";
import { exportInterface } from "../guest/exports.js";
import { exported as exportedFunction, imported } from "../guest/functions.js";
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

/** A resource with a method, a function that takes two handles, and how often a handle was dropped. */
function importedFile() {
  const dropped = { times: 0 };
  class Host {
    size() {
      return 3;
    }

    [Symbol.dispose]() {
      dropped.times += 1;
    }
  }
  const type = resource({ name: "File" });
  /** @type {any} */
  const File = importedResource({
    host: Host,
    type,
    create: { name: "new", result: type.own },
    methods: {
      size: { name: "size", params: { self: type.borrow }, result: u32 },
    },
  });
  const join = imported({
    name: "join",
    params: { left: type.own, right: type.own, at: u32 },
    call: () => undefined,
  });
  return { File, join, type, dropped };
}

test("a handle is dropped once and cannot be used afterwards", () => {
  const { File, dropped } = importedFile();
  const file = new File();
  assert.equal(file.size(), 3);
  file[Symbol.dispose]();
  file[Symbol.dispose]();
  assert.equal(dropped.times, 1);
  assert.throws(() => file.size(), {
    name: "TypeError",
    message: "size: self must be a File that was not disposed of, got a File",
  });
});

test("a handle that was passed on is gone, and stays when the call fails", () => {
  const { File, join, dropped } = importedFile();
  const [left, right] = [new File(), new File()];
  assert.throws(() => join(left, left, 0), /join: right must be a File that/);
  assert.throws(() => join(left, right, -1), RangeError);
  assert.equal(left.size(), 3);
  join(left, right, 0);
  assert.throws(() => left.size(), /that was not handed on before/);
  assert.throws(() => join(left, new File(), 0), /not handed on before/);
  left[Symbol.dispose]();
  assert.equal(dropped.times, 0);
});

test("a borrowed handle is given back when the export returns or throws", () => {
  const { File, type, dropped } = importedFile();
  /** @type {any} */
  let kept;
  const look = exportedFunction(
    (file) => {
      kept = file;
      if (file.size() !== 3) {
        throw new WitError("small");
      }
      return file.size();
    },
    { name: "look", params: { file: type.borrow }, result: u32 },
  );
  assert.equal(look(new File()), 3);
  assert.equal(dropped.times, 1);
  assert.throws(() => kept.size(), /that was not disposed of/);
  const keep = exportedFunction((file) => file, {
    name: "keep",
    params: { file: type.borrow },
    result: type.own,
  });
  assert.throws(() => keep(new File()), /must be a File that is not borrowed/);
  assert.equal(dropped.times, 2);
});
