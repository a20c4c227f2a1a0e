// Reads grants: what `docs/grants.md` of witgen explains, as an object.

import { LinkError } from "../errors.js";
import { entryOf, hostName, originOf } from "./addresses.js";
import { path } from "./builtins.js";

/** @import { Entry } from "./addresses.js" */

/**
 * @typedef {{ host: string, access: "read" | "read-write" }} Directory
 * @typedef {object} Grants
 * @property {Record<string, Directory>} filesystem
 * @property {{ allow: string[], set: Record<string, string> }} env
 * @property {{ "tcp-connect": Entry[], "tcp-listen": Entry[], udp: Entry[], resolve: string[] }} network
 * @property {{ allow: string[] }} http Origins, as `sameOrigin` writes them.
 * @property {{ monotonic: boolean, wall: boolean }} clocks
 * @property {{ allow: boolean }} random
 * @property {{ stdin: boolean, stdout: boolean, stderr: boolean }} stdio
 * @property {{ store?: string }} keyvalue
 * @property {{ root?: string }} blobstore
 * @property {{ set: Record<string, string> }} config
 * @property {{ allow: boolean }} logging
 * @property {{ memory?: { bytes: number, text: string }, fuel?: number, deadline?: { time: number, text: string }, handles?: number }} limits Time in milliseconds.
 */

/** What a key means. @template T @typedef {(value: unknown, place: string) => T} Read */

/** @type {Read<boolean>} */
const flag = (value, place) => {
  if (typeof value !== "boolean") {
    throw wrong(`\`${place}\` is \`true\` or \`false\``);
  }
  return value;
};

/** @type {Read<string[]>} */
const texts = (value, place) => {
  if (
    !Array.isArray(value) ||
    !value.every((item) => typeof item === "string")
  ) {
    throw wrong(`\`${place}\` is a list of texts`);
  }
  return value;
};

/**
 * A list of texts with a meaning.
 *
 * @template T
 * @param {(text: string) => T | undefined} meaning
 * @param {string} what A text is, when it has a meaning.
 * @returns {Read<T[]>}
 */
const each = (meaning, what) => (value, place) =>
  texts(value, place).map((text) => {
    const found = meaning(text);
    if (found === undefined) {
      throw wrong(`\`${text}\` in \`${place}\` is no ${what}`);
    }
    return found;
  });

const addresses = each(
  entryOf,
  "address: write `host:port`, such as `127.0.0.1:6379`, `[::1]:80` or `db:*`",
);
const names = each(hostName, "name that can be looked up");
const origins = each(originOf, "origin such as `https://api.example.org`");

/** @type {Read<Record<string, string>>} */
const variables = (value, place) => {
  for (const [name, text] of Object.entries(table(value, place))) {
    if (typeof text !== "string") {
      throw wrong(`\`${place}.${name}\` is a text`);
    }
  }
  return /** @type {Record<string, string>} */ (value);
};

/** @type {Read<string>} */
const store = (value, place) => {
  if (value !== "memory" && !/^file:./.test(String(value))) {
    throw wrong(
      `\`${place}\` is "memory" or "file:PATH" here; give other stores as the option \`store\``,
    );
  }
  return String(value);
};

/** @type {Read<string>} */
const folder = (value, place) => {
  if (typeof value !== "string" || value === "") {
    throw wrong(`\`${place}\` is the path of a directory`);
  }
  return path.resolve(value);
};

/** Milliseconds. @type {Record<string, number>} */
const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** What timers of Node take. */
const LONGEST = 2 ** 31 - 1;

/** @type {Read<{ time: number, text: string }>} */
const duration = (value, place) => {
  const text = typeof value === "number" ? `${value}s` : String(value);
  const [, number = "", unit = ""] = /^([\d.]+)\s*(ms|s|m|h)$/.exec(text) ?? [];
  const time = Math.ceil(Number(number) * UNITS[unit]);
  if (number === "" || !(time <= LONGEST)) {
    throw wrong(`\`${place}\` is no time such as "5s" or "200ms"`);
  }
  return { time: Math.max(1, time), text };
};

