// Runs the calls of a script on components of the JavaScript host. The argument is the script as JSON.

import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

import { Trap, WitError, instantiateDynamic, load } from "../host/index.js";
import { camel } from "../host/names.js";

/**
 * A value of the script as the host takes and gives it.
 *
 * @param {any} value
 * @returns {any}
 */
function native(value) {
  if (value === null) {
    return undefined;
  }
  if ("plain" in value) {
    return value.plain;
  }
  if ("bigint" in value) {
    return BigInt(value.bigint);
  }
  if ("float" in value) {
    return Number(value.float.replace("inf", "Infinity").replace("nan", "NaN"));
  }
  if ("list" in value) {
    return value.list.map(native);
  }
  if ("map" in value) {
    return new Map(
      value.map.map((/** @type {any[]} */ entry) => entry.map(native)),
    );
  }
  if ("record" in value) {
    return Object.fromEntries(
      value.record.map((/** @type {[string, any]} */ [name, field]) => [
        camel(name),
        native(field),
      ]),
    );
  }
  if ("option" in value) {
    const nested = value.option !== null && "option" in value.option;
    const inner = native(value.option);
    return nested ? { tag: "some", val: inner } : inner;
  }
  if ("flags" in value) {
    return Object.fromEntries(
      value.flags.map((/** @type {string} */ name) => [camel(name), true]),
    );
  }
  return value.val === null
    ? { tag: value.tag }
    : { tag: value.tag, val: native(value.val) };
}

/**
 * A value in a form that can be compared: typed arrays as arrays, flags without those that are off.
 *
 * @param {any} value
 * @returns {any}
 */
function comparable(value) {
  if (typeof value === "bigint") {
    return `${value}n`;
  }
  if (typeof value === "number") {
    return Object.is(value, -0) ? "-0" : String(value);
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(/** @type {any} */ (value), comparable);
  }
  if (value instanceof Map) {
    return { map: [...value].map(comparable) };
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, field]) => field !== false && field !== undefined)
        .map(([name, field]) => [
          name,
          field === true ? true : comparable(field),
        ]),
    );
  }
  return value === undefined ? null : value;
}

/**
 * What a call ends with; the error of a whole result counts as a value.
 *
 * @param {Record<string, any>} instance
 * @param {any} call
 * @returns {{ value?: any, trap?: string }}
 */
function outcome(instance, call) {
  try {
    return { value: instance[camel(call.name)](...call.args.map(native)) };
  } catch (error) {
    if (error instanceof WitError) {
      return { value: { tag: "err", val: error.payload } };
    }
    if (error instanceof Trap) {
      return { trap: error.message };
    }
    throw error;
  }
}

/**
 * @param {any} expected
 * @param {any} value
 * @returns {boolean}
 */
function same(expected, value) {
  const text = (/** @type {any} */ given) => JSON.stringify(comparable(given));
  // The success of a whole result is its payload.
  return (
    text(expected) === text(value) ||
    (expected?.tag === "ok" && text(expected.val) === text(value))
  );
}

/** Enough for each call of a script, and too little for all of them together. */
const FUEL = 1_000_000;

const path = process.argv[2];
const base = pathToFileURL(path);
let failures = 0;
for (const { plan, calls } of JSON.parse(await readFile(path, "utf8"))) {
  const linked = await load(new URL(plan, base));
  const limits = linked.plan.meter === 0 ? { fuel: FUEL } : {};
  const instance = instantiateDynamic(linked, {}, { grants: { limits } });
  let trapped = false;
  for (const call of calls) {
    const { value, trap } = outcome(instance, call);
    const good =
      call.trap === null
        ? trap === undefined && same(native(call.expected), value)
        : trap;
    if (!good) {
      failures += 1;
      console.log(
        `line ${call.line}: ${call.name}: expected ${call.trap ?? JSON.stringify(call.expected)}, got`,
        {
          value,
          trap,
        },
      );
    }
    trapped ||= trap !== undefined;
  }
  if (
    trapped &&
    calls.length > 0 &&
    outcome(instance, calls[0]).trap === undefined
  ) {
    failures += 1;
    console.log(`line ${calls[0].line}: an instance answers after a trap`);
  }
}
process.exitCode = failures === 0 ? 0 : 1;
