import * as scalars from "./scalars.js";
import {
  enumeration,
  flags,
  option,
  record,
  result,
  tuple,
  variant,
} from "./compound.js";
import { LinkError } from "./errors.js";
import { exported, imported } from "./functions.js";
import { list, map } from "./lists.js";
import { load } from "./plan.js";
import { Resource, resource } from "./resources.js";
import { build } from "./state.js";

/** @import { Codec } from "./scalars.js" */
/** @import { Export, Func, Linked, Plan, TypeRef } from "./plan.js" */
/** @import { State } from "./state.js" */

/**
 * Instantiates a component without bindings: values have the types that the plan says.
 *
 * Imports are objects by the name of the interface, or functions by their names in lowerCamelCase; resources are
 * classes in UpperCamelCase.
 *
 * @template {string | URL | Linked} T
 * @param {T} component What `load` gave, or where the plan is.
 * @param {Record<string, any>} [imports]
 * @returns {T extends Linked ? Record<string, any> : Promise<Record<string, any>>} The exports, under names of the same kind.
 */
export function instantiateDynamic(component, imports = {}) {
  if (typeof component === "string" || component instanceof URL) {
    return /** @type {any} */ (
      load(component).then((linked) => instantiate(linked, imports))
    );
  }
  return /** @type {any} */ (instantiate(component, imports));
}

/**
 * @param {Linked} linked
 * @param {Record<string, any>} imports
 * @returns {Record<string, any>}
 */
function instantiate({ plan, modules }, imports) {
  const types = new Types(plan);
  const missing = unsatisfied(plan, imports);
  if (missing.length > 0) {
    throw new LinkError(`imports are missing: ${missing.join(", ")}`);
  }
  const state = build(plan, modules, (made, index, place, type) => {
    types.bind(made, plan, imports);
    const { name, path } = plan.imports[index];
    const { call } = callable(name, path, imports);
    const signature = types.signature(plan.funcs[type]);
    return imported(made, call, place, signature, [name, ...path].join("."));
  });
  types.bind(state, plan, imports);
  return exportsOf(state, plan.exports, types);
}

/**
 * @param {string} name
 * @returns {string}
 */
export function camel(name) {
  return name.replace(/-([a-z0-9])/gi, (_, letter) => letter.toUpperCase());
}

/**
 * @param {string} name
 * @returns {string}
 */
function pascal(name) {
  const text = camel(name);
  return text[0].toUpperCase() + text.slice(1);
}

/** Makes the codecs of the types of a plan. */
class Types {
  /** @type {Codec[]} */
  made = [];
  /** @type {ReturnType<typeof resource>[]} */
  resources = [];

  /** @param {Plan} plan */
  constructor(plan) {
    this.plan = plan;
  }

  /**
   * Tells the instance which resources the codecs mean.
   *
   * @param {State} state
   * @param {Plan} plan
   * @param {Record<string, any>} imports
   */
  bind(state, plan, imports) {
    const count = state.imported + plan["defined-resource-instances"].length;
    for (let number = 0; number < count; number += 1) {
      state.resources.set(this.resource(number).key, number);
    }
    plan["imported-resources"].forEach((index, number) => {
      const { name, path } = plan.imports[index];
      const Class = found(name, path.slice(0, -1), imports)?.[
        pascal(path.at(-1) ?? name)
      ];
      if (typeof Class === "function") {
        state.classes.set(number, Class);
      }
    });
  }

  /**
   * @param {number} number
   */
  resource(number) {
    return (this.resources[number] ??= resource({
      name: "resource of the component",
    }));
  }

  /**
   * @param {Func} func
   */
  signature(func) {
    const params = Object.fromEntries(
      func.params.map(([name, type]) => [camel(name), this.codec(type)]),
    );
    const result = this.optional(func.result);
    return { params, result, throws: result?.cases !== undefined };
  }

  /**
   * @param {TypeRef | null} type
   * @returns {Codec | undefined}
   */
  optional(type) {
    return type === null ? undefined : this.codec(type);
  }

  /**
   * @param {TypeRef} type
   * @returns {Codec}
   */
  codec(type) {
    if (typeof type === "string") {
      return /** @type {any} */ (scalars)[type];
    }
    return (this.made[type] ??= this.make(this.plan.types[type]));
  }

  /**
   * @param {{ kind: string } & Record<string, any>} type
   * @returns {Codec}
   */
  make(type) {
    const named = (/** @type {[string, TypeRef][]} */ fields) =>
      Object.fromEntries(
        fields.map(([name, field]) => [camel(name), this.codec(field)]),
      );
    switch (type.kind) {
      case "record":
        return record(named(type.fields));
      case "variant":
        return variant(
          Object.fromEntries(
            type.cases.map(
              (/** @type {[string, TypeRef | null]} */ [name, payload]) => [
                name,
                this.optional(payload),
              ],
            ),
          ),
        );
      case "list":
        return list(this.codec(type.element));
      case "map":
        return map(this.codec(type.key), this.codec(type.value));
      case "tuple":
        return tuple(
          ...type.types.map((/** @type {TypeRef} */ part) => this.codec(part)),
        );
      case "flags":
        return flags(...type.names.map(camel));
      case "enum":
        return enumeration(...type.names);
      case "option":
        return option(this.codec(type.some));
      case "result":
        return result(this.optional(type.ok), this.optional(type.err));
      case "own":
      case "borrow": {
        const table = this.plan["resource-tables"][type.table];
        return this.resource(/** @type {any} */ (table).resource)[type.kind];
      }
      default:
        throw new LinkError(
          `the plan has a type that this host does not know: ${type.kind}`,
        );
    }
  }
}

