// What somebody who knows the canonical ABI would write for the component `bench`, and for no other: with the same
// checks as bindings have, of arguments, of what comes back, and against calls after a trap; forgotten resources are
// destroyed there as well, but not during a call.

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
let scratch = new Uint8Array(2 ** 18);

/** @param {WebAssembly.Module} module */
export function instantiate(module, imports) {
  let u8;
  let u32;
  let f64;
  let buffer;
  let entered = false;
  let dead = false;
  const counters = [undefined];
  const free = [];

  const instance = new WebAssembly.Instance(module, {
    "witgen:bench/host": {
      scalar(left, right) {
        const result = imports.host.scalar(left >>> 0, right >>> 0);
        checkNumber(result);
        return result;
      },
      text(start, length, to) {
        const result = imports.host.text(read(start >>> 0, length >>> 0));
        checkString(result);
        const [at, size] = write(result);
        u32[to >>> 2] = at;
        u32[(to >>> 2) + 1] = size;
      },
      swap(start, length, from, size, to) {
        const text = read(start >>> 0, length >>> 0);
        checked(from >>> 0, size >>> 0, 1);
        const bytes = u8.slice(from >>> 0, (from >>> 0) + (size >>> 0));
        const result = imports.host.swap(text, bytes);
        if (!Array.isArray(result) || result.length !== 2) {
          throw new TypeError("expected two values");
        }
        checkString(result[0]);
        checkBytes(result[1]);
        checked(to >>> 0, 16, 4);
        const [at, count] = write(result[0]);
        u32[to >>> 2] = at;
        u32[(to >>> 2) + 1] = count;
        const { length: room } = result[1];
        const place = allocate(1, room);
        u8.set(result[1], place);
        u32[(to >>> 2) + 2] = place;
        u32[(to >>> 2) + 3] = room;
      },
    },
    "[export]witgen:bench/calls": {
      "[resource-new]counter": (rep) => {
        const handle = free.pop() ?? counters.length;
        counters[handle] = rep;
        return handle;
      },
    },
  }).exports;
  const core = (name) => instance[`witgen:bench/calls#${name}`];
  const post = instance["cabi_post_witgen:bench/calls#echo-string"];
  const realloc = instance.cabi_realloc;
  const destructor = instance["witgen:bench/calls#[dtor]counter"];
  const echo = (name) => core(`echo-${name}`);
  const [nop, add, divide] = [core("nop"), core("add"), core("divide")];
  const [echoString, echoBytes] = [echo("string"), echo("bytes")];
  const [echoNumbers, echoRows] = [echo("numbers"), echo("rows")];
  const [echoPoints, echoShape] = [echo("points"), echo("shape")];
  const [echoOption, echoNested] = [echo("option"), echo("nested")];
  const [callScalar, callText, callSwap] = ["scalar", "text", "swap"].map(
    (name) => core(`call-${name}`),
  );
  const [newCounter, counterValue] = [
    core("[constructor]counter"),
    core("[method]counter.value"),
  ];

  function fresh() {
    if (buffer !== instance.memory.buffer) {
      buffer = instance.memory.buffer;
      u8 = new Uint8Array(buffer);
      u32 = new Uint32Array(buffer);
      f64 = new Float64Array(buffer);
    }
  }
  function checked(start, size, align) {
    if ((start & (align - 1)) !== 0 || start + size > u8.length) {
      throw new WebAssembly.RuntimeError("out of bounds");
    }
    return start;
  }
  function allocate(align, size) {
    const start = realloc(0, 0, align, size) >>> 0;
    fresh();
    return checked(start, size, align);
  }
  function enter() {
    if (dead || entered) {
      throw new WebAssembly.RuntimeError("cannot enter");
    }
    entered = true;
  }
  function fail(error) {
    dead = true;
    entered = false;
    return error;
  }
  function write(text) {
    const { length } = text;
    if (length < 48) {
      let at = 0;
      while (at < length && text.charCodeAt(at) < 0x80) {
        at += 1;
      }
      if (at === length) {
        const start = allocate(1, length);
        for (at = 0; at < length; at += 1) {
          u8[start + at] = text.charCodeAt(at);
        }
        return [start, length];
      }
    }
    if (scratch.length < length * 3) {
      scratch = new Uint8Array(length * 3);
    }
    const { written } = encoder.encodeInto(text, scratch);
    const start = allocate(1, written);
    u8.set(scratch.subarray(0, written), start);
    return [start, written];
  }
  function read(start, length) {
    checked(start, length, 1);
    if (length < 24) {
      let text = "";
      for (let at = start; at < start + length; at += 1) {
        if (u8[at] > 0x7f) {
          return decoder.decode(u8.subarray(start, start + length));
        }
        text += String.fromCharCode(u8[at]);
      }
      return text;
    }
    return decoder.decode(u8.subarray(start, start + length));
  }

  // What was made is destroyed once, and not while a call is under way that might use it.
  const forgotten = new FinalizationRegistry((rep) => {
    if (!dead && !entered) {
      destroy(rep);
    }
  });
  function destroy(rep) {
    enter();
    try {
      destructor?.(rep);
    } catch (error) {
      throw fail(error);
    }
    entered = false;
  }

  class Counter {
    #rep;
    #isOwned = true;
    constructor(start) {
      checkNumber(start);
      enter();
      try {
        const handle = newCounter(start);
        this.#rep = counters[handle];
        if (this.#rep === undefined) {
          throw new WebAssembly.RuntimeError("unknown handle");
        }
        counters[handle] = undefined;
        free.push(handle);
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      forgotten.register(this, this.#rep, this);
    }
    value() {
      if (!this.#isOwned) {
        throw new TypeError("disposed of");
      }
      enter();
      let result;
      try {
        result = counterValue(this.#rep) >>> 0;
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    }
    [Symbol.dispose]() {
      if (!this.#isOwned) {
        return;
      }
      if (entered) {
        throw new TypeError("a call is under way");
      }
      this.#isOwned = false;
      forgotten.unregister(this);
      if (!dead) {
        destroy(this.#rep);
      }
    }
  }
  fresh();

  return {
    Counter,
    nop() {
      enter();
      try {
        nop();
      } catch (error) {
        throw fail(error);
      }
      entered = false;
    },
    add(left, right) {
      checkNumber(left);
      checkNumber(right);
      enter();
      let result;
      try {
        result = add(left, right) >>> 0;
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    },
    echoString(value) {
      checkString(value);
      enter();
      let result;
      try {
        fresh();
        const [start, length] = write(value);
        const at = checked(echoString(start, length) >>> 0, 8, 4);
        fresh();
        result = read(u32[at >>> 2], u32[(at >>> 2) + 1]);
        post(at);
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    },
    echoBytes(value) {
      checkBytes(value);
      enter();
      let result;
      try {
        const { length } = value;
        const start = allocate(1, length);
        u8.set(value, start);
        const at = checked(echoBytes(start, length) >>> 0, 8, 4);
        fresh();
        const from = u32[at >>> 2];
        const size = u32[(at >>> 2) + 1];
        checked(from, size, 1);
        result = u8.slice(from, from + size);
        post(at);
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    },
    echoNumbers(value) {
      if (!(value instanceof Uint32Array)) {
        throw new TypeError("expected a Uint32Array");
      }
      enter();
      let result;
      try {
        const { length } = value;
        const start = allocate(4, length * 4);
        u32.set(value, start >>> 2);
        const at = checked(echoNumbers(start, length) >>> 0, 8, 4);
        fresh();
        const from = u32[at >>> 2];
        const size = u32[(at >>> 2) + 1];
        checked(from, size * 4, 4);
        result = u32.slice(from >>> 2, (from >>> 2) + size);
        post(at);
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    },
    echoRows(value) {
      if (!Array.isArray(value)) {
        throw new TypeError("expected an array");
      }
      for (const row of value) {
        checkNumber(row.id);
        checkString(row.name);
        checkFloat(row.score);
      }
      enter();
      let result;
      try {
        const { length } = value;
        const start = allocate(8, length * 24);
        for (let index = 0; index < length; index += 1) {
          const row = value[index];
          const [name, size] = write(row.name);
          const at = (start + index * 24) >>> 2;
          u32[at] = row.id;
          u32[at + 1] = name;
          u32[at + 2] = size;
          f64[(at + 4) >>> 1] = row.score;
        }
        const at = checked(echoRows(start, length) >>> 0, 8, 4);
        fresh();
        const from = u32[at >>> 2];
        const count = u32[(at >>> 2) + 1];
        checked(from, count * 24, 8);
        result = new Array(count);
        for (let index = 0; index < count; index += 1) {
          const row = (from + index * 24) >>> 2;
          result[index] = {
            id: u32[row],
            name: read(u32[row + 1], u32[row + 2]),
            score: f64[(row + 4) >>> 1],
          };
        }
        post(at);
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    },
    echoPoints(value) {
      if (!Array.isArray(value)) {
        throw new TypeError("expected an array");
      }
      for (const point of value) {
        checkFloat(point.x);
        checkFloat(point.y);
      }
      enter();
      let result;
      try {
        const { length } = value;
        const start = allocate(8, length * 16);
        for (let index = 0; index < length; index += 1) {
          const at = (start + index * 16) >>> 3;
          f64[at] = value[index].x;
          f64[at + 1] = value[index].y;
        }
        const at = checked(echoPoints(start, length) >>> 0, 8, 4);
        fresh();
        const from = u32[at >>> 2];
        const count = u32[(at >>> 2) + 1];
        checked(from, count * 16, 8);
        result = new Array(count);
        for (let index = 0; index < count; index += 1) {
          const point = (from + index * 16) >>> 3;
          result[index] = { x: f64[point], y: f64[point + 1] };
        }
        post(at);
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    },
    echoShape(value) {
      let tag;
      let payload = 0n;
      switch (value.tag) {
        case "circle":
          checkFloat(value.val);
          tag = 0;
          floats[0] = value.val;
          payload = bits[0];
          break;
        case "square":
          checkNumber(value.val);
          tag = 1;
          payload = BigInt(value.val);
          break;
        case "none":
          tag = 2;
          break;
        default:
          throw new TypeError("expected a shape");
      }
      enter();
      let result;
      try {
        const at = checked(echoShape(tag, payload) >>> 0, 16, 8);
        fresh();
        switch (u8[at]) {
          case 0:
            result = { tag: "circle", val: f64[(at >>> 3) + 1] };
            break;
          case 1:
            result = { tag: "square", val: u32[(at >>> 2) + 2] };
            break;
          case 2:
            result = { tag: "none" };
            break;
          default:
            throw new WebAssembly.RuntimeError("invalid discriminant");
        }
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    },
    echoOption(value) {
      if (value !== undefined) {
        checkNumber(value);
      }
      enter();
      let result;
      try {
        const some = value === undefined ? 0 : 1;
        const at = checked(echoOption(some, value ?? 0) >>> 0, 8, 4);
        fresh();
        if (u8[at] > 1) {
          throw new WebAssembly.RuntimeError("invalid discriminant");
        }
        result = u8[at] === 0 ? undefined : u32[(at >>> 2) + 1];
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    },
    echoNested(value) {
      let some = 0;
      let inner = 0;
      let number = 0;
      switch (value.tag) {
        case "some":
          some = 1;
          if (value.val !== undefined) {
            checkNumber(value.val);
            inner = 1;
            number = value.val;
          }
          break;
        case "none":
          break;
        default:
          throw new TypeError("expected an option");
      }
      enter();
      let result;
      try {
        const at = checked(echoNested(some, inner, number) >>> 0, 12, 4);
        fresh();
        if (u8[at] > 1 || (u8[at] === 1 && u8[at + 4] > 1)) {
          throw new WebAssembly.RuntimeError("invalid discriminant");
        }
        result =
          u8[at] === 0
            ? { tag: "none" }
            : {
                tag: "some",
                val: u8[at + 4] === 0 ? undefined : u32[(at >>> 2) + 2],
              };
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    },
    divide(left, right) {
      checkNumber(left);
      checkNumber(right);
      enter();
      let failed;
      let result;
      try {
        const at = checked(divide(left, right) >>> 0, 12, 4);
        fresh();
        if (u8[at] > 1) {
          throw new WebAssembly.RuntimeError("invalid discriminant");
        }
        failed = u8[at] === 1;
        result = failed
          ? read(u32[(at >>> 2) + 1], u32[(at >>> 2) + 2])
          : u32[(at >>> 2) + 1];
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      if (failed) {
        throw Object.assign(new Error(result), { payload: result });
      }
      return result;
    },
    callScalar(left, right) {
      checkNumber(left);
      checkNumber(right);
      enter();
      let result;
      try {
        result = callScalar(left, right) >>> 0;
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    },
    callText(value) {
      checkString(value);
      enter();
      let result;
      try {
        const [start, length] = write(value);
        const at = checked(callText(start, length) >>> 0, 8, 4);
        fresh();
        result = read(u32[at >>> 2], u32[(at >>> 2) + 1]);
        post(at);
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    },
    callSwap(text, data) {
      checkString(text);
      checkBytes(data);
      enter();
      let result;
      try {
        const [start, length] = write(text);
        const place = allocate(1, data.length);
        u8.set(data, place);
        const at = checked(
          callSwap(start, length, place, data.length) >>> 0,
          16,
          4,
        );
        fresh();
        const from = u32[(at >>> 2) + 2];
        const size = u32[(at >>> 2) + 3];
        checked(from, size, 1);
        result = [
          read(u32[at >>> 2], u32[(at >>> 2) + 1]),
          u8.slice(from, from + size),
        ];
        post(at);
      } catch (error) {
        throw fail(error);
      }
      entered = false;
      return result;
    },
  };
}

const floats = new Float64Array(1);
const bits = new BigInt64Array(floats.buffer);

function checkNumber(value) {
  if (typeof value !== "number" || value >>> 0 !== value) {
    throw new RangeError("expected a u32");
  }
}

function checkFloat(value) {
  if (typeof value !== "number") {
    throw new TypeError("expected a number");
  }
}

function checkBytes(value) {
  if (!(value instanceof Uint8Array)) {
    throw new TypeError("expected a Uint8Array");
  }
}

function checkString(value) {
  if (typeof value !== "string" || !value.isWellFormed()) {
    throw new TypeError("expected a string");
  }
}
