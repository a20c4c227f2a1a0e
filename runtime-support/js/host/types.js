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
import {
  ResourceType,
  liftBorrow,
  liftOwn,
  lowerBorrow,
  lowerOwn,
  unusable,
} from "./resources.js";

/** @import { Codec } from "./scalars.js" */
/** @import { Func, Plan, TypeRef } from "./plan.js" */
/** @import { State } from "./state.js" */

/** Makes the codecs of the types of a plan. */
export class Types {
  /** @type {Codec[]} */
  made = [];
  /** @type {{ type: ResourceType, own: Codec, borrow: Codec }[]} */
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
    const { resources } = state;
    if (resources === undefined) {
      return;
    }
    const count =
      resources.imported + plan["defined-resource-instances"].length;
    for (let number = 0; number < count; number += 1) {
      resources.numbers[this.resource(number).type.id] = number;
    }
    plan["imported-resources"].forEach((index, number) => {
      const { name, path } = plan.imports[index];
      const Class = found(name, path.slice(0, -1), imports)?.[
        pascal(path.at(-1) ?? name)
      ];
      if (typeof Class === "function") {
        resources.classes.set(number, Class);
      }
    });
  }

  /**
   * @param {number} number
   */
  resource(number) {
    return (this.resources[number] ??= handles(
      new ResourceType("resource of the component"),
    ));
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
 * The codecs of the handles of a resource.
 *
 * @param {ResourceType} type
 */
function handles(type) {
  return {
    type,
    own: handle(type, true, liftOwn, lowerOwn),
    borrow: handle(type, false, liftBorrow, lowerBorrow),
  };
}

/**
 * @param {ResourceType} type
 * @param {boolean} own
 * @param {typeof liftOwn} take
 * @param {typeof lowerOwn} give
 * @returns {Codec}
 */
function handle(type, own, take, give) {
  return {
    kind: own ? "own" : "borrow",
    size: 4,
    align: 4,
    flat: ["i32"],
    handles: true,
    check: (value, state) => {
      const problem = unusable(value, state, type, own);
      if (problem !== undefined) {
        throw scalars.mismatch(`a ${type.name}${problem}`, value);
      }
    },
    load: (place, at) => take(place, type, place.u32(at)),
    store: (place, at, value) => place.put32(at, give(place, type, value)),
    lift: (place) => take(place, type, place.flat[place.at++]),
    lower: (place, value, out) =>
      void (out[place.end++] = give(place, type, value)),
  };
}

/** @type {WeakMap<Plan, Types>} */
const known = new WeakMap();

/**
 * The types of a plan, which all its instances share.
 *
 * @param {Plan} plan
 * @returns {Types}
 */
export function typesOf(plan) {
  const types = known.get(plan) ?? new Types(plan);
  known.set(plan, types);
  return types;
}
