import type { World } from "./runtime.js";

/** The world that the bindings are for. */
export const world: World;
