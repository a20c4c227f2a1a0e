// Long strings in Node, whose `TextDecoder` takes one byte after the other unless all are ASCII.

import { buffer } from "./builtins.js";

// A Node without ICU cannot transcode.
const { isAscii, isUtf8, transcode } = buffer;
const plain = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** From so many bytes on, UTF-16 by way of a buffer is faster. */
const LONG = 1000;

/** Does what `TextDecoder` does. */
export const decoder = {
  /** @param {Uint8Array} bytes */
  decode: (bytes) =>
    bytes.length < LONG ||
    typeof transcode !== "function" ||
    isAscii(bytes) ||
    !isUtf8(bytes)
      ? plain.decode(bytes)
      : transcode(bytes, "utf8", "utf16le").toString("utf16le"),
};
