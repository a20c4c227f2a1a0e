import { ArgumentError, Trap } from "./errors.js";

/** @import { At } from "./checks.js" */
/** @import { Memory } from "./linear.js" */
/** @import { State } from "./state.js" */

let types = 0;

/** A resource as bindings know it; instances find what it means for them by its number. */
export class ResourceType {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.id = types;
    types += 1;
  }
}

/** What an object of the host stands for. */
export class Held {
  /** The last call that it was lent to. */
  lent = -1;
  /** The last call that was given it. */
  call = -1;
  /** Whether that call takes it away. */
  moves = false;
  /** Its number among what is watched. */
  number = -1;

  /**
   * @param {State} state
   * @param {ResourceType} type
   * @param {number} resource
   * @param {number} rep
   * @param {"owned" | "borrowed" | "moved" | "dropped" | "returned"} status
   */
  constructor(state, type, resource, rep, status) {
    const { imported, defining } = state.resources;
    this.state = state;
    this.type = type;
    this.resource = resource;
    this.rep = rep;
    this.status = status;
    /** The component instance that defines it. */
    this.home = defining[resource - imported];
  }

  /** Whether the present call has borrowed it. */
  get isLent() {
    return this.lent === this.state.turn;
  }
}

/** What is watched, by numbers: the collector takes longer for a registry that refers to objects. @type {(Held | undefined)[]} */
const watched = [];
/** Numbers that are not in use. @type {number[]} */
const free = [];

/** Destroys what nobody holds any more. @type {FinalizationRegistry<number>} */
const forgotten = /* @__PURE__ */ new FinalizationRegistry((number) => {
  const held = watched[number];
  watched[number] = undefined;
  free.push(number);
  if (held?.status === "owned" && !held.isLent) {
    held.status = "dropped";
    try {
      held.state.resources.release(held);
    } catch {
      // There is nobody to tell; the instance says so at its next call.
    }
  }
});

/** Objects that the registry does not know yet: most are disposed of soon, and it takes longer than all the rest. @type {Resource[]} */
let fresh = [];
const MANY = 256;

/**
 * Watches an object until it is handed on or disposed of.
 *
 * @param {Resource} object
 */
function watch(object) {
  // At the end of the turn: nothing is collected before.
  if (fresh.length === 0) {
    void Promise.resolve().then(watchFresh);
  } else if (fresh.length === MANY) {
    watchFresh();
  }
  fresh.push(object);
}

function watchFresh() {
  for (const object of fresh) {
    const held = /** @type {Held} */ (Resource.held(object));
    if (held.status === "owned") {
      held.number = free.pop() ?? watched.length;
      watched[held.number] = held;
      forgotten.register(object, held.number, held);
    }
  }
  fresh = [];
}

/** @param {Held} held */
function unwatch(held) {
  if (held.number >= 0) {
    forgotten.unregister(held);
    watched[held.number] = undefined;
    free.push(held.number);
  }
}

/** An object that stands for a resource of a component. */
export class Resource {
  /** @type {Held} */
  #held;

