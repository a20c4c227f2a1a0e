// @ts-nocheck
import { exported } from "./functions.js";
import { exportedResource } from "./resources.js";

/** @import { Signature } from "./functions.js" */
/** @import { Members } from "./resources.js" */

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
 * @param {Export & { functions: Record<string, Signature>, resources?: Record<string, Members> }} type
 * @returns {Record<string, Function>}
 */
export function exportInterface({ app, as, functions, resources = {} }) {
  const implementation = find(app, as);
  if (implementation === undefined || implementation === null) {
    throw new TypeError(`the module does not export \`${as}\``);
  }
  const classes = Object.entries(resources).map(([name, members]) => {
    const user = property(implementation, name);
    return [name, exportedResource(user, `${as}.${name}`, members)];
  });
  const entries = Object.entries(functions).map(([func, signature]) => {
    const found = property(implementation, func);
    const call = callable(found, implementation, `${as}.${func}`);
    return [func, exported(call, signature)];
  });
  return Object.fromEntries([...classes, ...entries]);
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
