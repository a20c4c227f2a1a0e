import * as enums from "./bindings/witgen/conformance/enums.js";
import * as flagSets from "./bindings/witgen/conformance/flag-sets.js";
import * as lists from "./bindings/witgen/conformance/lists.js";
import * as options from "./bindings/witgen/conformance/options.js";
import * as params from "./bindings/witgen/conformance/params.js";
import * as records from "./bindings/witgen/conformance/records.js";
import * as results from "./bindings/witgen/conformance/results.js";
import * as scalars from "./bindings/witgen/conformance/scalars.js";
import * as tuples from "./bindings/witgen/conformance/tuples.js";
import * as variants from "./bindings/witgen/conformance/variants.js";
import * as inner from "./bindings/witgen/nested/inner.js";
import * as shared1 from "./bindings/witgen/versioned@1.0.0/shared.js";
import * as shared11 from "./bindings/witgen/versioned@1.1.0/shared.js";
import * as shared2 from "./bindings/witgen/versioned@2.0.0/shared.js";
import { renamed } from "./bindings/world.js";
import { Report } from "../report.js";

/** @type {import("./bindings/exports.js").Exports} */
export default {
  run() {
    const report = new Report();
    callScalars(report);
    callLists(report);
    callRecords(report);
    callOptions(report);
    callResults(report);
    callVariants(report);
    callParams(report);
    misuse(report);
    report.same("shared@1.echo", shared1.echo({ x: 4294967295 }), {
      x: 4294967295,
    });
    report.same("shared@1.1.echo", shared11.echo({ x: "x" }), { x: "x" });
    const item = { x: 18446744073709551615n, y: "two" };
    report.same("shared@2.echo", shared2.echo(item), item);
    report.same("depth", inner.depth(), 2);
    report.same("renamed", renamed(), 42);
    return report.lines;
  },
};

/**
 * Calls a function that gives back what it gets.
 *
 * @template T
 * @param {Report} report
 * @param {string} what
 * @param {(value: T) => T} call
 * @param {T[]} values
 */
function echo(report, what, call, values) {
  for (const value of values) {
    report.same(what, call(value), value);
  }
}

/** @param {Report} report */
function callScalars(report) {
  echo(report, "echo-bool", scalars.echoBool, [true, false]);
  echo(report, "echo-u8", scalars.echoU8, [0, 255]);
  echo(report, "echo-u16", scalars.echoU16, [0, 65535]);
  echo(report, "echo-u32", scalars.echoU32, [0, 2147483648, 4294967295]);
  echo(report, "echo-u64", scalars.echoU64, [
    0n,
    9223372036854775808n,
    18446744073709551615n,
  ]);
  echo(report, "echo-s8", scalars.echoS8, [-128, 127]);
  echo(report, "echo-s16", scalars.echoS16, [-32768, 32767]);
  echo(report, "echo-s32", scalars.echoS32, [-2147483648, 2147483647]);
  echo(report, "echo-s64", scalars.echoS64, [
    -9223372036854775808n,
    -1n,
    9223372036854775807n,
  ]);
  const floats = [0, -0, 1.5, Infinity, -Infinity, NaN];
  echo(report, "echo-f32", scalars.echoF32, [...floats, Math.fround(0.1)]);
  echo(report, "echo-f64", scalars.echoF64, [
    ...floats,
    Number.MIN_VALUE,
    Number.MAX_VALUE,
  ]);
  echo(report, "echo-char", scalars.echoChar, [
    "a",
    "\0",
    "ß",
    "\uffff",
    "\u{10ffff}",
  ]);
  echo(report, "echo-string", scalars.echoString, [
    "",
    "a\0b",
    "grüße 😀 \u{10ffff}",
    "x".repeat(100_000),
  ]);
}

