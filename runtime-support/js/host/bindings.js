// What generated bindings import: the codecs of types, and what joins a component with the description of its world.

import { addMethod, addStatic, resourceClass } from "./classes.js";
import { LinkError } from "./errors.js";
import { exported, imported } from "./functions.js";
import { callable, found } from "./given.js";
import { pascal } from "./names.js";
import { grantedTo, load } from "./plan.js";
import { build, buildLater } from "./state.js";
import { Types } from "./types.js";
import { World } from "./world.js";

export {
  enumeration,
  flags,
  option,
  record,
  result,
  tuple,
  variant,
} from "./compound.js";
export { ArgumentError, LinkError, Trap, WitError } from "./errors.js";
export { list, map } from "./lists.js";
export { load } from "./plan.js";
export { resource } from "./resources.js";
export {
  bool,
  char,
  f32,
  f64,
  s16,
  s32,
  s64,
  s8,
  string,
  u16,
  u32,
  u64,
  u8,
} from "./scalars.js";

/** @import { Signature } from "./functions.js" */
/** @import { Export, Func, Linked, Plan } from "./plan.js" */
/** @import { Lower, State } from "./state.js" */
/** @import { Description, Item } from "./world.js" */

/**
 * @typedef {object} InstantiateOptions
 * @property {Record<string, any>} [interfaces]
 * @property {unknown} [grants]
 * @property {readonly string[]} [args]
 */

/**
 * Makes the function that instantiates components of a world.
 *
 * @param {Description} description
 */
export function bindings(description) {
  const world = new World(description);

  /**
   * @param {string | URL | Linked} component
   * @param {Record<string, any>} [imports]
   * @param {InstantiateOptions} [options]
   * @returns {any}
   */
  return function instantiate(component, imports = {}, options = {}) {
    if (typeof component === "string" || component instanceof URL) {
      return later(world, component, imports, options);
    }
    const { plan, modules } = component;
    const { lower, finish } = join(world, plan, imports, options);
    return finish(build(plan, modules, lower));
  };
}

/**
 * @param {World} world
 * @param {string | URL} location
 * @param {Record<string, any>} imports
 * @param {InstantiateOptions} options
 */
async function later(world, location, imports, options) {
  const { plan, modules } = await load(location);
  const { lower, finish } = join(world, plan, imports, options);
  return finish(await buildLater(plan, modules, lower));
}

/**
 * Joins a component with a world: how its imports are made, and what becomes of an instance.
 *
 * @param {World} world
 * @param {Plan} plan
 * @param {Record<string, any>} imports
 * @param {InstantiateOptions} options
 */
function join(world, plan, imports, options) {
  const interfaces = { ...grantedTo(plan, options), ...options.interfaces };
  const types = new Types(plan);
  const fit = new Fit(world, plan, types);
  const wanted = fit.imports(imports, interfaces);
  const provided = fit.exports();
  fit.conclude();

  const bind = (/** @type {State} */ state) => {
    types.bind(state, plan, interfaces);
    plan["imported-resources"].forEach((index, number) => {
      const { item, target } = wanted[index];
      if (item?.type !== undefined) {
        state.resources[item.type.key.id] = number;
        state.classes.set(number, target);
      }
    });
    for (const [{ type }, { resource }] of provided) {
      if (type !== undefined && resource !== undefined) {
        state.resources[type.key.id] = resource;
      }
    }
  };
  /** @type {Lower} */
  const lower = (made, index, place, type) => {
    if (made.resources.length === 0) {
      bind(made);
    }
    const { item, call } = wanted[index];
    const signature = item?.signature ?? types.signature(plan.funcs[type]);
    return imported(made, call, place, signature, shown(plan, index));
  };
  const finish = (/** @type {State} */ state) => {
    bind(state);
    return exportsOf(state, provided, world.checked);
  };
  return { lower, finish };
}

/** Whether a component and a world fit each other, and what is wrong if not. */
class Fit {
  /** @type {string[]} */
  problems = [];

  /**
   * @param {World} world
   * @param {Plan} plan
   * @param {Types} types
   */
  constructor(world, plan, types) {
    this.world = world;
    this.plan = plan;
    this.types = types;
  }

