// Reads grants: what `docs/grants.md` of witgen explains, as an object.

import { LinkError } from "../errors.js";
import { path } from "./builtins.js";

/**
 * @typedef {{ host: string, access: "read" | "read-write" }} Directory
 * @typedef {object} Grants
 * @property {Record<string, Directory>} filesystem
 * @property {{ allow: string[], set: Record<string, string> }} env
 * @property {{ monotonic: boolean, wall: boolean }} clocks
 * @property {{ allow: boolean }} random
 * @property {{ stdin: boolean, stdout: boolean, stderr: boolean }} stdio
 */

/** @typedef {(value: unknown, place: string) => void} Check */

/** @type {Check} */
const flag = (value, place) => {
  if (typeof value !== "boolean") {
    throw wrong(`\`${place}\` is \`true\` or \`false\``);
  }
};

/** @type {Check} */
const texts = (value, place) => {
  if (
    !Array.isArray(value) ||
    !value.every((item) => typeof item === "string")
  ) {
    throw wrong(`\`${place}\` is a list of texts`);
  }
};

/** @type {Check} */
const variables = (value, place) => {
  for (const [name, text] of Object.entries(table(value, place))) {
    if (typeof text !== "string") {
      throw wrong(`\`${place}.${name}\` is a text`);
    }
  }
};

/**
 * Something that this host has no way to give, or to enforce.
 *
 * @param {string} what
 * @returns {Check}
 */
const impossible = (what) => (value, place) => {
  if (!(Array.isArray(value) && value.length === 0)) {
    throw wrong(`\`${place}\` cannot be granted: JavaScript hosts ${what}`);
  }
};
const unsocketed = impossible("have no sockets yet");
const limitless = impossible("cannot limit what a component computes");

/** @type {Record<string, Record<string, Check>>} */
const SECTIONS = {
  env: { allow: texts, set: variables },
  network: {
    "tcp-connect": unsocketed,
    "tcp-listen": unsocketed,
    udp: unsocketed,
    resolve: unsocketed,
  },
  http: { allow: impossible("send no requests yet") },
  clocks: { monotonic: flag, wall: flag },
  random: { allow: flag },
  stdio: { stdin: flag, stdout: flag, stderr: flag },
  keyvalue: { store: impossible("have no stores") },
  blobstore: { root: impossible("have no stores") },
  limits: { memory: limitless, fuel: limitless, deadline: limitless },
};

/**
 * Checks grants, and fills in what they leave out.
 *
 * @param {unknown} given
 * @returns {Grants}
 */
export function grantsOf(given) {
  const { filesystem = {}, ...sections } = table(given, "grants");
  for (const [section, keys] of Object.entries(sections)) {
    const known = SECTIONS[section];
    if (known === undefined) {
      throw unknown(section, ["filesystem", ...Object.keys(SECTIONS)]);
    }
    for (const [key, value] of Object.entries(table(keys, section))) {
      const check = known[key];
      if (check === undefined) {
        throw unknown(`${section}.${key}`, Object.keys(known), key);
      }
      check(value, `${section}.${key}`);
    }
  }
  const found = /** @type {Record<string, any>} */ (sections);
  return {
    filesystem: directories(table(filesystem, "filesystem")),
    env: { allow: [], set: {}, ...found.env },
    clocks: { monotonic: false, wall: false, ...found.clocks },
    random: { allow: false, ...found.random },
    stdio: { stdin: false, stdout: false, stderr: false, ...found.stdio },
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