  /** @param {Held} held */
  constructor(held) {
    this.#held = held;
    if (held.status === "owned") {
      watch(this);
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
    if (held.isLent && held.state.dead === undefined) {
      throw new ArgumentError(
        "a resource that is not in use",
        "one that a call has borrowed",
      );
    }
    if (held.status === "owned") {
      held.status = "dropped";
      unwatch(held);
      held.state.resources.release(held);
    }
  }
}

/**
 * The class of a resource that the component defines: one for each instance, whose functions it calls.
 *
 * @typedef {object} ResourceClass
 * @property {any} Class
 * @property {(wit: string, name: string, call: Function) => void} add Gives it a function.
 */

/**
 * The class of a resource of bindings.
 *
 * @param {string} name
 * @param {ResourceType} type
 * @param {State} state
 * @param {number} number In the plan.
 * @returns {ResourceClass}
 */
export function resourceClass(name, type, { resources }, number) {
  const made = newClass(name);
  resources.define(type, number, made.Class);
  return made;
}

/**
 * @param {string} name
 * @returns {ResourceClass}
 */
export function newClass(name) {
  /** @type {Function | undefined} */
  let create;
  const Class = {
    [name]: class extends Resource {
      /** @param {any[]} args */
      constructor(...args) {
        if (args[0] instanceof Held) {
          super(args[0]);
          return;
        }
        if (create === undefined) {
          throw new TypeError(`${name} has no constructor`);
        }
        return create(...args);
      }
    },
  }[name];
  const add = (
    /** @type {string} */ wit,
    /** @type {string} */ member,
    /** @type {Function} */ call,
  ) => {
    if (wit.startsWith("[c")) {
      create = call;
      return;
    }
    // A static function may be called like one that every class has, such as `length`.
    const about = { value: call, writable: true, configurable: true };
    const owner = wit.startsWith("[m") ? Class.prototype : Class;
    Object.defineProperty(owner, member, about);
  };
  return { Class, add };
}

/**
 * An own handle of the component, as an object of the host.
 *
 * @param {Memory} memory
 * @param {ResourceType} type
 * @param {number} index
 * @returns {any}
 */
export function liftOwn({ state, instance }, type, index) {
  const { resources } = state;
  const number = resources.numbers[type.id];
  const rep = resources.take(instance, number, index);
  return number < resources.imported
    ? rep
    : wrap(state, type, number, rep, "owned");
}

/**
 * A handle that the component lends for the time of a call.
 *
 * @param {Memory} memory
 * @param {ResourceType} type
 * @param {number} index
 * @returns {any}
 */
export function liftBorrow({ state, instance }, type, index) {
  const { resources } = state;
  const number = resources.numbers[type.id];
  const rep = resources.lend(instance, number, index);
  if (number < resources.imported) {
    return rep;
  }
  const value = wrap(state, type, number, rep, "borrowed");
  resources.borrowed.push(/** @type {Held} */ (Resource.held(value)));
  return value;
}

/**
 * Gives the component an object of the host to keep.
 *
 * @param {Memory} memory
 * @param {ResourceType} type
 * @param {any} value
 * @returns {number}
 */
export function lowerOwn({ state, instance }, type, value) {
  const { resources } = state;
  const number = resources.numbers[type.id];
  if (number < resources.imported) {
    resources.opened();
    return resources.give(instance, number, value);
  }
  const held = heldBy(value, type);
  held.status = "moved";
  unwatch(held);
  return resources.give(instance, number, held.rep);
}

/**
 * Lends the component an object of the host for the time of a call.
 *
 * @param {Memory} memory
 * @param {ResourceType} type
 * @param {any} value
 * @returns {number}
 */
export function lowerBorrow({ state, instance }, type, value) {
  const { resources } = state;
  const number = resources.numbers[type.id];
  if (number < resources.imported) {
    return resources.give(instance, number, value, resources.scope);
  }
  const held = heldBy(value, type);
  held.lent = state.turn;
  // The component that defines a resource gets no handle, but what it stands for.
  return held.home === instance
    ? held.rep
    : resources.give(instance, number, held.rep, resources.scope);
}

/**
 * Starts the checks of a call, or of a result, that may give a handle twice.
 *
 * @param {{ state: State }} func
 */
export const beginChecks = ({ state }) => state.resources?.begin();

/**
 * Starts a call of the component that borrows.
 *
 * @param {{ state: State }} func
 * @returns {Held[]} What the call around it has borrowed.
 */
export function beginBorrows({ state: { resources } }) {
  const outer = resources.borrowed;
  resources.scopes.push({ borrows: 0, lenders: [] });
  resources.borrowed = [];
  return outer;
}

/**
 * Ends a call of the component that borrows: what it was lent cannot be used any more.
 *
 * @param {{ state: State }} func
 * @param {Held[]} outer What `beginBorrows` gave.
 */
export function endBorrows({ state: { resources } }, outer) {
  for (const held of resources.borrowed) {
    held.status = "returned";
  }
  resources.borrowed = outer;
  for (const lender of resources.scopes.pop()?.lenders ?? []) {
    lender.lends -= 1;
  }
}

/**
 * @param {any} value
 * @param {ResourceType} type
 * @returns {Held}
 */
function heldBy(value, type) {
  const held = Resource.held(value);
  if (held === undefined) {
    throw new Trap(`a value that is no ${type.name} reached the component`);
  }
  return held;
}

/**
 * An object of the host for a resource of the component.
 *
 * @param {State} state
 * @param {ResourceType} type
 * @param {number} number
 * @param {number} rep
 * @param {"owned" | "borrowed"} status
 * @returns {Resource}
 */
function wrap(state, type, number, rep, status) {
  const held = new Held(state, type, number, rep, status);
  const Class = state.resources.classes.get(number) ?? Resource;
  return new Class(held);
}

/**
 * @param {any} value
 * @param {At} at
 * @param {string} step
 * @param {ResourceType} type
 */
export function checkOwn(value, at, step, type) {
  check(value, at, step, type, true);
}

/**
 * @param {any} value
 * @param {At} at
 * @param {string} step
 * @param {ResourceType} type
 */
export function checkBorrow(value, at, step, type) {
  check(value, at, step, type, false);
}

/**
 * A handle of a call that takes none away, so that none can be given twice.
 *
 * @param {any} value
 * @param {At} at
 * @param {string} step
 * @param {ResourceType} type
 */
export function checkLent(value, at, step, type) {
  const held = Resource.held(value);
  if (
    held?.type !== type ||
    held.state !== at.state ||
    held.status !== "owned"
  ) {
    beginChecks(/** @type {{ state: State }} */ (at));
    check(value, at, step, type, false);
  }
}

/**
 * @param {any} value
 * @param {At} at
 * @param {string} step
 * @param {ResourceType} type
 * @param {boolean} own
 */
function check(value, at, step, type, own) {
  const problem = unusable(value, stateOf(at), type, own);
  if (problem !== undefined) {
    at.refuse(`a ${type.name}${problem}`, value, step);
  }
}

/**
 * The instance that is called.
 *
 * @param {At} at
 * @returns {State}
 */
function stateOf({ at, state }) {
  return at === undefined ? /** @type {State} */ (state) : stateOf(at);
}

/** What a handle must be, by what became of it. @type {Record<string, string>} */
const EXPECTED = {
  moved: " that was not handed on before",
  dropped: " that was not disposed of",
  borrowed: " that is not borrowed",
  returned: " whose call has not ended",
};

/**
 * What an object would have to be besides one of its type; nothing for one that can be used.
 *
 * @param {any} value
 * @param {State} state
 * @param {ResourceType} type
 * @param {boolean} own
 * @returns {string | undefined}
 */
export function unusable(value, state, type, own) {
  const { resources } = state;
  const number = resources?.numbers[type.id];
  if (number === undefined) {
    return ", which this component does not have";
  }
  if (number < resources.imported) {
    const Class = resources.classes.get(number);
    const fits = Class === undefined ? value != null : value instanceof Class;
    return fits ? undefined : "";
  }
  const held = Resource.held(value);
  if (held === undefined || held.resource !== number) {
    return "";
  }
  if (held.state !== state) {
    return " of the same instance";
  }
  if (held.status !== "owned" && (own || held.status !== "borrowed")) {
    return EXPECTED[held.status];
  }
  if (own && held.isLent) {
    return " that is not in use";
  }
  if (held.call === resources.call && (own || held.moves)) {
    return " that is not given twice";
  }
  held.call = resources.call;
  held.moves = own;
  return undefined;
}
