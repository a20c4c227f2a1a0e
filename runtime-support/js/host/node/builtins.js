// Node's own modules, which bundlers for browsers must not look for: nothing here runs in a browser.

/** @type {typeof import("node:buffer")} */
export const buffer = process.getBuiltinModule("node:buffer");
/** @type {typeof import("node:fs")} */
export const fs = process.getBuiltinModule("node:fs");
/** @type {typeof import("node:net")} */
export const net = process.getBuiltinModule("node:net");
/** @type {typeof import("node:path")} */
export const path = process.getBuiltinModule("node:path");
/** @type {typeof import("node:worker_threads")} */
export const threads = process.getBuiltinModule("node:worker_threads");
/** @type {typeof import("node:tty")} */
export const tty = process.getBuiltinModule("node:tty");
/** @type {typeof import("node:vm")} */
export const vm = process.getBuiltinModule("node:vm");