/** @param {Report} report */
function callLists(report) {
  echo(report, "echo-bytes", lists.echoBytes, [
    Uint8Array.of(),
    Uint8Array.of(0, 255),
    new Uint8Array(1 << 20).fill(7),
  ]);
  report.same(
    "echo-u16s",
    lists.echoU16s([0, 65535]),
    Uint16Array.of(0, 65535),
  );
  report.same(
    "echo-s64s",
    lists.echoS64s([-9223372036854775808n, 9223372036854775807n]),
    BigInt64Array.of(-9223372036854775808n, 9223372036854775807n),
  );
  report.same(
    "echo-f64s",
    lists.echoF64s(Float64Array.of(0.1, -0, NaN)),
    Float64Array.of(0.1, -0, NaN),
  );
  echo(report, "echo-bools", lists.echoBools, [[], [true, false, true]]);
  echo(report, "echo-chars", lists.echoChars, [[], ["a", "ß", "😀"]]);
  echo(report, "echo-strings", lists.echoStrings, [[], ["", "a", "ß😀"]]);
  echo(report, "echo-nested", lists.echoNested, [[], [[], ["a", ""]]]);
  echo(report, "echo-suit", enums.echoSuit, ["hearts", "spades"]);
  echo(report, "echo-suits", enums.echoSuits, [[], ["diamonds", "clubs"]]);
  echo(report, "echo-pair", tuples.echoPair, [[4294967295, "ß"]]);
  echo(report, "echo-single", tuples.echoSingle, [[255]]);
  echo(report, "echo-list", tuples.echoList, [
    [],
    [
      [1, 18446744073709551615n, "a"],
      [2, 0n, ""],
    ],
  ]);
  echo(report, "echo-long", tuples.echoLong, [
    undefined,
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, "end"],
  ]);
}

/** @returns {records.Wide} */
function wide() {
  return {
    a: 255,
    b: 65535,
    c: 4294967295,
    d: 18446744073709551615n,
    e: -128,
    f: -32768,
    g: -2147483648,
    h: -9223372036854775808n,
    i: 0.5,
    j: 0.1,
    k: "😀",
    l: true,
    m: "ß",
    n: Uint8Array.of(1, 2, 3),
    o: { x: -1, y: 2147483647 },
  };
}

/** @param {Report} report */
function callRecords(report) {
  const home = { x: -2147483648, y: 2147483647 };
  const person = { name: "Ada", age: 36, home, nicknames: ["", "A"] };
  echo(report, "echo-point", records.echoPoint, [home]);
  echo(report, "echo-place", records.echoPlace, [home]);
  echo(report, "echo-person", records.echoPerson, [person]);
  echo(report, "echo-people", records.echoPeople, [
    [],
    [person, { ...person, nicknames: [] }],
  ]);
  echo(report, "echo-wide", records.echoWide, [wide()]);
  const other = { ...wide(), a: 0, m: "other" };
  report.same("swap", records.swap(wide(), other), [other, wide()]);
}

/** @param {Report} report */
function callOptions(report) {
  echo(report, "echo-u32", options.echoU32, [undefined, 0, 4294967295]);
  echo(report, "echo-string", options.echoString, [undefined, "", "a"]);
  /** @type {options.Settings[]} */
  const settings = [{}, { name: "" }, { name: "n", size: 1n << 63n }];
  echo(report, "echo-settings", options.echoSettings, settings);
  echo(report, "echo-optional-settings", options.echoOptionalSettings, [
    undefined,
    ...settings,
  ]);
  echo(report, "echo-list", options.echoList, [[], ["a", undefined, ""]]);
  echo(report, "echo-nested", options.echoNested, [
    { tag: "none" },
    { tag: "some", val: undefined },
    { tag: "some", val: 7 },
  ]);
}

/** @param {Report} report */
function callResults(report) {
  report.same("divide", results.divide(7, 2), 3);
  report.fails("divide", "division by zero", () => results.divide(1, 0));
  report.same("find", results.find("key"), "key found");
  report.fails("find", "denied", () => results.find(""));
  report.same("check", results.check(""), undefined);
  report.fails("check", { line: 3, message: "aß" }, () => results.check("aß"));
  report.same("attempt", results.attempt(true), undefined);
  report.fails("attempt", undefined, () => results.attempt(false));
  report.same("produce", results.produce(true), ["a", "", "c"]);
  report.fails("produce", undefined, () => results.produce(false));
  const largest = 18446744073709551615n;
  report.same(
    "echo-result",
    results.echoResult({ tag: "ok", val: largest }),
    largest,
  );
  report.fails("echo-result", "no", () =>
    results.echoResult({ tag: "err", val: "no" }),
  );
  echo(report, "echo-results", results.echoResults, [
    [],
    [
      { tag: "ok", val: 0.5 },
      { tag: "err", val: "missing" },
    ],
  ]);
  echo(report, "echo-bare", results.echoBare, [
    [
      { tag: "ok", val: undefined },
      { tag: "err", val: undefined },
    ],
  ]);
  for (const val of /** @type {const} */ ([
    { tag: "ok", val: 255 },
    { tag: "err", val: "inner" },
  ])) {
    report.same("echo-nested", results.echoNested({ tag: "ok", val }), val);
  }
  report.fails("echo-nested", 0.1, () =>
    results.echoNested({ tag: "err", val: 0.1 }),
  );
}

