import { ArgumentError, Trap } from "./errors.js";
import { mismatch } from "./scalars.js";
import { scalar } from "./scalars.js";

/** @import { Codec } from "./scalars.js" */
/** @import { Place } from "./place.js" */
/** @import { State } from "./state.js" */

/**
 * A resource as codecs know it; instances find what it means for them by its number.
 *
 * @typedef {{ name: string, id: number }} Key
 */

let keys = 0;

/**
 * What an object of the host stands for.
 *
 * @typedef {object} Held
 * @property {State} state
 * @property {number} resource
 * @property {number} rep
 * @property {"owned" | "borrowed" | "moved" | "dropped" | "returned"} status
 * @property {number} lends How often it is lent at present.
 * @property {number} call The last call that was given it.
 * @property {boolean} moves Whether that call takes it away.
 */

/** Destroys what nobody holds any more. @type {FinalizationRegistry<Held>} */
const forgotten = new FinalizationRegistry((held) => {
  if (held.status === "owned" && held.lends === 0) {
    held.status = "dropped";
    try {
      held.state.release(held.resource, held.rep);
    } catch {
      // There is nobody to tell; the instance says so at its next call.
    }
  }
});

/** An object that stands for a resource of a component. */
export class Resource {
  /** @type {Held} */
  #held;

  /** @param {Held} held */
  constructor(held) {
    this.#held = held;
    if (held.status === "owned") {
      forgotten.register(this, held, held);
    }
  }

  /**
   * What `value` stands for.
   *
   * @param {any} value
   * @returns {Held | undefined}
   */
  static held(value) {
    return typeof value === "object" && value !== null && #held in value
      ? value.#held
      : undefined;
  }

  /** Destroys the resource; doing so again does nothing. */
  [Symbol.dispose]() {
    const held = this.#held;
    // A call that ended the instance never gave back what it had borrowed.
    if (held.lends > 0 && held.state.dead === undefined) {
      throw new ArgumentError(
        "a resource that is not in use",
        "one that a call has borrowed",
      );
    }
    if (held.status === "owned") {
      held.status = "dropped";
      forgotten.unregister(held);
      held.state.release(held.resource, held.rep);
    }
  }
}

/** What a handle must be, by what became of it. @type {Record<string, string>} */
const EXPECTED = {
  moved: "that was not handed on before",
  dropped: "that was not disposed of",
  borrowed: "that is not borrowed",
  returned: "whose call has not ended",
};

/**
 * A resource: the codecs of its handles.
 *
 * @param {{ name: string }} about
 */
export function resource({ name }) {
  /** What the resources of instances are found by. */
  const key = { name, id: keys };
  keys += 1;
  return { key, own: handle(key, true), borrow: handle(key, false) };
}

/**
 * @param {Key} key
 * @param {boolean} own
 * @returns {Codec}
 */
function handle(key, own) {
  return {
    ...scalar({
      kind: own ? "own" : "borrow",
      size: 4,
      flat: ["i32"],
      check: (value, state) => check(value, state, key, own),
      load: (place, at) => take(place, place.u32[at >>> 2]),
      store: (place, at, value) =>
        void (place.u32[at >>> 2] = give(place, value)),
    }),
    fromFlat: undefined,
    toFlat: undefined,
    handles: true,
    lent: own ? undefined : lent,
    held: Resource.held,
    lift: (place) => take(place, place.flat[place.at++]),
    lower: (place, value, out) => void (out[place.end++] = give(place, value)),
  };

  /**
   * Whether the component takes its own rep for an object that it borrows, and no handle.
   *
   * @param {Place} place
   * @returns {boolean}
   */
  function lent({ state, instance }) {
    return state.defines(state.number(key), instance);
  }

  /**
   * From the component to the host.
   *
   * @param {Place} place
   * @param {number} index
   */
  function take(place, index) {
    const { state, handles, instance } = place;
    const number = state.number(key);
    const table = state.table(number, instance);
    if (own) {
      const { rep } = handles.take(index, table);
      return number < state.imported ? rep : wrap(state, number, rep, "owned");
    }
    const rep = handles.lend(index, table, state.scope);
    if (number < state.imported) {
      return rep;
    }
    const value = wrap(state, number, rep, "borrowed");
    state.borrowed.push(/** @type {Held} */ (Resource.held(value)));
    return value;
  }

  /**
   * From the host to the component.
   *
   * @param {Place} place
   * @param {any} value
   * @returns {number}
   */
  function give(place, value) {
    const { state, handles, instance } = place;
    const number = state.number(key);
    const table = state.table(number, instance);
    const held = number < state.imported ? undefined : Resource.held(value);
    if (number >= state.imported && held === undefined) {
      throw new Trap(`a value that is no ${key.name} reached the component`);
    }
    const rep = held === undefined ? value : held.rep;
    if (own) {
      if (held !== undefined) {
        held.status = "moved";
        forgotten.unregister(held);
      }
      return handles.add({ rep, table, own: true, lends: 0, scope: undefined });
    }
    const { scope } = state;
    if (held !== undefined) {
      held.lends += 1;
      scope.lenders.push(held);
      if (state.defines(number, instance)) {
        return rep;
      }
    }
    scope.borrows += 1;
    return handles.add({ rep, table, own: false, lends: 0, scope });
  }
}

/**
 * @param {any} value
 * @param {State} state
 * @param {Key} key
 * @param {boolean} own
 */
function check(value, state, key, own) {
  const number = state.number(key);
  if (number === undefined) {
    throw mismatch(`a ${key.name}, which this component does not have`, value);
  }
  if (number < state.imported) {
    const Class = state.classes.get(number);
    if (
      Class === undefined
        ? value === undefined || value === null
        : !(value instanceof Class)
    ) {
      throw mismatch(`a ${key.name}`, value);
    }
    return;
  }
  const held = Resource.held(value);
  if (held === undefined || held.resource !== number) {
    throw mismatch(`a ${key.name}`, value);
  }
  if (held.state !== state) {
    throw mismatch(`a ${key.name} of the same instance`, value);
  }
  if (held.status !== "owned" && (own || held.status !== "borrowed")) {
    throw mismatch(`a ${key.name} ${EXPECTED[held.status]}`, value);
  }
  const again = held.call === state.call;
  if (own && held.lends > 0) {
    throw mismatch(`a ${key.name} that is not in use`, value);
  }
  if (again && (own || held.moves)) {
    throw mismatch(`a ${key.name} that is not given twice`, value);
  }
  held.call = state.call;
  held.moves = own;
}

/**
 * An object of the host for a resource of the component.
 *
 * @param {State} state
 * @param {number} number
 * @param {number} rep
 * @param {"owned" | "borrowed"} status
 * @returns {Resource}
 */
function wrap(state, number, rep, status) {
  const held = {
    state,
    resource: number,
    rep,
    status,
    lends: 0,
    call: -1,
    moves: false,
  };
  const Class = state.classes.get(number) ?? Resource;
  return Reflect.construct(Resource, [held], Class);
}
