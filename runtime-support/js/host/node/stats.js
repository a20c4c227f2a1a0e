// What is known of a file, as WASI says it.

/** @import { BigIntStats } from "node:fs" */

/**
 * @typedef {{ seconds: bigint, nanoseconds: number }} Datetime
 * @typedef {{ tag: "no-change" | "now" } | { tag: "timestamp", val: Datetime }} NewTimestamp
 */

/**
 * @param {{ isFile(): boolean, isDirectory(): boolean, isSymbolicLink(): boolean, isFIFO(): boolean, isSocket(): boolean, isCharacterDevice(): boolean, isBlockDevice(): boolean }} stats
 * @returns {string}
 */
export function typeOf(stats) {
  if (stats.isFile()) {
    return "regular-file";
  }
  if (stats.isDirectory()) {
    return "directory";
  }
  if (stats.isSymbolicLink()) {
    return "symbolic-link";
  }
  if (stats.isFIFO()) {
    return "fifo";
  }
  if (stats.isSocket()) {
    return "socket";
  }
  if (stats.isCharacterDevice()) {
    return "character-device";
  }
  return stats.isBlockDevice() ? "block-device" : "unknown";
}

const NANOSECONDS = 1_000_000_000n;

/** @param {BigIntStats} stats */
export function statOf(stats) {
  return {
    type: typeOf(stats),
    linkCount: stats.nlink,
    size: stats.size,
    dataAccessTimestamp: datetime(stats.atimeNs),
    dataModificationTimestamp: datetime(stats.mtimeNs),
    statusChangeTimestamp: datetime(stats.ctimeNs),
  };
}

/**
 * @param {bigint} time
 * @returns {Datetime | undefined}
 */
function datetime(time) {
  // WASI has no time before 1970.
  return time < 0n
    ? undefined
    : {
        seconds: time / NANOSECONDS,
        nanoseconds: Number(time % NANOSECONDS),
      };
}

/**
 * @param {BigIntStats} now
 * @param {NewTimestamp} read
 * @param {NewTimestamp} written
 * @returns {[number, number]} In seconds.
 */
export function timesOf(now, read, written) {
  /** @type {(time: NewTimestamp, old: bigint) => number} */
  const seconds = (time, old) => {
    switch (time.tag) {
      case "no-change":
        return Number(old) / 1e9;
      case "now":
        return Date.now() / 1e3;
      case "timestamp":
        return Number(time.val.seconds) + time.val.nanoseconds / 1e9;
    }
  };
  return [seconds(read, now.atimeNs), seconds(written, now.mtimeNs)];
}

/** @param {BigIntStats} stats */
export function hashOf({ dev, ino }) {
  return { lower: BigInt.asUintN(64, ino), upper: BigInt.asUintN(64, dev) };
}
