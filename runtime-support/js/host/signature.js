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
    if (typeof type !== "number") {
      return type ?? "_";
    }
    const { kind, fields, cases, names, table, ...parts } = types[type];
    const named =
      fields?.map(
        (/** @type {[string, TypeRef]} */ [name, type]) =>
          `${name}: ${of(type)}`,
      ) ??
      cases?.map((/** @type {[string, TypeRef | null]} */ [name, type]) =>
        type === null ? name : `${name}(${of(type)})`,
      ) ??
      names;
    if (named !== undefined) {
      return `${kind}{${named.join(", ")}}`;
    }
    return table === undefined
      ? `${kind}<${Object.values(parts).flat().map(of).join(", ")}>`
      : kind;
  };
  const list = params.map(([, type]) => of(type)).join(", ");
  return `(${list})${result === null ? "" : ` -> ${of(result)}`}`;
}
