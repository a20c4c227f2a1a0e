import { Trap } from "./errors.js";

/** @import { State } from "./state.js" */
/** @import { Held } from "./resources.js" */

/**
 * A handle as a component instance knows it.
 *
 * @typedef {object} Slot
 * @property {any} rep The representation: a number of the defining instance, or an object of the host.
 * @property {number} table The resource table of the plan.
 * @property {boolean} own Whether it owns the resource.
 * @property {number} lends How often it is lent at present.
 * @property {Scope | undefined} scope The call that it is borrowed for.
 */

/**
 * What one call has borrowed and lent.
 *
 * @typedef {object} Scope
 * @property {number} borrows Borrowed handles that the callee has not dropped.
 * @property {{ lends: number }[]} lenders What was lent to the callee.
 */

/** @returns {Scope} */
export function openScope() {
  return { borrows: 0, lenders: [] };
}

/**
 * Ends a call: what it borrowed must be gone, and what was lent to it is free again.
 *
 * @param {Scope} scope
 */
export function closeScope(scope) {
  if (scope.borrows > 0) {
    throw new Trap("borrow handles still remain at the end of the call");
  }
  for (const lender of scope.lenders) {
    lender.lends -= 1;
  }
}

const MAX_HANDLE = 2 ** 28;

/** The handles of one component instance. */
export class Handles {
  /** @type {(Slot | undefined)[]} */
  slots = [undefined];
  /** @type {number[]} */
  free = [];

  /**
   * @param {Slot} slot
   * @returns {number}
   */
  add(slot) {
    const handle = this.free.pop() ?? this.slots.length;
    if (handle >= MAX_HANDLE) {
      throw new Trap("cannot allocate another handle: index overflow");
    }
    this.slots[handle] = slot;
    return handle;
  }

  /**
   * @param {number} handle
   * @param {number} table
   * @returns {Slot}
   */
  get(handle, table) {
    const slot = this.slots[handle];
    if (slot === undefined) {
      throw new Trap(`unknown handle index ${handle >>> 0}`);
    }
    if (slot.table !== table) {
      throw new Trap(
        `handle index ${handle >>> 0} used with the wrong type, expected guest-defined resource but found a different guest-defined resource`,
      );
    }
    return slot;
  }

  /**
   * @param {number} handle
   * @param {number} table
   * @returns {Slot}
   */
  remove(handle, table) {
    const slot = this.get(handle, table);
    if (slot.own && slot.lends > 0) {
      throw new Trap("cannot remove owned resource while borrowed");
    }
    this.slots[handle] = undefined;
    this.free.push(handle);
    return slot;
  }

  /**
   * Takes a handle that must own its resource.
   *
   * @param {number} handle
   * @param {number} table
   * @returns {Slot}
   */
  take(handle, table) {
    const slot = this.remove(handle, table);
    if (!slot.own) {
      throw new Trap("cannot lift own resource from a borrow");
    }
    return slot;
  }

  /**
   * Lends a handle for the time of a call.
   *
   * @param {number} handle
   * @param {number} table
   * @param {Scope} scope
   * @returns {any} The representation.
   */
  lend(handle, table, scope) {
    const slot = this.get(handle, table);
    if (slot.own) {
      slot.lends += 1;
      scope.lenders.push(slot);
    }
    return slot.rep;
  }
}

/** The resources of one instance. */
export class Resources {
  /** Calls that can lend and borrow. @type {Scope[]} */
  scopes = [];
  /** Objects that an import has borrowed at present. @type {Held[]} */
  borrowed = [];
  /** What was disposed of during a call. @type {Held[]} */
  disposed = [];
  /** Number of the present call with handles. */
  call = 0;
  /** The resource of the plan that each type of the bindings means. @type {number[]} */
  numbers = [];
  /** How many objects of the host the component owns. */
  open = 0;
  /** The class of objects that stand for a resource. @type {Map<number, any>} */
  classes = new Map();

