import { LinkError } from "./errors.js";
import * as beyond from "./beyond.js";
import * as handles from "./extra.js";
import { exported } from "./functions.js";
import { callable, unsatisfied } from "./given.js";
import { camel, pascal } from "./names.js";
import { Place } from "./place.js";
import { extra, load } from "./plan.js";
import { newClass } from "./resources.js";
import * as strings from "./strings.js";
import { State, instantiated } from "./state.js";
import { typesOf } from "./types.js";

/** @import { ResourceClass } from "./resources.js" */
/** @import { Types } from "./types.js" */
/** @import { Export, Linked, Plan, Rights } from "./plan.js" */
/** @import { Lower } from "./state.js" */

/**
 * Instantiates a component without bindings: values have the types that the plan says.
 *
 * Imports are objects by the name of the interface, or functions by their names in lowerCamelCase; resources are
 * classes in UpperCamelCase.
 *
 * @template {string | URL | Linked} T
 * @param {T} component What `load` gave, or where the plan is.
 * @param {Record<string, any>} [imports]
 * @param {Rights} [options]
 * @returns {T extends Linked ? Record<string, any> : Promise<Record<string, any>>} The exports, under names of the same kind.
 */
export function instantiateDynamic(component, imports = {}, options = {}) {
  return instantiated(component, load, (plan) => join(plan, imports, options));
}

/**
 * @param {Plan} plan
 * @param {Record<string, any>} given
 * @param {Rights} options
 */
function join(plan, given, options) {
  const imports = { ...extra.granted?.(plan, options), ...given };
  const types = typesOf(plan);
  const missing = unsatisfied(plan, imports);
  if (missing.length > 0) {
    throw new LinkError(`imports are missing: ${missing.join(", ")}`);
  }
  Object.assign(extra, handles, strings, beyond);
  const state = new State(plan, options.grants);
  types.bind(state, plan, imports);
  /** @type {Lower} */
  const lower = (trampoline, index) => {
    const { name, path } = plan.imports[index];
    const { call } = callable(name, path, imports);
    const shown = [name, ...path].join(".");
    return beyond.lowered(state, trampoline, /** @type {any} */ (call), shown);
  };
  const finish = () => exportsOf(state, plan.exports, types);
  return { state, lower, finish };
}

/**
 * @param {State} state
 * @param {Export[]} items
 * @param {Types} types
 * @returns {Record<string, any>}
 */
function exportsOf(state, items, types) {
  /** @type {Record<string, any>} */
  const exports = {};
  /** @type {Record<string, ResourceClass>} */
  const classes = {};
  for (const { name, resource: number } of items) {
    if (number !== undefined) {
      const found = classOf(state, number, pascal(name));
      classes[pascal(name)] = found;
      exports[pascal(name)] = found.Class;
    }
  }
  for (const item of items) {
    if (item.instance !== undefined) {
      const key = /[:/]/.test(item.name) ? item.name : camel(item.name);
      exports[key] = exportsOf(state, item.instance, types);
    } else if (item.func !== undefined) {
      attach(exports, classes, item.name, functionOf(state, item, types));
    }
  }
  return exports;
}

/**
 * @param {State} state
 * @param {Export} item
 * @param {Types} types
 * @returns {Function}
 */
function functionOf(state, item, types) {
  const func = state.plan.funcs[/** @type {number} */ (item.type)];
  const place = Place.of(state, Number(item.options));
  const call = exported(state.core(item), place, types.signature(func));
  return state.watched(call);
}

/**
 * The class of a resource; one that was imported is the class that the host gave.
 *
 * @param {State} state
 * @param {number} number
 * @param {string} name
 * @returns {ResourceClass}
 */
function classOf(state, number, name) {
  const { classes, imported: count } = state.resources;
  const known = classes.get(number);
  if (known !== undefined || number < count) {
    return { Class: known, add: () => {} };
  }
  const made = newClass(name);
  classes.set(number, made.Class);
  return made;
}

/**
 * Puts a function where it belongs: into a class, or as it is.
 *
 * @param {Record<string, any>} exports
 * @param {Record<string, ResourceClass>} classes
 * @param {string} name
 * @param {Function} call
 */
function attach(exports, classes, name, call) {
  const [, kind, type, member = ""] =
    /^\[(method|static|constructor)\]([^.]+)(?:\.(.+))?$/.exec(name) ?? [];
  if (kind === undefined) {
    const key = camel(name);
    // A promise of an object that has a function `then` would call it.
    exports[key === "then" ? "then_" : key] = call;
    return;
  }
  const method = function (/** @type {any[]} */ ...args) {
    // @ts-expect-error: methods have their object.
    return call(this, ...args);
  };
  const added = kind === "method" ? method : call;
  classes[pascal(type)].add(name, camel(member), added);
}
