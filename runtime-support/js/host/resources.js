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
  /** How often it is lent at present. */
  lends = 0;
  /** The last call that was given it. */
  call = -1;
  /** Whether that call takes it away. */
  moves = false;
  /** Its number among what is owned. */
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
}

/** What is owned, by numbers: the collector takes longer for a registry that refers to objects. @type {(Held | undefined)[]} */
const owned = [];
/** Numbers that are not in use. @type {number[]} */
const free = [];

/** Destroys what nobody holds any more. @type {FinalizationRegistry<number>} */
const forgotten = /* @__PURE__ */ new FinalizationRegistry((number) => {
  const held = owned[number];
  owned[number] = undefined;
  free.push(number);
  if (held?.status === "owned" && held.lends === 0) {
    held.status = "dropped";
    try {
      held.state.resources.release(held);
    } catch {
      // There is nobody to tell; the instance says so at its next call.
    }
  }
});

/**
 * Watches an object until it is handed on or disposed of.
 *
 * @param {object} object
 * @param {Held} held
 */
function watch(object, held) {
  held.number = free.pop() ?? owned.length;
  owned[held.number] = held;
  forgotten.register(object, held.number, held);
}

/** @param {Held} held */
function unwatch(held) {
  forgotten.unregister(held);
  owned[held.number] = undefined;
  free.push(held.number);
}

/** An object that stands for a resource of a component. */
export class Resource {
  /** @type {Held} */
  #held;

  /** @param {Held} held */
  constructor(held) {
    this.#held = held;
    if (held.status === "owned") {
      watch(this, held);
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
 * @property {(call: Function) => void} constructs Says what `new` calls.
 */

/**
 * @param {string} name
 * @returns {ResourceClass}
 */
export function resourceClass(name) {
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
  const constructs = (/** @type {Function} */ call) => {
    create = call;
  };
  return { Class, constructs };
}

/**
 * Gives a class a static function.
 *
 * @param {any} Class
 * @param {string} name It may be one that every class has, such as `length`.
 * @param {Function} call
 */
export function addStatic(Class, name, call) {
  const about = { writable: true, configurable: true };
  Object.defineProperty(Class, name, { value: call, ...about });
}

/**
 * An own handle of the component, as an object of the host.
 *
 * @param {Memory} memory
 * @param {ResourceType} type
 * @param {number} index
 * @returns {any}
 */
export function liftOwn({ state, options }, type, index) {
  const { resources } = state;
  const number = resources.numbers[type.id];
  const table = resources.tables[options.instance][number];
  const { rep } = resources.handles[options.instance].take(index, table);
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
export function liftBorrow({ state, options }, type, index) {
  const { resources } = state;
  const number = resources.numbers[type.id];
  const table = resources.tables[options.instance][number];
  const handles = resources.handles[options.instance];
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
export function lowerOwn({ state, options }, type, value) {
  const { resources } = state;
  const number = resources.numbers[type.id];
  const table = resources.tables[options.instance][number];
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
  return resources.handles[options.instance].add(slot);
}

/**
 * Lends the component an object of the host for the time of a call.
 *
 * @param {Memory} memory
 * @param {ResourceType} type
 * @param {any} value
 * @returns {number}
 */
export function lowerBorrow({ state, options }, type, value) {
  const { resources } = state;
  const number = resources.numbers[type.id];
  let rep = value;
  if (number >= resources.imported) {
    const held = heldBy(value, type);
    held.lends += 1;
    resources.lent.push(held);
    rep = held.rep;
    // The component that defines a resource gets no handle, but what it stands for.
    if (held.home === options.instance) {
      return rep;
    }
  }
  const { scope } = resources;
  scope.borrows += 1;
  const table = resources.tables[options.instance][number];
  const slot = { rep, table, own: false, lends: 0, scope };
  return resources.handles[options.instance].add(slot);
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
  const problem = unusable(value, at.state, type, true);
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
  const { state } = at;
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
  if (own && held.lends > 0) {
    return " that is not in use";
  }
  if (held.call === resources.call && (own || held.moves)) {
    return " that is not given twice";
  }
  held.call = resources.call;
  held.moves = own;
  return undefined;
}