/**
 * @param {string} name
 * @param {string[]} path
 * @param {Record<string, any>} imports
 * @returns {any}
 */
function found(name, path, imports) {
  let value =
    path.length === 0 && !/[:/]/.test(name)
      ? imports
      : instanceOf(name, imports);
  for (const part of path) {
    value = value?.[camel(part)];
  }
  return value;
}

/**
 * An imported instance by its name, which may be given without its version.
 *
 * @param {string} name
 * @param {Record<string, any>} imports
 */
function instanceOf(name, imports) {
  return (
    imports[name] ?? imports[name.replace(/@.*$/, "")] ?? imports[camel(name)]
  );
}

/**
 * What an import calls, with the thing that has to be there for it.
 *
 * @param {string} name
 * @param {string[]} path
 * @param {Record<string, any>} imports
 * @returns {{ call: (...args: any[]) => any, target: any }}
 */
function callable(name, path, imports) {
  const item = path.at(-1) ?? name;
  const owner =
    path.length === 0
      ? imports
      : nested(instanceOf(name, imports), path.slice(0, -1));
  const [, kind, type, member = ""] =
    /^\[(method|static|constructor)\]([^.]+)(?:\.(.+))?$/.exec(item) ?? [];
  if (kind === undefined) {
    const value = owner?.[camel(item)];
    // What every object has, such as `toString`, was not given.
    const target =
      value === Object.prototype[/** @type {"toString"} */ (camel(item))]
        ? undefined
        : value;
    return { target, call: (...args) => value.apply(owner, args) };
  }
  const Class = owner?.[pascal(type)];
  switch (kind) {
    case "constructor":
      return { target: Class, call: (...args) => new Class(...args) };
    case "static":
      return {
        target: Class?.[camel(member)],
        call: (...args) => Class[camel(member)](...args),
      };
    default:
      return {
        target: Class,
        call: (self, ...args) => self[camel(member)](...args),
      };
  }
}

/**
 * @param {any} value
 * @param {string[]} path
 */
function nested(value, path) {
  return path.reduce((inner, part) => inner?.[camel(part)], value);
}

/**
 * The functions that the component needs and nobody gives.
 *
 * @param {Plan} plan
 * @param {Record<string, any>} imports
 * @returns {string[]}
 */
function unsatisfied(plan, imports) {
  const resources = new Set(plan["imported-resources"]);
  return plan.imports
    .filter(({ name, path }, index) => {
      return (
        !resources.has(index) &&
        typeof callable(name, path, imports).target !== "function"
      );
    })
    .map(({ name, path }) => [name, ...path].join("."));
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
  for (const { name, resource: number } of items) {
    if (number !== undefined) {
      exports[pascal(name)] = classOf(state, number, pascal(name));
    }
  }
  for (const item of items) {
    if (item.instance !== undefined) {
      const key = /[:/]/.test(item.name) ? item.name : camel(item.name);
      exports[key] = exportsOf(state, item.instance, types);
    } else if (item.func !== undefined) {
      attach(exports, item.name, functionOf(state, item, types));
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
  const [, instance, name] = /** @type {["export", number, string]} */ (
    item.func
  );
  const core = /** @type {Function} */ (state.instances[instance][name]);
  const signature = types.signature(
    state.plan.funcs[/** @type {number} */ (item.type)],
  );
  return exported(
    state,
    core,
    state.place(/** @type {number} */ (item.options)),
    signature,
    {
      checked: true,
    },
  );
}

/**
 * The class of a resource; one that was imported is the class that the host gave.
 *
 * @param {State} state
 * @param {number} number
 * @param {string} name
 */
function classOf(state, number, name) {
  const known = state.classes.get(number);
  if (known !== undefined || number < state.imported) {
    return known;
  }
  const Class = {
    [name]: class extends Resource {
      /** @type {((...args: any[]) => any) | undefined} */
      static create = undefined;

      // @ts-expect-error TypeScript wants a `super` call, but the component makes the object.
      constructor(/** @type {any[]} */ ...args) {
        if (Class.create === undefined) {
          throw new TypeError(`${name} has no constructor`);
        }
        return Class.create(...args);
      }
    },
  }[name];
  state.classes.set(number, Class);
  return Class;
}

/**
 * Puts a function where it belongs: into a class, or as it is.
 *
 * @param {Record<string, any>} exports
 * @param {string} name
 * @param {Function} call
 */
function attach(exports, name, call) {
  const [, kind, type, member = ""] =
    /^\[(method|static|constructor)\]([^.]+)(?:\.(.+))?$/.exec(name) ?? [];
  const Class = kind === undefined ? undefined : exports[pascal(type)];
  switch (kind) {
    case undefined:
      exports[camel(name)] = call;
      break;
    case "constructor":
      Class.create = call;
      break;
    case "static":
      Class[camel(member)] = call;
      break;
    default:
      Class.prototype[camel(member)] = function (/** @type {any[]} */ ...args) {
        return call(this, ...args);
      };
  }
}
