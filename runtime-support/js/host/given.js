import { targetOf } from "./imports.js";
import { camel, pascal } from "./names.js";

/** @import { Plan } from "./plan.js" */

/**
 * What is at a path in an imported instance.
 *
 * @param {string} name
 * @param {string[]} path
 * @param {Record<string, any>} imports
 * @returns {any}
 */
export function found(name, path, imports) {
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
 */
export function callable(name, path, imports) {
  const wit = path.at(-1) ?? name;
  const owner =
    path.length === 0
      ? imports
      : nested(instanceOf(name, imports), path.slice(0, -1));
  const [, type, member = ""] =
    /^\[(?:method|static|constructor)\]([^.]+)(?:\.(.+))?$/.exec(wit) ?? [];
  const item =
    type === undefined
      ? { wit, name: camel(wit) }
      : { wit, name: camel(member), of: pascal(type) };
  return targetOf(item, owner);
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
export function unsatisfied(plan, imports) {
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
