// @ts-nocheck
import { describe } from "../shared/describe.js";

/**
 * The part of a `wasi:io/streams` output stream that a console needs.
 *
 * @typedef {{ blockingWriteAndFlush(bytes: Uint8Array): void } & Disposable} OutputStream
 */

// WASI takes at most this many bytes at once.
const LARGEST_WRITE = 4096;

/**
 * Gives the engine, which has none, a `console` that writes to the standard streams.
 *
 * @param {{ getStdout(): OutputStream }} stdout `wasi:cli/stdout`
 * @param {{ getStderr(): OutputStream }} stderr `wasi:cli/stderr`
 */
export function installConsole(stdout, stderr) {
  const out = writer(() => stdout.getStdout());
  const err = writer(() => stderr.getStderr());
  const console = { log: out, info: out, debug: out, warn: err, error: err };
  Object.defineProperty(globalThis, "console", {
    value: console,
    configurable: true,
    writable: true,
  });
}

/**
 * @param {() => OutputStream} open
 * @returns {(...values: unknown[]) => void}
 */
function writer(open) {
  return (...values) => {
    const bytes = utf8(`${values.map(text).join(" ")}\n`);
    // A stream that was opened while the component was built is gone when it runs, so none is kept.
    const stream = open();
    try {
      for (let start = 0; start < bytes.length; start += LARGEST_WRITE) {
        stream.blockingWriteAndFlush(bytes.slice(start, start + LARGEST_WRITE));
      }
    } finally {
      stream[Symbol.dispose]();
    }
  };
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function text(value) {
  if (value instanceof Error) {
    return `${value.name}: ${value.message}\n${value.stack}`.trimEnd();
  }
  return describe(value);
}

/**
 * @param {string} value
 * @returns {Uint8Array}
 */
export function utf8(value) {
  // The engine has no TextEncoder; this old pair of functions does the same.
  const bytes = unescape(encodeURIComponent(value.toWellFormed()));
  return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
}
