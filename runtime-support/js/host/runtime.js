// What generated bindings import; a bundler leaves out what a world does not need.

export { bindings } from "./bindings.js";
export { payloadOf } from "./calls.js";
export * from "./checks.js";
export { ArgumentError, LinkError, Trap, WitError } from "./errors.js";
export { Imports } from "./imports.js";
export { load } from "./plan.js";
export {
  ResourceType,
  beginBorrows,
  beginChecks,
  checkBorrow,
  checkLent,
  checkOwn,
  endBorrows,
  liftBorrow,
  liftOwn,
  lowerBorrow,
  lowerOwn,
  resourceClass,
} from "./resources.js";
export * from "./values.js";
