// What the host gives to a component.

import { full, itemsOf, track, unread } from "./bindings.js";
import { Imported } from "./calls.js";
import { extra } from "./plan.js";

/** @import { Compare, InstantiateOptions, Item, Part } from "./bindings.js" */
/** @import { Plan } from "./plan.js" */
/** @import { Lower, State } from "./state.js" */

/** What a component imports. @typedef {{ name: string, path: string[], item: Item | undefined, isResource: boolean }} Wanted */

/** What a world imports. */
export class Imports {
  /** @type {Map<string, Item>} */
  #known;

  /** @param {Part[]} parts */
  constructor(parts) {
    const items = itemsOf(parts);
    const tracked = items.map((item) => [track(full(item)), item]);
    const named = items.map((item) => [full(item), item]);
    this.#known = new Map(
      /** @type {[string, Item][]} */ ([...tracked.reverse(), ...named]),
    );
    /** What users may give. */
    this.keys = parts.flatMap(({ key, resources = [], functions = [] }) =>
      key === undefined
        ? [...resources, ...functions].map(({ name }) => name)
        : key,
    );
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
    const resources = new Set(plan["imported-resources"]);
    const wanted = plan.imports.map(({ name, path }, index) => {
      const item = this.find([name, ...path].join("#"));
      return { name, path, item, isResource: resources.has(index) };
    });
    for (const step of plan.init.filter(({ op }) => op === "lower")) {
      const { item } = wanted[step.import];
      if (item?.make !== undefined) {
        compare(item, lowering(plan, step).type);
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
    const granted = extra.granted?.(plan, options);
    const interfaces = { ...granted, ...options.interfaces };
    return new Found(wanted, given, interfaces);
  }
}

/** What an instance imports. */
class Found {
  /**
   * @param {Wanted[]} wanted
   * @param {Record<string, any>} given
   * @param {Record<string, any>} interfaces
   */
  constructor(wanted, given, interfaces) {
    this.wanted = wanted;
    this.interfaces = interfaces;
    this.found = wanted.map((one) => foundFor(one, given, interfaces));
  }

  /** Says what nobody gives. */
  missing() {
    return this.wanted.flatMap((one, index) => {
      const { name, item, isResource } = one;
      if (typeof this.found[index].target === "function") {
        return [];
      }
      if (item !== undefined) {
        return [`the import \`${place(item)}\` is missing`];
      }
      if (isResource) {
        return [];
      }
      return name in this.interfaces && extra.callable === undefined
        ? [unread(one)]
        : [
            `it needs \`${name}\`, which is not of the world: give it in \`interfaces\`${extra.advice?.(name) ?? ""}`,
          ];
    });
  }

  /**
   * Makes an instance know the resources among them.
   *
   * @param {State} state
   * @returns {Lower} What makes the functions.
   */
  bind(state) {
    const { wanted, found } = this;
    const { plan, resources } = state;
    const types = wanted.some(({ item }) => item === undefined)
      ? extra.typesOf?.(plan)
      : undefined;
    if (resources !== undefined) {
      types?.bind(state, plan, this.interfaces);
      plan["imported-resources"].forEach((index, number) => {
        const { item } = wanted[index];
        if (item !== undefined) {
          resources.numbers[item.type.id] = number;
          resources.classes.set(number, found[index].target);
        }
      });
    }
    return (step, trampolines) => {
      const { place, options, type } = lowering(plan, step);
      const { name, path, item } = wanted[step.import];
      const call = /** @type {(...args: any[]) => any} */ (
        found[step.import].call
      );
      const shown = [name, ...path].join(".");
      if (item?.make !== undefined) {
        const func = new Imported(state.memory(options), call, shown);
        trampolines[place] = item.make(func);
      } else {
        const of = types.signature(plan.funcs[type]);
        const at = extra.Place.of(state, options);
        trampolines[place] = extra.imported(at, call, of, shown);
      }
    };
  }
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
 * What a plan says of an import, and which of its trampolines that is.
 *
 * @param {Plan} plan
 * @param {Record<string, any>} step
 * @returns {{ place: number, type: number, options: number }}
 */
export function lowering({ trampolines }, { lowered }) {
  const place = trampolines.findIndex(
    (trampoline) =>
      trampoline.kind === "lower" && trampoline.lowered === lowered,
  );
  const { type, options } = trampolines[place];
  return { place, type, options };
}
