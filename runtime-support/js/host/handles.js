import { Trap } from "./errors.js";

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
