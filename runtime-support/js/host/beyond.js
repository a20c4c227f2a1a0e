// What `load` brings in for components that import more than the world of the bindings has: types that are known only
// while a program runs.

import { imported } from "./functions.js";
import { callable } from "./given.js";
import { Imports } from "./imports.js";
import { Place } from "./place.js";
import { typesOf } from "./types.js";

/** @import { State } from "./state.js" */

export { Imports, callable, typesOf };

/**
 * Makes an import a function of the component.
 *
 * @param {State} state
 * @param {Record<string, any>} trampoline
 * @param {(...args: any[]) => any} call
 * @param {string} name For messages.
 * @returns {Function}
 */
export function lowered(state, { type, options }, call, name) {
  const { plan } = state;
  const signature = typesOf(plan).signature(plan.funcs[type]);
  return imported(Place.of(state, options), call, signature, name);
}
