import { WitError } from "./bindings/errors.js";

/** @type {(value: unknown) => any} */
const any = (value) => value;

/** @type {import("./bindings/exports.js").Exports} */
export default {
  misfits: {
    byte: () => 300,
    small: () => -129,
    short: () => 0.5,
    count: () => -1,
    difference: () => 2 ** 31,
    huge: () => 1n << 64n,
    deep: () => any(1),
    real: () => any("0.5"),
    truth: () => any(1),
    letter: () => "ab",
    half: () => "\ud83e",
    text: () => "a\udd80",
    which: () => any("middle"),
    marked: () => any({ bold: true, tall: true }),
    place: () => ({ x: 1, y: 65536 }),
    radius: () => ({ tag: "circle", val: -1 }),
    points: () => ({
      tag: "path",
      val: [
        { x: 1, y: 2 },
        { x: 128, y: 0 },
      ],
    }),
    unknown: () => any({ tag: "square" }),
    octets: () => any([1, 256]),
    numbers: () => any([1, -32769]),
    maybe: () => 256,
    pair: () => [0, any(undefined)],
    succeeds: () => 256,
    fails: () => {
      throw new WitError(256);
    },
  },
};
