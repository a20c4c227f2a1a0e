// What components call of the canonical ABI itself: handles, and copies between memories.

import { LinkError, Trap } from "./errors.js";

import { closeScope, openScope } from "./handles.js";
import { extra } from "./plan.js";

/** @import { Handles, Scope } from "./handles.js" */
/** @import { Definition, Plan } from "./plan.js" */
/** @import { State } from "./state.js" */

/** @typedef {Record<string, any>} Trampoline */

/**
 * Makes each kind but those that every component has.
 *
 * @type {Record<string, (state: State, trampoline: Trampoline, definition: (of: Definition) => any) => Function>}
 */
export const trampolines = {
  transcode: ({ memories }, { transcode, from, to }) =>
    extra.transcoders[transcode](memories[from], memories[to]),
  "resource-new": handleTrampoline,
  "resource-rep": handleTrampoline,
  "resource-drop": handleTrampoline,
  "transfer-own":
    (state) =>
    (/** @type {number[]} */ ...args) =>
      transferOwn(state, ...args),
  "transfer-borrow":
    (state) =>
    (/** @type {number[]} */ ...args) =>
      transferBorrow(state, ...args),
  "enter-sync-call":
    ({ resources }) =>
    () =>
      void resources.scopes.push(openScope()),
  "exit-sync-call":
    ({ resources }) =>
    () =>
      closeScope(/** @type {Scope} */ (resources.scopes.pop())),
  "memory-copy": (_state, { from, to }, definition) =>
    copier(definition(from), definition(to)),
  intrinsic,
  // What adapters look at, which is no function.
  flags: ({ flags }, { name }) => /** @type {any} */ (flags[name]),
  trap:
    (_state, { messages }) =>
    (/** @type {number} */ code) => {
      throw new Trap(messages[code] ?? `trap ${code}`);
    },
};

/** How often a module may turn before it asks again: here the engine itself ends what takes too long. */
const TURNS = 2 ** 31 - 1;

/** Two numbers that modules may keep. @type {WeakMap<State, number[]>} */
const contexts = new WeakMap();

/**
 * Two numbers that modules may keep, and the leave to compute on.
 *
 * @param {State} state
 * @param {Trampoline} trampoline
 */
function intrinsic(state, { name }) {
  if (name === "allow-turns") {
    return () => TURNS;
  }
  const [, kind, slot] = /^context-(get|set)-i32-([01])$/.exec(name) ?? [];
  if (kind === undefined) {
    throw new LinkError(
      `the plan has an intrinsic that this host does not know: ${name}`,
    );
  }
  const index = Number(slot);
  const context = contexts.get(state) ?? [0, 0];
  contexts.set(state, context);
  return kind === "get"
    ? () => context[index]
    : (/** @type {number} */ value) => void (context[index] = value);
}

/**
 * @param {WebAssembly.Memory} from
 * @param {WebAssembly.Memory} to
 * @returns {Function}
 */
function copier(from, to) {
  return (
    /** @type {number} */ target,
    /** @type {number} */ source,
    /** @type {number} */ size,
  ) => {
    const start = source >>> 0;
    const end = start + (size >>> 0);
    const room = to.buffer.byteLength - (target >>> 0);
    // A part of a typed array that is out of bounds is silently shorter.
    if (end > from.buffer.byteLength || size >>> 0 > room) {
      throw new Trap("out of bounds memory access");
    }
    new Uint8Array(to.buffer).set(
      new Uint8Array(from.buffer).subarray(start, end),
      target >>> 0,
    );
  };
}

/**
 * @param {State} state
 * @param {Trampoline} trampoline
 * @returns {Function}
 */
function handleTrampoline(state, { kind, instance, table }) {
  const { resources } = state;
  const handles = resources.handles[instance];
  const flags = state.flags[instance];
  const { resource } = /** @type {{ resource: number }} */ (
    state.plan["resource-tables"][table]
  );
  const mayLeave = () => {
    if (flags.value === 0) {
      throw new Trap("cannot leave component instance");
    }
  };
  switch (kind) {
    case "resource-new":
      return (/** @type {number} */ rep) => {
        mayLeave();
        return handles.add({
          rep,
          table,
          own: true,
          lends: 0,
          scope: undefined,
        });
      };
    case "resource-rep":
      return (/** @type {number} */ handle) => handles.get(handle, table).rep;
    default:
      return (/** @type {number} */ handle) => {
        mayLeave();
        const slot = handles.remove(handle, table);
        if (slot.own) {
          resources.destroy(resource, slot.rep);
        } else {
          /** @type {Scope} */ (slot.scope).borrows -= 1;
        }
      };
  }
}

/**
 * @param {State} state
 * @param {number[]} args The handle, the table that it is in, the table that it goes to.
 * @returns {number}
 */
function transferOwn(state, ...[handle, from, to]) {
  const { rep } = handlesOf(state, from).take(handle, from);
  return handlesOf(state, to).add({
    rep,
    table: to,
    own: true,
    lends: 0,
    scope: undefined,
  });
}

/**
 * @param {State} state
 * @param {number[]} args As for `transferOwn`.
 * @returns {number}
 */
function transferBorrow(state, ...[handle, from, to]) {
  const { scope } = state.resources;
  const rep = handlesOf(state, from).lend(handle, from, scope);
  const target = /** @type {{ resource: number, instance: number }} */ (
    state.plan["resource-tables"][to]
  );
  if (state.resources.defines(target.resource, target.instance)) {
    return rep;
  }
  scope.borrows += 1;
  return handlesOf(state, to).add({
    rep,
    table: to,
    own: false,
    lends: 0,
    scope,
  });
}

/**
 * @param {State} state
 * @param {number} table
 * @returns {Handles}
 */
function handlesOf(state, table) {
  const { instance } = /** @type {{ instance: number }} */ (
    state.plan["resource-tables"][table]
  );
  return state.resources.handles[instance];
}

/** The instances whose flags adapters look at. @type {WeakMap<Plan, Set<number>>} */
const shared = new WeakMap();

/**
 * Whether each instance may call out; where adapters between two of them look at it too, it is one of their globals.
 *
 * @param {Plan} plan
 * @returns {{ value: number }[]}
 */
export function flagsOf(plan) {
  const seen = shared.get(plan) ?? new Set(flagsIn(plan));
  shared.set(plan, seen);
  const length = plan["component-instances"];
  return Array.from({ length }, (_, index) =>
    seen.has(index)
      ? new WebAssembly.Global({ value: "i32", mutable: true }, 1)
      : { value: 1 },
  );
}

/**
 * @param {Plan} plan
 * @returns {number[]}
 */
const flagsIn = ({ init }) =>
  init
    .flatMap(({ args = [] }) => args)
    .filter(([kind]) => kind === "flags")
    .map(([, index]) => index);
