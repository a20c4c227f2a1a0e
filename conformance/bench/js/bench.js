// Measures calls through witgen, jco and glue written by hand, in this one process.
//
// Its argument is the folder that `cargo xtask bench js-host` has prepared; it prints JSON: nanoseconds of CPU for each
// operation and way, medians of several rounds.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { instantiate as byHand } from "./hand.js";

const [folder, count = "9"] = process.argv.slice(2);
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
  const rows = Array.from({ length: 1000 }, (_, id) => {
    return { id, name: `row ${id}`, score: id / 2 };
  });
  const circle = { tag: "circle", val: 1.5 };
  const { Counter } = calls;
  const counter = new Counter(7);
  const own = {
    add: () => calls.add(1, 2),
    "string 10 B": () => calls.echoString(short),
    "string 1 kB": () => calls.echoString(medium),
    "string 100 kB": () => calls.echoString(long),
    "string 16 kB, not ASCII": () => calls.echoString(accents),
    "bytes 1 MiB": () => calls.echoBytes(bytes),
    "list<u32> 100,000": () => calls.echoNumbers(numbers),
    "1000 records": () => calls.echoRows(rows),
    variant: () => calls.echoShape(circle),
    option: () => calls.echoOption(5),
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

function timed(call, times) {
  const start = cpu();
  for (let time = 0; time < times; time += 1) {
    call();
  }
  return cpu() - start;
}

function prepared(call) {
  // Long enough for the optimizing compiler.
  let times = 1;
  while (timed(call, times) < ROUND_NS) {
    times *= 2;
  }
  return times;
}

const median = (values) =>
  values.toSorted((left, right) => left - right)[values.length >> 1];

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

const ways = { witgen: await witgen(), hand: hand(), jco: await jco() };
const results = {};
for (const name of Object.keys(ways.witgen)) {
  const runs = Object.entries(ways)
    .filter(([, all]) => all[name] !== undefined)
    .map(([way, all]) => {
      return { way, call: all[name], times: prepared(all[name]), found: [] };
    });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { call, times, found } of runs) {
      found.push(timed(call, times) / times / calls(name));
    }
  }
  results[name] = Object.fromEntries(
    runs.map(({ way, found }) => [way, median(found)]),
  );
}
console.log(JSON.stringify(results));