/** @param {Report} report */
function callVariants(report) {
  const { Shape } = variants;
  /** @type {variants.Shape[]} */
  const shapes = [
    Shape.circle(0.1),
    Shape.rectangle([0, 4294967295]),
    Shape.label("ß"),
    Shape.empty(),
  ];
  echo(report, "echo-shape", variants.echoShape, shapes);
  echo(report, "echo-shapes", variants.echoShapes, [[], shapes]);
  echo(report, "echo-plain", variants.echoPlain, [
    { tag: "yes" },
    { tag: "no" },
  ]);
  const { echoPermissions, echoNine, echoFull } = flagSets;
  report.same("echo-permissions", echoPermissions({ runIt: true }), {
    read: false,
    write: false,
    runIt: true,
  });
  const nine = echoNine({ a: true, i: true });
  report.same("echo-nine", [nine.a, nine.b, nine.i], [true, false, true]);
  const [none, some] = echoFull([{}, { b0: true, b31: true }]);
  report.same("echo-full", Object.values(none ?? {}).includes(true), false);
  report.same(
    "echo-full",
    [some?.b0, some?.b1, some?.b31],
    [true, false, true],
  );
}

/** @param {Report} report */
function callParams(report) {
  /** @type {Parameters<typeof params.sixteen>} */
  const values = [
    255,
    65535,
    4294967295,
    18446744073709551615n,
    -128,
    -32768,
    -2147483648,
    -9223372036854775808n,
    0.5,
    1.5,
    "😀",
    true,
    "ß",
    Uint8Array.of(1, 2, 255),
  ];
  const text =
    "255,65535,4294967295,18446744073709551615,-128,-32768,-2147483648,-9223372036854775808,0.5,1.5,😀,true,ß,258";
  report.same("sixteen", params.sixteen(...values), text);
  report.same("seventeen", params.seventeen(...values, 7), `${text},7`);
  const forty = /** @type {Parameters<typeof params.forty>} */ (
    new Array(40).fill(4294967295)
  );
  report.same("forty", params.forty(...forty), 171798691800n);

  const several = params.several(
    { x: 1, y: -1 },
    { name: "n" },
    variants.Shape.empty(),
  );
  report.same("several", several, [
    { x: 1, y: -1 },
    { name: "n" },
    { tag: "empty" },
  ]);
  report.same("nothing", params.nothing(), undefined);
}

/**
 * What is wrong is refused before anything is sent.
 *
 * @param {Report} report
 */
function misuse(report) {
  const { echoU8, echoS64, echoChar, echoString } = scalars;
  report.throws("echo-u16", "RangeError", () => scalars.echoU16(-1));
  report.throws("echo-u32", "RangeError", () => scalars.echoU32(-1));
  report.throws("echo-u32", "RangeError", () => scalars.echoU32(2 ** 32));
  report.throws("echo-s8", "RangeError", () => scalars.echoS8(128));
  report.throws("echo-s16", "RangeError", () => scalars.echoS16(NaN));
  report.throws("echo-s32", "RangeError", () => scalars.echoS32(2 ** 31));
  report.throws("echo-u64", "RangeError", () => scalars.echoU64(-1n));
  report.throws("echo-char", "TypeError", () => echoChar("\ud800"));
  report.throws("echo-u16s", "RangeError", () => lists.echoU16s([1, 65536]));
  report.throws("echo-pair", "RangeError", () => tuples.echoPair([-1, ""]));
  report.throws("echo-u32", "RangeError", () => options.echoU32(-1));
  report.throws("echo-u8", "RangeError", () => echoU8(256));
  report.throws("echo-u8", "RangeError", () => echoU8(0.5));
  report.throws("echo-s64", "RangeError", () => echoS64(1n << 63n));
  // @ts-expect-error It takes a bigint.
  report.throws("echo-s64", "TypeError", () => echoS64(1));
  report.throws("echo-char", "TypeError", () => echoChar("ab"));
  report.throws("echo-string", "TypeError", () => echoString("\ud800"));
  // @ts-expect-error There is no such case.
  report.throws("echo-suit", "TypeError", () => enums.echoSuit("stars"));
  report.throws("echo-plain", "TypeError", () =>
    // @ts-expect-error There is no such case.
    variants.echoPlain({ tag: "maybe" }),
  );
  // @ts-expect-error There is no such flag.
  report.throws("echo-nine", "TypeError", () => flagSets.echoNine({ z: true }));
  // @ts-expect-error A field is missing.
  report.throws("echo-point", "TypeError", () => records.echoPoint({ x: 1 }));
}
