// Joins a component with the world that generated code describes.

import { Exported } from "./calls.js";
import { LinkError } from "./errors.js";
import { extra, load } from "./plan.js";
import { signature } from "./signature.js";
import { State, instantiated } from "./state.js";

/** @import { Export, Linked, Plan } from "./plan.js" */
/** @import { ResourceType } from "./resources.js" */
/** @import { Lower } from "./state.js" */

/**
 * A function of a world.
 *
 * @typedef {object} Func
 * @property {string} wit Its name in WIT, such as `[method]counter.add`.
 * @property {string} name What users call it.
 * @property {string} [of] The class that it belongs to.
 * @property {string} type Its types, to compare.
 * @property {(func: any) => Function} make
 */

/**
 * A resource of a world.
 *
 * @typedef {object} ResourceItem
 * @property {string} wit
 * @property {string} name Its class.
 * @property {ResourceType} type
 * @property {typeof import("./resources.js").resourceClass} [define] Of an exported one.
 */

/**
 * What a world imports or exports: an interface, or what it has itself.
 *
 * @typedef {object} Part
 * @property {string} [wit] The name of the interface.
 * @property {string} [key] What users call it.
 * @property {ResourceItem[]} [resources]
 * @property {Func[]} [functions]
 */

/** @typedef {{ name: string, imports: Part[], exports: Part[], Imports?: typeof import("./imports.js").Imports }} World */

/** @typedef {{ part: Part, wit: string, name: string, of?: string, type: any, make?: Func["make"], define?: ResourceItem["define"] }} Item */

/** What a component exports of a world. @typedef {{ item: Item, shown: string, found: Export }} Provided */

/** @typedef {import("./plan.js").Rights & { interfaces?: Record<string, any> }} InstantiateOptions */

/** Finds out whether a function has the type of the plan. @typedef {(item: Item, type: number) => void} Compare */

/**
 * What makes instances of the components of a world, and what reads components.
 *
 * @param {World} world
 */
export function bindings(world) {
  const exports = itemsOf(world.exports);
  let imports = world.Imports && new world.Imports(world.imports);
  const read = (/** @type {string | URL} */ location) =>
    load(location, (wit) => imports?.find(wit) !== undefined);
  /** @type {WeakMap<Plan, ReturnType<typeof fit>>} */
  const fits = new WeakMap();

  /**
   * How a component and the world fit each other.
   *
   * @param {Plan} plan
   */
  function fit(plan) {
    /** @type {string[]} */
    const problems = [];
    /** @type {Compare} */
    const compare = (item, type) => {
      const actual = signature(plan, plan.funcs[type]);
      if (item.type !== actual) {
        problems.push(
          `\`${full(item)}\` is \`${actual}\`, and \`${item.type}\` in these bindings`,
        );
      }
    };
    // A world without imports has no code for them, and `load` brings it in for a component that has some.
    imports ??= extra.Imports && new extra.Imports([]);
    const wanted = imports?.wanted(plan, compare) ?? [];
    if (imports === undefined) {
      problems.push(...plan.imports.map(unread));
    }
    /** @type {Provided[]} */
    const provided = [];
    for (const item of exports) {
      const shown = full(item);
      const found = exportOf(plan, shown);
      if (found === undefined) {
        problems.push(`it does not export \`${shown}\``);
      } else {
        provided.push({ item, shown, found });
        if (found.type !== undefined) {
          compare(item, found.type);
        }
      }
    }
    return { problems, wanted, provided };
  }

  /**
   * Joins a component with what it imports.
   *
   * @param {Plan} plan
   * @param {Record<string, any>} given
   * @param {InstantiateOptions} options
   */
  function join(plan, given, options) {
    const state = new State(plan, options.grants);
    const fitted = fits.get(plan) ?? fit(plan);
    const { wanted, provided } = fitted;
    const found = imports?.found(plan, wanted, given, options);
    const keys = imports?.keys ?? [];
    const problems = [
      ...(found?.missing ?? []),
      ...Object.keys(given)
        .filter((name) => !keys.includes(name))
        .map((name) => `the world has no import \`${name}\``),
      ...fitted.problems,
    ];
    if (problems.length > 0) {
      const list = [...new Set(problems)].join("\n  ");
      throw new LinkError(
        `the component cannot be used as \`${world.name}\`:\n  ${list}`,
      );
    }
    fits.set(plan, fitted);
    return {
      state,
      lower: /** @type {Lower} */ (found?.bind(state)),
      finish: () => exportsOf(state, provided),
    };
  }

  /**
   * @param {string | URL | Linked} component
   * @param {Record<string, any>} [given]
   * @param {InstantiateOptions} [options]
   * @returns {any}
   */
  const instantiate = (component, given = {}, options = {}) =>
    instantiated(component, read, (plan) => join(plan, given, options));

  return { instantiate, load: read };
}

/** @param {{ name: string }} wanted */
export const unread = ({ name }) =>
  `it needs \`${name}\`: \`load\` has to read it here`;

/**
 * What the world exports, of an instance.
 *
 * @param {State} state
 * @param {Provided[]} provided
 */
function exportsOf(state, provided) {
  /** @type {Record<string, any>} */
  const exports = {};
  /** @type {Record<string, import("./resources.js").ResourceClass>} */
  const classes = {};
  for (const { item, shown, found } of provided) {
    const { define, make, name, of, type, wit } = item;
    const { key } = item.part;
    const holder = key === undefined ? exports : (exports[key] ??= {});
    if (define !== undefined) {
      const made = define(name, type, state, Number(found.resource));
      classes[`${key} ${name}`] = made;
      holder[name] = made.Class;
      continue;
    }
    const call = state.watched(make?.(Exported.of(state, found, shown)));
    if (of === undefined) {
      holder[name] = call;
    } else {
      classes[`${key} ${of}`].add(wit, name, call);
    }
  }
  return exports;
}

/**
 * @param {Part[]} parts
 * @returns {Item[]} A resource before its functions.
 */
export function itemsOf(parts) {
  return parts.flatMap((part) => {
    const { resources = [], functions = [] } = part;
    return [...resources, ...functions].map((item) => ({ ...item, part }));
  });
}

/**
 * The whole name in WIT.
 *
 * @param {Item} item
 */
export const full = ({ part, wit }) =>
  part.wit === undefined ? wit : `${part.wit}#${wit}`;

/**
 * The export of a component that is meant by one of a world, perhaps in another version.
 *
 * @param {Plan} plan
 * @param {string} wit
 * @returns {Export | undefined}
 */
function exportOf({ exports }, wit) {
  const [name, inner] = wit.split("#");
  const found =
    exports.find((other) => other.name === name) ??
    exports.find((other) => track(other.name) === track(name));
  return inner === undefined
    ? found
    : found?.instance?.find((other) => other.name === inner);
}

/**
 * The name with the versions that are compatible with its own: `a:b/c@1` of `a:b/c@1.2.3`.
 *
 * @param {string} name
 * @returns {string}
 */
export function track(name) {
  return name.replace(/@([1-9]\d*|0\.[1-9]\d*|0\.0\.\d+)[.\d]*(?=#|$)/, "@$1");
}
