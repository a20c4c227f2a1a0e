// What `load` brings in for strings that are not in UTF-8, and for those that one component hands to another.

export { transcoders } from "./transcode.js";
export * as wide from "./wide.js";
