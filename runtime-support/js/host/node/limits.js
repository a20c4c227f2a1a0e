// How long a call may take.

import { Trap } from "../errors.js";
import { vm } from "./builtins.js";
import { grantsOf } from "./grants.js";

/** @import { State } from "../state.js" */

/** Runs something, and ends it and the instance when its time is over. @typedef {<T>(state: State, run: () => T) => T} Watch */

/** Where a script finds what to run. */
const CALL = Symbol.for("witgen.call");

/** @type {Record<symbol, (() => any) | undefined>} */
const shared = /** @type {any} */ (globalThis);

/** What limits an instance. @typedef {{ watch?: Watch | undefined, handles?: number }} Limits */

/** How many things of the host an instance keeps open, where nothing else is said. */
const MOST_HANDLES = 10_000;

/**
 * @param {unknown} given Grants.
 * @returns {Limits}
 */
export function limiting(given) {
  const { deadline, handles = MOST_HANDLES } = grantsOf(given).limits;
  return { watch: deadline && watching(deadline), handles };
}

/**
 * The engine itself ends a script that takes too long, whether it computes or waits.
 *
 * @param {{ time: number, text: string }} deadline
 * @returns {Watch}
 */
function watching({ time, text }) {
  const script = new vm.Script(`globalThis[Symbol.for("witgen.call")]()`);
  return (state, run) => {
    const outer = shared[CALL];
    const start = performance.now();
    shared[CALL] = run;
    try {
      return script.runInThisContext({ timeout: time, displayErrors: false });
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      const isOver =
        code === "ERR_SCRIPT_EXECUTION_TIMEOUT" &&
        performance.now() - start >= time - 1;
      if (!isOver) {
        throw error;
      }
      throw state.fail(
        new Trap(
          `the component took longer than \`limits.deadline\` grants, which is ${text}`,
        ),
      );
    } finally {
      shared[CALL] = outer;
    }
  };
}
