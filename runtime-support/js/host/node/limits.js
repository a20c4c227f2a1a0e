// How long a call may take, how much it may do, and how much memory an instance may have.

import { LinkError, Trap } from "../errors.js";
import { Meter } from "../meter.js";
import { vm } from "./builtins.js";
import { grantsOf } from "./grants.js";
import { decoder } from "./text.js";

/** @import { Plan, Rights } from "../plan.js" */
/** @import { State } from "../state.js" */

/** Runs something, and ends it and the instance when its time is over. @typedef {<T>(state: State, run: () => T) => T} Watch */

/** Where a script finds what to run. */
const CALL = Symbol.for("witgen.call");

/** @type {Record<symbol, (() => any) | undefined>} */
const shared = /** @type {any} */ (globalThis);

/** What limits an instance. @typedef {{ watch?: Watch, watched?: typeof watched, meter?: Meter, handles?: number }} Limits */

/** How many things of the host an instance keeps open, where nothing else is said. */
const MOST_HANDLES = 10_000;

/**
 * @param {unknown} given Grants.
 * @param {Plan} plan
 * @returns {Limits}
 */
export function limiting(given, plan) {
  if (given === undefined) {
    return {};
  }
  const {
    deadline,
    handles = MOST_HANDLES,
    ...amounts
  } = grantsOf(given).limits;
  const timed = deadline && watching(deadline);
  const [counted] = Object.keys(amounts);
  if (counted === undefined) {
    return timed === undefined
      ? { handles }
      : { watch: timed, watched, handles };
  }
  if (typeof plan.meter !== "number") {
    throw new LinkError(
      `\`limits.${counted}\` needs a component that was linked with \`witgen link --metered\``,
    );
  }
  const meter = new Meter(amounts);
  return { watch: metering(meter, timed), watched, meter, handles };
}

/**
 * Gives each call its work, and then its time.
 *
 * @param {Meter} meter
 * @param {Watch | undefined} timed
 * @returns {Watch}
 */
function metering(meter, timed) {
  return (state, run) => {
    // A call that is refused since another is under way gets nothing.
    if (!state.entered) {
      meter.begin();
    }
    return timed === undefined ? run() : timed(state, run);
  };
}

/** Where WASI is, if a component has imported it here. @type {typeof import("./index.js") | undefined} */
let wasi;

/**
 * What instances of a component need of Node.
 *
 * @param {Plan} plan
 */
export async function prepared(plan) {
  if (importsWasi(plan)) {
    wasi = await import("./index.js");
  }
  return { limiting, granted, advice, decoder };
}

/**
 * What else a program can do about an import that nothing is given for.
 *
 * @param {string} name
 */
const advice = (name) =>
  name.startsWith("wasi:") ? ", or give `grants`" : undefined;

/**
 * The interfaces that grants mean for a component.
 *
 * @param {Plan} plan
 * @param {Rights} options
 * @returns {Record<string, object>}
 */
function granted(plan, options) {
  const { grants } = options;
  return grants !== undefined && importsWasi(plan)
    ? (wasi?.granted({ ...options, grants }) ?? {})
    : {};
}

/** @param {Plan} plan */
const importsWasi = ({ imports }) =>
  imports.some(({ name }) => name.startsWith("wasi:"));

/**
 * @param {State} state
 * @param {Function} call
 */
function watched(state, call) {
  return function (/** @type {any[]} */ ...args) {
    // @ts-expect-error: methods have their object.
    return state.limited(() => call.apply(this, args));
  };
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
