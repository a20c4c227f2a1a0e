// An application whose plugins are components, each with grants of its own, and which outlives all that they do.
//
// It takes a folder, in which NAME is the directory that `witgen link --metered` made of a plugin, and NAME.json its
// grants: the sections of a grants file.
// Each line that it reads, a width and a strength, goes to all plugins; what has changed since is loaded again.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { Plugin, stampOf } from "./plugin.js";

const IMAGE = Uint8Array.of(0, 50, 100, 150, 200, 250);

/** @type {Map<string, { stamp: string, plugin?: Plugin | undefined }>} */
const plugins = new Map();

/**
 * Loads what is new or has changed; a version that cannot be loaded leaves the one before it.
 *
 * @param {string} folder
 */
async function refresh(folder) {
  const isPlugin = (/** @type {string} */ name) =>
    existsSync(join(folder, name, "plan.json"));
  const found = readdirSync(folder).filter(isPlugin).sort();
  for (const name of plugins.keys()) {
    if (!found.includes(name)) {
      plugins.delete(name);
    }
  }
  for (const name of found) {
    const path = join(folder, name);
    const stamp = stampOf(path);
    let { stamp: known, plugin } = plugins.get(name) ?? {};
    if (stamp === known) {
      continue;
    }
    try {
      plugin = await Plugin.load(path);
    } catch (error) {
      console.log(`${name}: not loaded: ${error}`);
    }
    plugins.set(name, { stamp, plugin });
  }
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  throw new Error("usage: main.js FOLDER");
}
for await (const line of createInterface({ input: process.stdin })) {
  const [, width, strength] = /^(\d+) (\d+)$/.exec(line) ?? [];
  if (width === undefined) {
    console.log(`give a width and a strength, not \`${line}\``);
    continue;
  }
  await refresh(folder);
  const options = { width: Number(width), strength: Number(strength) };
  for (const [name, { plugin }] of [...plugins].sort()) {
    if (plugin !== undefined) {
      console.log(`${name}: ${await plugin.apply(IMAGE, options)}`);
    }
  }
}
