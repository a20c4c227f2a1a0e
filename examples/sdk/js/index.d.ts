import type { Exports } from "./bindings/index.js";

export type * from "./bindings/exports/example/textkit/text.js";
export { WitError } from "./bindings/index.js";

export const slug: Exports["text"]["slug"];
export const measure: Exports["text"]["measure"];
