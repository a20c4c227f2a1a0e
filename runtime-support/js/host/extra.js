// What `load` brings in for components that have handles, or are joined of several.

export { Resources } from "./handles.js";
export { flagsOf, trampolines } from "./trampolines.js";