/** Bytes. @type {Record<string, number>} */
const SIZES = { "": 1, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** @type {Read<{ bytes: number, text: string }>} */
const size = (value, place) => {
  const [, number = "", unit = ""] =
    /^(\d+) *(B|KiB|MiB|GiB|)$/.exec(String(value)) ?? [];
  const bytes = Number(number) * SIZES[unit];
  if (number === "" || !Number.isSafeInteger(bytes)) {
    throw wrong(`\`${place}\` is a text such as "256MiB" or a number of bytes`);
  }
  const [name, factor] = Object.entries(SIZES)
    .reverse()
    .find(([, factor]) => bytes % factor === 0) ?? ["", 1];
  const text =
    bytes === 0 || factor === 1 ? `${bytes} bytes` : `${bytes / factor}${name}`;
  return { bytes, text };
};

/** @type {Read<number>} */
const count = (value, place) => {
  if (!Number.isSafeInteger(value) || Number(value) < 0) {
    throw wrong(`\`${place}\` is a whole number`);
  }
  return Number(value);
};

/** @type {Record<string, Record<string, Read<unknown>>>} */
const SECTIONS = {
  env: { allow: texts, set: variables },
  network: {
    "tcp-connect": addresses,
    "tcp-listen": addresses,
    udp: addresses,
    resolve: names,
  },
  http: { allow: origins },
  clocks: { monotonic: flag, wall: flag },
  random: { allow: flag },
  stdio: { stdin: flag, stdout: flag, stderr: flag },
  keyvalue: { store },
  blobstore: { root: folder },
  config: { set: variables },
  logging: { allow: flag },
  limits: {
    memory: size,
    fuel: count,
    deadline: duration,
    handles: count,
  },
};

/**
 * Checks grants, and fills in what they leave out.
 *
 * @param {unknown} given
 * @returns {Grants}
 */
export function grantsOf(given) {
  const { filesystem = {}, ...sections } = table(given, "grants");
  /** @type {Record<string, any>} */
  const found = {};
  for (const [section, keys] of Object.entries(sections)) {
    const known = SECTIONS[section];
    if (known === undefined) {
      throw unknown(section, ["filesystem", ...Object.keys(SECTIONS)]);
    }
    found[section] = {};
    for (const [key, value] of Object.entries(table(keys, section))) {
      const read = known[key];
      if (read === undefined) {
        throw unknown(`${section}.${key}`, Object.keys(known), key);
      }
      found[section][key] = read(value, `${section}.${key}`);
    }
  }
  return {
    filesystem: directories(table(filesystem, "filesystem")),
    env: { allow: [], set: {}, ...found.env },
    network: {
      "tcp-connect": [],
      "tcp-listen": [],
      udp: [],
      resolve: [],
      ...found.network,
    },
    http: { allow: [], ...found.http },
    clocks: { monotonic: false, wall: false, ...found.clocks },
    random: { allow: false, ...found.random },
    stdio: { stdin: false, stdout: false, stderr: false, ...found.stdio },
    keyvalue: { ...found.keyvalue },
    blobstore: { ...found.blobstore },
    config: { set: {}, ...found.config },
    logging: { allow: false, ...found.logging },
    limits: { ...found.limits },
  };
}

/**
 * @param {Record<string, unknown>} given
 * @returns {Record<string, Directory>}
 */
function directories(given) {
  /** @type {Record<string, Directory>} */
  const found = {};
  for (const [name, value] of Object.entries(given)) {
    const place = `filesystem.${JSON.stringify(name)}`;
    const parts = name.split("/");
    if (!name.startsWith("/") || parts.includes("..") || parts.includes(".")) {
      throw wrong(
        `\`${name}\` is no path of a component: it begins with \`/\` and has no \`.\` or \`..\``,
      );
    }
    const { host, access = "read", ...rest } = table(value, place);
    const [other] = Object.keys(rest);
    if (other !== undefined) {
      throw unknown(`${place}.${other}`, ["host", "access"], other);
    }
    if (typeof host !== "string") {
      throw wrong(`\`${place}.host\` is the path of a directory`);
    }
    if (access !== "read" && access !== "read-write") {
      throw wrong(`\`${place}.access\` is "read" or "read-write"`);
    }
    found[name] = { host: path.resolve(host), access };
  }
  return found;
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {Record<string, unknown>}
 */
function table(value, place) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrong(`\`${place}\` is an object`);
  }
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @param {string} message
 * @returns {LinkError}
 */
function wrong(message) {
  return new LinkError(`wrong grants: ${message}`);
}

/**
 * @param {string} place
 * @param {string[]} known
 * @param {string} [name]
 * @returns {LinkError}
 */
function unknown(place, known, name = place) {
  const best = known
    .map((other) => ({ other, distance: distance(name, other) }))
    .sort((left, right) => left.distance - right.distance)[0];
  const help =
    best.distance <= 1 + name.length / 3
      ? `did you mean \`${best.other}\`?`
      : `there are ${known.join(", ")}`;
  return wrong(`there is no \`${place}\`; ${help}`);
}

/**
 * How many letters have to be changed.
 *
 * @param {string} left
 * @param {string} right
 * @returns {number}
 */
function distance(left, right) {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let at = 1; at <= left.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= right.length; to += 1) {
      const change = left[at - 1] === right[to - 1] ? 0 : 1;
      next.push(Math.min(row[to] + 1, next[to - 1] + 1, row[to - 1] + change));
    }
    row = next;
  }
  return row[right.length];
}
