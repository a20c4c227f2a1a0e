import { ArgumentError, Trap } from "./errors.js";
import { mismatch } from "./checks.js";

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
/** Whether what is fresh is watched at the end of the turn. Nothing is collected before. */
let isDue = false;

/**
 * Watches an object until it is handed on or disposed of.
 *
 * @param {Resource} object
 */
function watch(object) {
  if (!isDue) {
    isDue = true;
    void Promise.resolve().then(() => {
      isDue = false;
      watchFresh();
    });
  }
  if (fresh.length === MANY) {
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
  resources.numbers[type.id] = number;
  resources.classes.set(number, made.Class);
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
  const table = resources.tables[instance][number];
  const { rep } = resources.handles[instance].take(index, table);
  if (number >= resources.imported) {
    return wrap(state, type, number, rep, "owned");
  }
  resources.open -= 1;
  return rep;
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
  const table = resources.tables[instance][number];
  const handles = resources.handles[instance];
  const rep = handles.lend(index, table, resources.scope);
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
  const table = resources.tables[instance][number];
  let rep = value;
  if (number >= resources.imported) {
    const held = heldBy(value, type);
    held.status = "moved";
    unwatch(held);
    rep = held.rep;
  } else {
    resources.opened();
  }
  const slot = { rep, table, own: true, lends: 0, scope: undefined };
  return resources.handles[instance].add(slot);
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
  const held = Resource.held(value);
  // The component that defines a resource gets no handle, but what it stands for.
  if (held?.type === type && held.home === instance) {
    held.lent = state.turn;
    return held.rep;
  }
  const { resources } = state;
  const number = resources.numbers[type.id];
  let rep = value;
  if (number >= resources.imported) {
    const held = heldBy(value, type);
    held.lent = state.turn;
    rep = held.rep;
  }
  const { scope } = resources;
  scope.borrows += 1;
  const table = resources.tables[instance][number];
  const slot = { rep, table, own: false, lends: 0, scope };
  return resources.handles[instance].add(slot);
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
  const problem = unusable(value, stateOf(at), type, true);
  if (problem !== undefined) {
    mismatch(`a ${type.name}${problem}`, value, at, step);
  }
}

/**
 * @param {any} value
 * @param {At} at
 * @param {string} step
 * @param {ResourceType} type
 */
export function checkBorrow(value, at, step, type) {
  const held = Resource.held(value);
  const state = stateOf(at);
  if (
    held?.type === type &&
    held.state === state &&
    held.status === "owned" &&
    !held.moves
  ) {
    held.call = state.resources.call;
    return;
  }
  const problem = unusable(value, state, type, false);
  if (problem !== undefined) {
    mismatch(`a ${type.name}${problem}`, value, at, step);
  }
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
    at.state?.resources?.begin();
    checkBorrow(value, at, step, type);
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
