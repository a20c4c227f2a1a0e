import * as left from "./bindings/left.js";
import * as right from "./bindings/right.js";
import { Report } from "../report.js";

/** @type {import("./bindings/exports.js").Exports} */
export default {
  run() {
    const report = new Report();
    const pen = { name: "pen", weight: 12 };
    const cup = { name: "cup", weight: 4294967295 };
    report.same("left.take", left.take(), undefined);
    report.same("left.put", left.put(pen), undefined);
    report.same("right.take", right.take(), undefined);
    report.same("right.put", right.put(cup), undefined);
    report.same("left.put", left.put(cup), pen);
    report.same("left.take", left.take(), cup);
    report.same("left.take", left.take(), undefined);
    report.same("right.take", right.take(), cup);
    report.same("right.take", right.take(), undefined);
    return report.lines;
  },
};