  /**
   * What the component is given for each of its imports.
   *
   * @param {Record<string, any>} imports
   * @param {Record<string, any>} interfaces
   * @returns {{ item: Item | undefined, target: any, call: (...args: any[]) => any }[]}
   */
  imports(imports, interfaces) {
    const { world, plan } = this;
    const resources = new Set(plan["imported-resources"]);
    const unknown = new Set();
    const wanted = plan.imports.map(({ name, path }, index) => {
      const item = world.import(name, path);
      const given = item?.given(imports);
      if (typeof given?.target === "function") {
        return { item, ...given };
      }
      // An implementation of a whole package, such as WASI, is given by the names of WIT.
      const other = callable(name, path, interfaces);
      if (resources.has(index)) {
        other.target = found(name, path.slice(0, -1), interfaces)?.[
          pascal(path.at(-1) ?? name)
        ];
      }
      if (typeof other.target !== "function") {
        if (item !== undefined) {
          this.problems.push(`the import \`${item.place}\` is missing`);
        } else if (!resources.has(index)) {
          unknown.add(name);
        }
      }
      return { item, ...other };
    });
    for (const name of unknown) {
      this.problems.push(
        `it needs \`${name}\`, which is not of the world: give it in \`interfaces\``,
      );
    }
    for (const name of Object.keys(imports)) {
      if (!world.takes(name)) {
        this.problems.push(`the world has no import \`${name}\``);
      }
    }
    for (const step of plan.init) {
      if (step.op === "lower") {
        const trampoline = plan.trampolines.find(
          ({ kind, lowered }) => kind === "lower" && lowered === step.lowered,
        );
        this.compare(wanted[step.import].item, trampoline?.type);
      }
    }
    return wanted;
  }

  /**
   * The export of the component for each of those that the world has.
   *
   * @returns {[Item, Export][]}
   */
  exports() {
    /** @type {[Item, Export][]} */
    const found = [];
    for (const item of this.world.exports) {
      const match = this.world.match(item, this.plan.exports);
      if (match === undefined) {
        this.problems.push(`it does not export \`${item.wit}\``);
      } else {
        this.compare(item, match.type);
        found.push([item, match]);
      }
    }
    return found;
  }

  /**
   * @param {Item | undefined} item
   * @param {number | undefined} type The signature in the plan.
   */
  compare(item, type) {
    if (item?.signature === undefined || type === undefined) {
      return;
    }
    const expected = kinds(item.signature);
    const actual = kinds(this.types.signature(this.plan.funcs[type]));
    if (expected !== actual) {
      this.problems.push(
        `\`${item.wit}\` is \`${actual}\`, and \`${expected}\` in these bindings`,
      );
    }
  }

  /** Says everything that is wrong at once. */
  conclude() {
    if (this.problems.length > 0) {
      const { name } = this.world;
      const list = [...new Set(this.problems)].join("\n  ");
      throw new LinkError(
        `the component cannot be used as \`${name}\`:\n  ${list}`,
      );
    }
  }
}

/**
 * The types of a function, to compare.
 *
 * @param {Signature} signature
 * @returns {string}
 */
function kinds({ params, result }) {
  const list = Object.values(params).map((param) => param.kind);
  return `(${list.join(", ")}) -> ${result?.kind ?? "nothing"}`;
}

/**
 * @param {Plan} plan
 * @param {number} index
 */
function shown(plan, index) {
  const { name, path } = plan.imports[index];
  return [name, ...path].join(".");
}

/**
 * @param {State} state
 * @param {[Item, Export][]} found
 * @param {boolean} checked
 */
function exportsOf(state, found, checked) {
  /** @type {Record<string, any>} */
  const exports = {};
  /** @type {Map<object, import("./classes.js").ResourceClass>} */
  const classes = new Map();
  for (const [item, match] of found) {
    const holder =
      item.owner === undefined ? exports : (exports[item.owner] ??= {});
    if (item.kind === "resource") {
      const made = resourceClass(item.member);
      state.classes.set(/** @type {number} */ (match.resource), made.Class);
      classes.set(/** @type {object} */ (item.type), made);
      holder[item.member] = made.Class;
      continue;
    }
    const call = exported(
      state,
      state.core(match),
      state.place(/** @type {number} */ (match.options)),
      /** @type {Signature} */ (item.signature),
      { checked },
    );
    const made = classes.get(/** @type {object} */ (item.type));
    switch (item.kind) {
      case "constructor":
        made?.constructs(call);
        break;
      case "method":
        addMethod(made?.Class, item.member, call);
        break;
      case "static":
        addStatic(made?.Class, item.member, call);
        break;
      default:
        holder[item.member] = call;
    }
  }
  return exports;
}
