// Joins a component with the world that generated code describes.

import { Exported, Imported } from "./calls.js";
import { LinkError } from "./errors.js";
import { extra, grantedTo, load } from "./plan.js";
import { signature } from "./signature.js";
import { State, build, buildLater, lowering } from "./state.js";

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
 * @property {(name: string) => import("./resources.js").ResourceClass} [define] Of an exported one.
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

/** @typedef {{ name: string, imports: Part[], exports: Part[] }} World */

/** @typedef {{ part: Part, wit: string, name: string, of?: string, type: any, make?: Func["make"], define?: ResourceItem["define"] }} Item */

/** @typedef {import("./plan.js").Rights & { interfaces?: Record<string, any> }} InstantiateOptions */

/** What a component imports. @typedef {{ name: string, path: string[], item: Item | undefined, isResource: boolean }} Wanted */

/**
 * What makes instances of the components of a world, and what reads components.
 *
 * @param {World} world
 */
export function bindings(world) {
  const imports = itemsOf(world.imports);
  const exports = itemsOf(world.exports);
  const known = new Map(
    imports.toReversed().map((item) => [track(full(item)), item]),
  );
  for (const item of imports) {
    known.set(full(item), item);
  }
  const find = (/** @type {string} */ wit) =>
    known.get(wit) ?? known.get(track(wit));
  const read = (/** @type {string | URL} */ location) =>
    load(location, (wit) => find(wit) !== undefined);
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
    const resources = new Set(plan["imported-resources"]);
    const wanted = plan.imports.map(({ name, path }, index) => {
      const item = find([name, ...path].join("#"));
      return { name, path, item, isResource: resources.has(index) };
    });

    /**
     * @param {Item | undefined} item
     * @param {number | undefined} type The signature in the plan.
     */
    const compare = (item, type) => {
      if (item?.make !== undefined && type !== undefined) {
        const actual = signature(plan, plan.funcs[type]);
        if (item.type !== actual) {
          problems.push(
            `\`${full(item)}\` is \`${actual}\`, and \`${item.type}\` in these bindings`,
          );
        }
      }
    };
    for (const { op, lowered, import: index } of plan.init) {
      if (op === "lower") {
        const { type } = plan.trampolines[lowering(plan, lowered)] ?? {};
        compare(wanted[index].item, type);
      }
    }
    const provided = exports.flatMap((item) => {
      const found = exportOf(plan, full(item));
      if (found === undefined) {
        problems.push(`it does not export \`${full(item)}\``);
        return [];
      }
      compare(item, found.type);
      return [{ item, found }];
    });
    /** What serves imports beyond the world. */
    const types =
      extra.Types !== undefined && wanted.some(({ item }) => item === undefined)
        ? new extra.Types(plan)
        : undefined;
    return { problems, wanted, provided, types };
  }

  /**
   * Joins a component with what it imports.
   *
   * @param {Plan} plan
   * @param {Record<string, any>} given
   * @param {InstantiateOptions} options
   */
  function join(plan, given, options) {
    const fitted = fits.get(plan) ?? fit(plan);
    fits.set(plan, fitted);
    const { wanted, provided, types } = fitted;
    const interfaces = { ...grantedTo(plan, options), ...options.interfaces };
    const found = wanted.map((one) => foundFor(one, given, interfaces));
    const problems = [
      ...missing(wanted, found, interfaces),
      ...unknown(world, given),
      ...fitted.problems,
    ];
    if (problems.length > 0) {
      const list = [...new Set(problems)].join("\n  ");
      throw new LinkError(
        `the component cannot be used as \`${world.name}\`:\n  ${list}`,
      );
    }
    const state = new State(plan, options.grants);
    const { resources } = state;
    if (resources !== undefined) {
      types?.bind(state, plan, interfaces);
      plan["imported-resources"].forEach((index, number) => {
        const { item } = wanted[index];
        if (item !== undefined) {
          resources.numbers[item.type.id] = number;
          resources.classes.set(number, found[index].target);
        }
      });
    }
    /** @type {Lower} */
    const lower = (_state, index, place, type) => {
      const { name, path, item } = wanted[index];
      const call = /** @type {(...args: any[]) => any} */ (found[index].call);
      const shown = [name, ...path].join(".");
      if (item?.make !== undefined) {
        return item.make(new Imported(state.memory(place), call, shown));
      }
      const of = types.signature(plan.funcs[type]);
      return extra.imported(extra.Place.of(state, place), call, of, shown);
    };
    return { state, lower, finish: () => exportsOf(state, provided) };
  }

  /**
   * @param {string | URL} location
   * @param {Record<string, any>} given
   * @param {InstantiateOptions} options
   */
  async function later(location, given, options) {
    const { plan, modules } = await read(location);
    const { state, lower, finish } = join(plan, given, options);
    await buildLater(state, modules, lower);
    return finish();
  }

  /**
   * @param {string | URL | Linked} component
   * @param {Record<string, any>} [given]
   * @param {InstantiateOptions} [options]
   * @returns {any}
   */
  function instantiate(component, given = {}, options = {}) {
    if (typeof component === "string" || component instanceof URL) {
      return later(component, given, options);
    }
    const { state, lower, finish } = join(component.plan, given, options);
    build(state, component.modules, lower);
    return finish();
  }

  return { instantiate, load: read };
}

