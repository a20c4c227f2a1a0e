import { exported } from "./functions.js";

/** @import { Signature } from "./functions.js" */

/**
 * Where the user's part of an export is.
 *
 * @typedef {{ app: object, as: string }} Export The user's module, and the name in it.
 */

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
 * @param {Signature & Export} signature
 * @returns {(...args: any[]) => any}
 */
export function exportFunction({ app, as, ...signature }) {
  return exported(callable(find(app, as), undefined, as), signature);
}

/**
 * An interface that the world exports, checked to be complete.
 *
 * @param {Export & { functions: Record<string, Signature> }} type
 * @returns {Record<string, (...args: any[]) => any>}
 */
export function exportInterface({ app, as, functions }) {
  const implementation = find(app, as);
  if (implementation === undefined || implementation === null) {
    throw new TypeError(`the module does not export \`${as}\``);
  }
  const entries = Object.entries(functions).map(([func, signature]) => {
    const found = property(implementation, func);
    const call = callable(found, implementation, `${as}.${func}`);
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
