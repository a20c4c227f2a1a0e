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
import { found } from "./given.js";
import { list, map } from "./lists.js";
import { camel, pascal } from "./names.js";
import { resource } from "./resources.js";

/** @import { Codec } from "./scalars.js" */
/** @import { Func, Plan, TypeRef } from "./plan.js" */
/** @import { State } from "./state.js" */

/** Makes the codecs of the types of a plan. */
export class Types {
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
      state.resources[this.resource(number).key.id] = number;
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
