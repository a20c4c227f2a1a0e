/** @import { Func, Plan, TypeRef } from "./plan.js" */

/**
 * The types of a function as bindings have them, to compare: `(u32, list<string>) -> bool`.
 *
 * @param {Plan} plan
 * @param {Func} func
 * @returns {string}
 */
export function signature({ types }, { params, result }) {
  /** @param {TypeRef | null} type @returns {string} */
  const of = (type) => {
    if (type === null) {
      return "_";
    }
    if (typeof type === "string") {
      return type;
    }
    const about = types[type];
    const { kind } = about;
    switch (kind) {
      case "record":
        return `record{${named(about.fields, (name, field) => `${name}: ${of(field)}`)}}`;
      case "variant":
        return `variant{${named(about.cases, (name, payload) => (payload === null ? name : `${name}(${of(payload)})`))}}`;
      case "enum":
      case "flags":
        return `${kind}{${about.names.join(", ")}}`;
      case "own":
      case "borrow":
        return kind;
      default: {
        const { element, key, value, some, ok, err } = about;
        const parts = about.types ?? [element, key, value, some, ok, err];
        const there = parts.filter(
          (/** @type {unknown} */ part) => part !== undefined,
        );
        return `${kind}<${there.map(of).join(", ")}>`;
      }
    }
  };
  const list = params.map(([, type]) => of(type)).join(", ");
  return `(${list})${result === null ? "" : ` -> ${of(result)}`}`;
}

/**
 * @param {[string, TypeRef | null][]} parts
 * @param {(name: string, type: TypeRef | null) => string} text
 * @returns {string}
 */
function named(parts, text) {
  return parts.map(([name, type]) => text(name, type)).join(", ");
}
