import { Resource } from "./resources.js";

/**
 * The class of a resource that the component defines: one for each instance, whose functions it calls.
 *
 * @typedef {object} ResourceClass
 * @property {any} Class
 * @property {(call: Function) => void} constructs Says what `new` calls.
 */

/**
 * @param {string} name
 * @returns {ResourceClass}
 */
export function resourceClass(name) {
  /** @type {Function | undefined} */
  let create;
  const Class = {
    [name]: class extends Resource {
      // @ts-expect-error TypeScript wants a `super` call, but the component makes the object.
      constructor(/** @type {any[]} */ ...args) {
        if (create === undefined) {
          throw new TypeError(`${name} has no constructor`);
        }
        return create(...args);
      }
    },
  }[name];
  const constructs = (/** @type {Function} */ call) => {
    create = call;
  };
  return { Class, constructs };
}

/**
 * Gives a class a static function.
 *
 * @param {any} Class
 * @param {string} name It may be one that every class has, such as `length`.
 * @param {Function} call
 */
export function addStatic(Class, name, call) {
  const about = { writable: true, configurable: true };
  Object.defineProperty(Class, name, { value: call, ...about });
}

/**
 * Gives the objects of a class a method.
 *
 * @param {any} Class
 * @param {string} name
 * @param {Function} call Takes the object first.
 */
export function addMethod(Class, name, call) {
  Class.prototype[name] = function (/** @type {any[]} */ ...args) {
    return call(this, ...args);
  };
}