/**
 * What an import calls, with the thing that has to be there for it.
 *
 * @param {Wanted} wanted
 * @param {Record<string, any>} given
 * @param {Record<string, any>} interfaces
 * @returns {{ target?: any, call?: (...args: any[]) => any }}
 */
function foundFor({ name, path, item }, given, interfaces) {
  if (item === undefined) {
    return extra.callable?.(name, path, interfaces) ?? {};
  }
  const { key } = item.part;
  const found = targetOf(item, key === undefined ? given : given[key]);
  if (typeof found.target === "function") {
    return found;
  }
  // An implementation of a whole package, such as WASI, is given by the names of WIT.
  const other = interfaces[name] ?? interfaces[name.replace(/@.*$/, "")];
  return targetOf(item, other);
}

/**
 * @param {Wanted[]} wanted
 * @param {{ target?: any }[]} found
 * @param {Record<string, any>} interfaces
 */
function missing(wanted, found, interfaces) {
  return wanted.flatMap(({ name, item, isResource }, index) => {
    if (typeof found[index].target === "function") {
      return [];
    }
    if (item !== undefined) {
      return [`the import \`${place(item)}\` is missing`];
    }
    if (isResource) {
      return [];
    }
    return name in interfaces && extra.callable === undefined
      ? [`it needs \`${name}\`, for which \`load\` has to read it here`]
      : [
          `it needs \`${name}\`, which is not of the world: give it in \`interfaces\``,
        ];
  });
}

/**
 * @param {World} world
 * @param {Record<string, any>} given
 */
function unknown({ imports }, given) {
  const keys = imports.flatMap(({ key, resources = [], functions = [] }) =>
    key === undefined
      ? [...resources, ...functions].map(({ name }) => name)
      : key,
  );
  return Object.keys(given)
    .filter((name) => !keys.includes(name))
    .map((name) => `the world has no import \`${name}\``);
}

/**
 * What the world exports, of an instance.
 *
 * @param {State} state
 * @param {{ item: Item, found: Export }[]} provided
 */
function exportsOf(state, provided) {
  /** @type {Record<string, any>} */
  const exports = {};
  /** @type {Map<unknown, import("./resources.js").ResourceClass>} */
  const classes = new Map();
  for (const { item, found } of provided) {
    const { define, make, name, part, type } = item;
    const holder =
      part.key === undefined ? exports : (exports[part.key] ??= {});
    if (define !== undefined) {
      const made = define(name);
      const number = Number(found.resource);
      state.resources.numbers[type.id] = number;
      state.resources.classes.set(number, made.Class);
      classes.set(part.key + name, made);
      holder[name] = made.Class;
    } else {
      const memory = state.memory(Number(found.options));
      const func = new Exported(memory, state.core(found), full(item));
      add(holder, item, state.watched(make?.(func)), classes);
    }
  }
  return exports;
}

/**
 * Puts a function where users look for it.
 *
 * @param {any} holder
 * @param {Item} item
 * @param {any} call
 * @param {Map<unknown, import("./resources.js").ResourceClass>} classes
 */
function add(holder, { part, wit, name, of }, call, classes) {
  if (of === undefined) {
    holder[name] = call;
  } else if (wit.startsWith("[c")) {
    classes.get(part.key + of)?.constructs(call);
  } else {
    const about = { value: call, writable: true, configurable: true };
    const Class = holder[of];
    const owner = wit.startsWith("[m") ? Class.prototype : Class;
    Object.defineProperty(owner, name, about);
  }
}

/**
 * @param {Part[]} parts
 * @returns {Item[]} A resource before its functions.
 */
function itemsOf(parts) {
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
const full = ({ part, wit }) =>
  part.wit === undefined ? wit : `${part.wit}#${wit}`;

/**
 * Where users give it.
 *
 * @param {Item} item
 * @returns {string}
 */
function place({ part, wit, name, of }) {
  const isMember = of !== undefined && !wit.startsWith("[s");
  const parts = [part.key, of, isMember ? undefined : name];
  return parts.filter((one) => one !== undefined).join(".");
}

/**
 * @param {Item} item
 * @param {any} holder
 * @returns {{ target: any, call?: (...args: any[]) => any }}
 */
function targetOf({ wit, name, of }, holder) {
  if (of === undefined) {
    const target = own(holder, name);
    return { target, call: target?.bind?.(holder) };
  }
  const Class = own(holder, of);
  if (wit.startsWith("[c")) {
    return { target: Class, call: (...args) => new Class(...args) };
  }
  return wit.startsWith("[s")
    ? { target: Class?.[name], call: (...args) => Class[name](...args) }
    : { target: Class, call: (self, ...args) => self[name](...args) };
}

/**
 * A property, unless it is one that every object has, such as `toString`.
 *
 * @param {any} holder
 * @param {string} name
 */
function own(holder, name) {
  const value = holder?.[name];
  return value === Object.prototype[/** @type {"toString"} */ (name)]
    ? undefined
    : value;
}

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
function track(name) {
  return name.replace(
    /@(\d+)\.(\d+)\.(\d+)(?=#|$)/,
    (_, major, minor, patch) =>
      major !== "0"
        ? `@${major}`
        : minor !== "0"
          ? `@0.${minor}`
          : `@0.0.${patch}`,
  );
}
