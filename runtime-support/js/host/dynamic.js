import { LinkError } from "./errors.js";
import * as all from "./extra.js";
import { exported, imported } from "./functions.js";
import { callable, unsatisfied } from "./given.js";
import { lowering } from "./imports.js";
import { camel, pascal } from "./names.js";
import { Place } from "./place.js";
import { extra, load } from "./plan.js";
import { newClass } from "./resources.js";
import { State, build, buildLater } from "./state.js";
import { Types } from "./types.js";

/** @import { ResourceClass } from "./resources.js" */
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
  if (typeof component === "string" || component instanceof URL) {
    return /** @type {any} */ (later(component, imports, options));
  }
  const { plan, modules } = component;
  const { state, lower, finish } = join(plan, imports, options);
  build(state, modules, lower);
  return /** @type {any} */ (finish());
}

/**
 * @param {string | URL} location
 * @param {Record<string, any>} imports
 * @param {Rights} options
 */
async function later(location, imports, options) {
  const { plan, modules } = await load(location);
  const { state, lower, finish } = join(plan, imports, options);
  await buildLater(state, modules, lower);
  return finish();
}

/**
 * @param {Plan} plan
 * @param {Record<string, any>} given
 * @param {Rights} options
 */
function join(plan, given, options) {
  const imports = { ...extra.granted?.(plan, options), ...given };
  const types = new Types(plan);
  const missing = unsatisfied(plan, imports);
  if (missing.length > 0) {
    throw new LinkError(`imports are missing: ${missing.join(", ")}`);
  }
  Object.assign(extra, all);
  const state = new State(plan, options.grants);
  types.bind(state, plan, imports);
  /** @type {Lower} */
  const lower = (step, trampolines) => {
    const { place, options, type } = lowering(plan, step);
    const { name, path } = plan.imports[step.import];
    const { call } = callable(name, path, imports);
    const signature = types.signature(plan.funcs[type]);
    const shown = [name, ...path].join(".");
    const at = Place.of(state, options);
    trampolines[place] = imported(at, call, signature, shown);
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
