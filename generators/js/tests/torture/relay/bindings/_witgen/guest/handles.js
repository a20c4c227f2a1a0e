// @ts-nocheck
import { Mismatch } from "./mismatch.js";

// What became of a handle of an imported resource: a property of the engine's object.
const STATE = Symbol("what became of the handle");

/** What a handle must be, by what it is. @type {Record<string, string>} */
const EXPECTED = {
  moved: "that was not handed on before",
  dropped: "that was not disposed of",
  borrowed: "that is not borrowed",
};

/** Handles that the values of the present call take away. @type {any[]} */
const moving = [];

/** Handles that the present call of an export has borrowed. @type {any[]} */
const lent = [];

/**
 * Checks that a handle can be used.
 *
 * @param {any} handle
 * @param {string} name The name of the class.
 */
export function use(handle, name) {
  const state = handle[STATE];
  if (state !== undefined && state !== "borrowed") {
    throw new Mismatch(`a ${name} ${EXPECTED[state]}`, handle);
  }
}

/**
 * Checks that a handle can be handed on, which it is when the call happens.
 *
 * @param {any} handle
 * @param {string} name The name of the class.
 */
export function move(handle, name) {
  const state = handle[STATE];
  if (state !== undefined) {
    throw new Mismatch(`a ${name} ${EXPECTED[state]}`, handle);
  }
  handle[STATE] = "moved";
  moving.push(handle);
}

/** The call happens: what was to be handed on is. */
export function commit() {
  moving.length = 0;
}

/** The call does not happen: what was to be handed on stays. */
export function rollBack() {
  while (moving.length > 0) {
    moving.pop()[STATE] = undefined;
  }
}

/**
 * Notes a handle that the present call of an export has borrowed.
 *
 * @param {any} handle
 */
export function lend(handle) {
  handle[STATE] = "borrowed";
  lent.push(handle);
}

/** Gives back what was borrowed, which has to happen before the call returns. */
export function giveBack() {
  while (lent.length > 0) {
    lent.pop()[Symbol.dispose]();
  }
}

/**
 * A handle is dropped once, however often it is disposed of.
 *
 * @param {any} handle
 * @param {(this: object) => void} drop
 */
export function dispose(handle, drop) {
  const state = handle[STATE];
  if (state === undefined || state === "borrowed") {
    handle[STATE] = "dropped";
    drop.call(handle);
  }
}
