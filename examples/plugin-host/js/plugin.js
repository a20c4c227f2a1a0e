// A plugin: a component, what it is granted, and what becomes of a call.

import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

import { LinkError, Trap, WitError, instantiate, load } from "./bindings/index.js";

/** @typedef {import("./bindings/exports/example/plugins/filters.js").Options} Options */
/** @typedef {import("./bindings/exports/example/plugins/filters.js").FilterError} FilterError */

/** A component that was compiled, with its grants. */
export class Plugin {
  #name;
  #component;
  #grants;

  /**
   * @param {string} name
   * @param {Awaited<ReturnType<typeof load>>} component
   * @param {Record<string, any>} grants
   */
  constructor(name, component, grants) {
    this.#name = name;
    this.#component = component;
    this.#grants = grants;
  }

  /**
   * Loads a plugin with its grants; without a file, it is granted nothing.
   *
   * @param {string} path
   */
  static async load(path) {
    const grants = readGrants(`${path}.json`);
    return new Plugin(basename(path), await load(path), grants);
  }

  /**
   * Runs it in an instance of its own, and says what came of it.
   *
   * @param {Uint8Array} image
   * @param {Options} options
   */
  async apply(image, options) {
    const log = (/** @type {string} */ message) =>
      console.log(`${this.#name}: ${message}`);
    const grants = this.#grants;
    try {
      const { filters } = await instantiate(
        this.#component,
        { logger: { log } },
        { grants },
      );
      return `[${filters.filter(image, options).join(", ")}]`;
    } catch (error) {
      if (error instanceof WitError) {
        return reason(error.payload);
      }
      if (error instanceof Trap || error instanceof LinkError) {
        return `stopped: ${error.message}`;
      }
      throw error;
    }
  }
}

/** @param {FilterError} error */
function reason(error) {
  switch (error.tag) {
    case "ragged":
      return `${error.val} pixels are left over`;
    case "unsupported":
      return `cannot do it: ${error.val}`;
  }
}

/**
 * @param {string} path
 * @returns {Record<string, any>}
 */
function readGrants(path) {
  if (!existsSync(path)) {
    return {};
  }
  const grants = JSON.parse(readFileSync(path, "utf8"));
  // Its paths are relative to it, those of an object to the working directory.
  for (const directory of Object.values(grants.filesystem ?? {})) {
    directory.host = resolve(dirname(path), directory.host);
  }
  return grants;
}

/**
 * When the files of a plugin and its grants were written, by which a change is noticed.
 *
 * @param {string} path
 */
export function stampOf(path) {
  const files = readdirSync(path).map((name) => join(path, name));
  const stamps = [...files, `${path}.json`].map((file) => {
    const stats = statSync(file, { throwIfNoEntry: false });
    return [file, stats?.mtimeMs, stats?.size];
  });
  return JSON.stringify(stamps);
}
