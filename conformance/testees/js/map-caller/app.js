import * as maps from "./bindings/witgen/conformance/maps.js";
import { Report } from "../report.js";

/** @type {import("./bindings/exports.js").Exports} */
export default {
  run() {
    const report = new Report();
    const numbers = new Map([
      ["one", 1],
      ["", 4294967295],
      ["ärger", 0],
    ]);
    report.same("echo-map", maps.echoMap(numbers), numbers);
    report.same("echo-map", maps.echoMap(new Map()), new Map());
    const scores = { byName: numbers };
    report.same("echo-scores", maps.echoScores(scores), scores);
    const nested = new Map([
      [0, []],
      [255, ["a", "", "c"]],
    ]);
    report.same("echo-nested", maps.echoNested(nested), nested);
    report.throws("echo-map", "TypeError", () =>
      // @ts-expect-error What no `u32` takes.
      maps.echoMap(new Map([["one", "1"]])),
    );
    return report.lines;
  },
};
