// What JavaScript hosts import: loading, instantiating, and the types that errors have.

export { instantiateDynamic } from "./dynamic.js";
export { ArgumentError, LinkError, Trap, WitError } from "./errors.js";
export { load } from "./plan.js";
