import { exported } from "./functions.js";

/** @import { Signature } from "./functions.js" */

/**
 * Finds what a module exports: by name, or in an object that is its default export.
 *
 * @param {object} app The module's namespace.
 * @param {string} name
 * @returns {unknown}
 */
function find(app, name) {
  const found = property(app, name);
  return found === undefined ? property(property(app, "default"), name) : found;
}

/**
 * @param {unknown} object
 * @param {string} name
 * @returns {unknown}
 */
function property(object, name) {
  return object === undefined || object === null
    ? undefined
    : /** @type {Record<string, unknown>} */ (object)[name];
}

/**
 * A function that the world exports itself, checked to be there.
 *
 * @param {object} app The user's module.
 * @param {string} name
 * @param {Signature} signature
 * @returns {(...args: any[]) => any}
 */
export function exportFunction(app, name, signature) {
  return exported(callable(find(app, name), undefined, name), signature);
}

/**
 * An interface that the world exports, checked to be complete.
 *
 * @param {object} app The user's module.
 * @param {string} name
 * @param {Record<string, Signature>} functions
 * @returns {Record<string, (...args: any[]) => any>}
 */
export function exportInterface(app, name, functions) {
  const implementation = find(app, name);
  if (implementation === undefined || implementation === null) {
    throw new TypeError(`the module does not export \`${name}\``);
  }
  const entries = Object.entries(functions).map(([func, signature]) => {
    const found = property(implementation, func);
    const call = callable(found, implementation, `${name}.${func}`);
    return [func, exported(call, signature)];
  });
  return Object.fromEntries(entries);
}

/**
 * @param {unknown} found
 * @param {unknown} self
 * @param {string} name
 * @returns {(...args: any[]) => any}
 */
function callable(found, self, name) {
  if (found === undefined) {
    throw new TypeError(`the module does not export \`${name}\``);
  }
  if (typeof found !== "function") {
    throw new TypeError(
      `the module exports \`${name}\`, but not as a function`,
    );
  }
  return found.bind(self);
}
