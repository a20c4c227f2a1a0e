// Measures calls through witgen, jco and glue written by hand, in this one process.
//
// Its arguments are the folder that `cargo xtask bench js-host` has prepared, how many rounds there are, and what the
// names of operations must have in them; it prints JSON: nanoseconds of CPU for each operation, way and round.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { instantiate as byHand } from "./hand.js";

const [folder, count = "9", only = ""] = process.argv.slice(2);
const ROUNDS = Number(count);
const ROUND_NS = 30e6;
const INNER = 1000;

const from = (path) => import(pathToFileURL(resolve(folder, path)));
const host = {
  scalar: (left, right) => (left + right) >>> 0,
  text: (value) => value,
  swap: (text, data) => [text, data],
};

/** The operations on one instance of each component. */
function operations(calls, rounds, instantiate) {
  const short = "ten bytes.";
  const medium = "0123456789".repeat(100);
  const long = "0123456789".repeat(10_000);
  const accents = "é€𝄞 plain".repeat(1000);
  const bytes = new Uint8Array(2 ** 20).fill(7);
  const numbers = Uint32Array.from({ length: 100_000 }, (_, index) => index);
  const points = Array.from({ length: 1000 }, (_, x) => {
    return { x, y: x / 2 };
  });
  const rows = Array.from({ length: 1000 }, (_, id) => {
    return { id, name: `row ${id}`, score: id / 2 };
  });
  const circle = { tag: "circle", val: 1.5 };
  const { Counter } = calls;
  const counter = new Counter(7);
  const nested = { tag: "some", val: 5 };
  const own = {
    nop: () => calls.nop(),
    add: () => calls.add(1, 2),
    "string 10 B": () => calls.echoString(short),
    "string 1 kB": () => calls.echoString(medium),
    "string 100 kB": () => calls.echoString(long),
    "string 16 kB, not ASCII": () => calls.echoString(accents),
    "bytes 1 MiB": () => calls.echoBytes(bytes),
    "list<u32> 100,000": () => calls.echoNumbers(numbers),
    "1000 records": () => calls.echoRows(rows),
    "1000 records of f64": () => calls.echoPoints(points),
    variant: () => calls.echoShape(circle),
    option: () => calls.echoOption(5),
    "option of an option": () => calls.echoNested(nested),
    "result, ok": () => calls.divide(6, 3),
    "result, thrown": () => {
      try {
        calls.divide(6, 0);
      } catch {
        // What is measured.
      }
    },
    "import, scalar": () => calls.callScalar(1, 2),
    "import, string 10 B": () => calls.callText(short),
    "import, string 10 B and bytes 1 MiB": () => calls.callSwap(short, bytes),
    "resource, new and drop": () => new Counter(1)[Symbol.dispose](),
    "resource, method": () => counter.value(),
    instantiate,
  };
  const inner = rounds && {
    "guest to guest, add": () => rounds.add(INNER),
    "guest to guest, string 1 kB": () => rounds.text(INNER, medium),
    "guest to guest, bytes 1 MiB": () => rounds.bytes(INNER / 100, bytes),
  };
  return { ...own, ...inner };
}

/** How many calls between components one call of an operation makes. */
function calls(name) {
  return !name.startsWith("guest to guest")
    ? 1
    : name.endsWith("MiB")
      ? INNER / 100
      : INNER;
}

function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** A loop of its own for each operation: one that all share is compiled for those that came first. */
const looped = (call) =>
  new Function(
    "call",
    "return (times) => { for (let time = 0; time < times; time += 1) call(); };",
  )(call);

function timed(loop, times) {
  const start = cpu();
  loop(times);
  return cpu() - start;
}

/** How many calls a round has, once the optimizing compiler has seen enough of them. */
function prepared(loop) {
  const end = cpu() + 10 * ROUND_NS;
  for (let call = 0; call < INNER && cpu() < end; call += 1) {
    loop(1);
  }
  let times = 1;
  while (timed(loop, times) < ROUND_NS) {
    times *= 2;
  }
  return times;
}

async function witgen() {
  const { instantiate, load } = await from("bindings/bench/index.js");
  const chain = await from("bindings/chain/index.js");
  const linked = await load(join(folder, "linked/bench"));
  const joined = await chain.instantiate(join(folder, "linked/chain"), {});
  const make = () => instantiate(linked, { host });
  return operations(make().calls, joined.rounds, make);
}

async function jco() {
  const module = (name) =>
    new WebAssembly.Module(readFileSync(join(folder, name)));
  const one = await from("jco/bench/bench.js");
  const two = await from("jco/chain/chain.js");
  const modules = new Map();
  const core = (place) => (name) => {
    const key = `jco/${place}/${name}`;
    modules.has(key) || modules.set(key, module(key));
    return modules.get(key);
  };
  const make = () =>
    one.instantiate(core("bench"), { "witgen:bench/host": host });
  const joined = two.instantiate(core("chain"), {});
  return operations(make().calls, joined.rounds, make);
}

function hand() {
  const module = new WebAssembly.Module(
    readFileSync(join(folder, "calls.wasm")),
  );
  const make = () => byHand(module, { host });
  return operations(make(), undefined, make);
}

/** What no glue can do without: a copy into the memory of the component, and one out of it. */
function bare() {
  const memory = new WebAssembly.Memory({ initial: 256 });
  const copies = (list) => {
    const Type = list.constructor;
    const start = 1024;
    return () => {
      new Type(memory.buffer, start, list.length).set(list);
      return new Type(memory.buffer.slice(start, start + list.byteLength));
    };
  };
  const bytes = copies(new Uint8Array(2 ** 20).fill(7));
  return {
    "bytes 1 MiB": bytes,
    "list<u32> 100,000": copies(new Uint32Array(100_000)),
    // To the component, from it to the import, and the same way back.
    "import, string 10 B and bytes 1 MiB": () => [bytes(), bytes()],
  };
}

const ways = {
  witgen: await witgen(),
  hand: hand(),
  jco: await jco(),
  bare: bare(),
};
const results = [];
for (const name of Object.keys(ways.witgen)) {
  if (!name.includes(only)) {
    continue;
  }
  const runs = Object.entries(ways)
    .filter(([, all]) => all[name] !== undefined)
    .map(([way, all]) => {
      const loop = looped(all[name]);
      return { way, loop, times: prepared(loop), found: [] };
    });
  for (let round = 0; round < ROUNDS; round += 1) {
    // By turns, since the first of them finds the memory as nobody else does.
    runs.push(runs.shift());
    for (const { loop, times, found } of runs) {
      // Nobody pays for what another way left behind.
      globalThis.gc();
      found.push(timed(loop, times) / times / calls(name));
    }
  }
  const found = runs.map(({ way, found }) => [way, found]);
  results.push([name, Object.fromEntries(found)]);
}
console.log(JSON.stringify(results));
