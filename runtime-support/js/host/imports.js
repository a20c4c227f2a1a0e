// What the host gives to a component.

import { full, itemsOf, track, unread } from "./bindings.js";
import { Imported } from "./calls.js";
import { extra } from "./plan.js";

/** @import { Compare, InstantiateOptions, Item, Part } from "./bindings.js" */
/** @import { Plan } from "./plan.js" */
/** @import { Lower, State } from "./state.js" */

/** What a component imports. @typedef {{ name: string, path: string[], shown: string, item: Item | undefined, isResource: boolean }} Wanted */

/** What an import calls, with the thing that has to be there for it. @typedef {{ target?: any, call?: (...args: any[]) => any }} Target */

/** What a world imports. */
export class Imports {
  /** @type {Map<string, Item>} */
  #known = new Map();

  /** @param {Part[]} parts */
  constructor(parts) {
    const items = itemsOf(parts);
    for (const item of items.toReversed()) {
      this.#known.set(track(full(item)), item);
    }
    for (const item of items) {
      this.#known.set(full(item), item);
    }
    /** What users may give. */
    this.keys = items.map(({ name, part }) => part.key ?? name);
  }

  /**
   * An import by its name in WIT, perhaps in another version.
   *
   * @param {string} wit
   */
  find(wit) {
    return this.#known.get(wit) ?? this.#known.get(track(wit));
  }

  /**
   * What a component imports.
   *
   * @param {Plan} plan
   * @param {Compare} compare
   * @returns {Wanted[]}
   */
  wanted(plan, compare) {
    const { imports, init, trampolines } = plan;
    const wanted = imports.map(({ name, path }, index) => ({
      name,
      path,
      shown: [name, ...path].join("."),
      item: this.find([name, ...path].join("#")),
      isResource: plan["imported-resources"].includes(index),
    }));
    for (const { op, lowered, import: index } of init) {
      const { item } = wanted[index] ?? {};
      if (op === "lower" && item !== undefined) {
        compare(item, trampolines.find((one) => one.lowered === lowered)?.type);
      }
    }
    return wanted;
  }

  /**
   * What is given of it.
   *
   * @param {Plan} plan
   * @param {Wanted[]} wanted
   * @param {Record<string, any>} given By the names of the bindings.
   * @param {InstantiateOptions} options
   */
  found(plan, wanted, given, options) {
    /** @type {Record<string, any>} */
    const interfaces = {
      ...extra.granted?.(plan, options),
      ...options.interfaces,
    };
    const found = wanted.map((one) => foundFor(one, given, interfaces));

    /** Nobody gives them. */
    const missing = wanted.flatMap((one, index) => {
      const { name, item, isResource } = one;
      if (typeof found[index].target === "function") {
        return [];
      }
      if (item !== undefined) {
        return `the import \`${place(item)}\` is missing`;
      }
      if (isResource) {
        return [];
      }
      return name in interfaces && extra.callable === undefined
        ? unread(one)
        : `it needs \`${name}\`, which is not of the world: give it in \`interfaces\`${extra.advice?.(name) ?? ""}`;
    });

    /**
     * Makes an instance know the resources among them.
     *
     * @param {State} state
     * @returns {Lower} What makes the functions.
     */
    function bind(state) {
      const { resources } = state;
      if (wanted.some(({ item }) => item === undefined)) {
        extra.typesOf?.(plan).bind(state, plan, interfaces);
      }
      plan["imported-resources"].forEach((index, number) => {
        const { item } = wanted[index];
        if (item !== undefined) {
          resources?.define(item.type, number, found[index].target);
        }
      });
      return (trampoline, index) => {
        const { item, shown } = wanted[index];
        const call = /** @type {(...args: any[]) => any} */ (found[index].call);
        return item === undefined
          ? extra.lowered(state, trampoline, call, shown)
          : item.make?.(
              new Imported(state.memory(trampoline.options), call, shown),
            );
      };
    }
    return { missing, bind };
  }
}

/**
 * What an import calls.
 *
 * @param {Wanted} wanted
 * @param {Record<string, any>} given
 * @param {Record<string, any>} interfaces
 * @returns {Target}
 */
function foundFor({ name, path, item }, given, interfaces) {
  if (item === undefined) {
    return extra.callable?.(name, path, interfaces) ?? {};
  }
  const { key } = item.part;
  const found = targetOf(item, key === undefined ? given : given[key]);
  // An implementation of a whole package, such as WASI, is given by the names of WIT.
  return typeof found.target === "function"
    ? found
    : targetOf(item, interfaces[name] ?? interfaces[name.replace(/@.*/, "")]);
}

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
 * What is meant by a function, or by a member of a class.
 *
 * @param {{ wit: string, name: string, of?: string | undefined }} item
 * @param {any} holder
 * @returns {Target}
 */
export function targetOf({ wit, name, of }, holder) {
  const key = of ?? name;
  const value = holder?.[key];
  // What every object has, such as `toString`, was not given.
  const target =
    value === Object.prototype[/** @type {"toString"} */ (key)]
      ? undefined
      : value;
  if (of === undefined) {
    return { target, call: target?.bind?.(holder) };
  }
  if (wit.startsWith("[s")) {
    return { target: target?.[name], call: (...args) => target[name](...args) };
  }
  return {
    target,
    call: wit.startsWith("[c")
      ? (...args) => new target(...args)
      : (self, ...args) => self[name](...args),
  };
}
