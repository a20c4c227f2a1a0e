// @ts-nocheck
/**
 * What generated guest bindings import.
 *
 * @module
 */

export { WitError } from "../shared/errors.js";
export {
  bool,
  char,
  f32,
  f64,
  s16,
  s32,
  s64,
  s8,
  string,
  u16,
  u32,
  u64,
  u8,
} from "./scalars.js";
export {
  enumeration,
  flags,
  option,
  record,
  result,
  variant,
} from "./compound.js";
export { list, map, tuple } from "./lists.js";
export { imported } from "./functions.js";
export { importedResource, resource } from "./resources.js";
export { exportFunction, exportInterface } from "./exports.js";
export { installConsole } from "./console.js";