  /** @param {State} state */
  constructor(state) {
    const { plan } = state;
    this.state = state;
    this.most = state.limits.handles ?? Infinity;
    this.imported = plan["imported-resources"].length;
    /** The component instance of each resource that is not imported. */
    this.defining = plan["defined-resource-instances"];
    const count = plan["component-instances"];
    this.handles = Array.from({ length: count }, () => new Handles());
    /** The table of each resource, by instance. @type {number[][]} */
    this.tables = Array.from({ length: count }, () => []);
    plan["resource-tables"].forEach((table, index) => {
      if (table !== null) {
        this.tables[table.instance][table.resource] = index;
      }
    });
  }

  /** The innermost call that can lend and borrow. @returns {Scope} */
  get scope() {
    const { scopes } = this;
    if (scopes.length === 0) {
      scopes.push(openScope());
      this.state.isSettled = false;
    }
    return scopes[scopes.length - 1];
  }

  /**
   * Whether the component instance defines the resource.
   *
   * @param {number} resource
   * @param {number} instance
   * @returns {boolean}
   */
  defines(resource, instance) {
    return this.defining[resource - this.imported] === instance;
  }

  /**
   * Says what a resource of the bindings is in the plan, and in the host.
   *
   * @param {{ id: number }} type
   * @param {number} number
   * @param {any} Class
   */
  define({ id }, number, Class) {
    this.numbers[id] = number;
    this.classes.set(number, Class);
  }

  /**
   * Takes a handle away from the component.
   *
   * @param {number} instance
   * @param {number} resource
   * @param {number} handle
   * @returns {any} What it stands for.
   */
  take(instance, resource, handle) {
    const table = this.tables[instance][resource];
    const { rep } = this.handles[instance].take(handle, table);
    if (resource < this.imported) {
      this.open -= 1;
    }
    return rep;
  }

  /**
   * Lends a handle of the component for the time of a call.
   *
   * @param {number} instance
   * @param {number} resource
   * @param {number} handle
   * @returns {any} What it stands for.
   */
  lend(instance, resource, handle) {
    const table = this.tables[instance][resource];
    return this.handles[instance].lend(handle, table, this.scope);
  }

  /**
   * Gives the component a handle, to keep or for a call.
   *
   * @param {number} instance
   * @param {number} resource
   * @param {any} rep
   * @param {Scope} [scope] The call that it is lent to.
   * @returns {number}
   */
  give(instance, resource, rep, scope) {
    const table = this.tables[instance][resource];
    if (scope !== undefined) {
      scope.borrows += 1;
    }
    const own = scope === undefined;
    return this.handles[instance].add({ rep, table, own, lends: 0, scope });
  }

  /** The component is given an object of the host. */
  opened() {
    this.open += 1;
    if (this.open > this.most) {
      throw new Trap(
        "the component keeps more open than `limits.handles` grants",
      );
    }
  }

  /** Starts the checks of a call, or of a result, that may give a handle twice. */
  begin() {
    this.call += 1;
  }

  /** Ends a call of the host that has borrowed, or that had to wait for its end to destroy something. */
  settle() {
    const { scopes, disposed } = this;
    if (scopes.length > 0) {
      closeScope(/** @type {Scope} */ (scopes.pop()));
    }
    while (disposed.length > 0) {
      const { resource, rep } = /** @type {Held} */ (disposed.shift());
      this.destroy(resource, rep);
    }
  }

  /**
   * Destroys what a handle owned.
   *
   * @param {number} resource
   * @param {any} rep
   */
  destroy(resource, rep) {
    if (resource < this.imported) {
      this.open -= 1;
      rep?.[Symbol.dispose]?.();
    } else {
      this.state.destructors[resource - this.imported]?.(rep);
    }
  }

  /**
   * Destroys what an object of the host owned; during a call, it waits for the end of the call.
   *
   * @param {Held} held
   */
  release(held) {
    const { state } = this;
    if (state.dead !== undefined) {
      return;
    }
    if (state.entered) {
      this.disposed.push(held);
      state.isSettled = false;
      return;
    }
    try {
      state.limited(() => {
        state.entered = true;
        this.destroy(held.resource, held.rep);
      });
      state.leave();
    } catch (error) {
      throw state.fail(error);
    }
  }
}
