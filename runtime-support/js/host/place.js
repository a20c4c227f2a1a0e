import { Memory } from "./linear.js";

/** @import { State } from "./state.js" */

/** A memory as codecs use it, which know types only while they run. */
export class Place extends Memory {
  /** Flat values that are lifted at present. @type {any[]} */
  flat = [];
  /** The next one. */
  at = 0;
  /** How many flat values are lowered at present. */
  end = 0;

  /**
   * What the options of a plan mean in an instance.
   *
   * @param {State} state
   * @param {number} index
   * @returns {Place}
   */
  static of(state, index) {
    const places = known.get(state) ?? known.set(state, []).get(state) ?? [];
    return (places[index] ??= new Place(state, state.plan.options[index]));
  }

  /** @param {number} at */
  u8(at) {
    return this.view.getUint8(at);
  }

  /** @param {number} at */
  s8(at) {
    return this.view.getInt8(at);
  }

  /** @param {number} at */
  u16(at) {
    return this.view.getUint16(at, true);
  }

  /** @param {number} at */
  s16(at) {
    return this.view.getInt16(at, true);
  }

  /** @param {number} at */
  u32(at) {
    return this.view.getUint32(at, true);
  }

  /** @param {number} at */
  s32(at) {
    return this.view.getInt32(at, true);
  }

  /** @param {number} at */
  u64(at) {
    return this.view.getBigUint64(at, true);
  }

  /** @param {number} at */
  s64(at) {
    return this.view.getBigInt64(at, true);
  }

  /** @param {number} at */
  f32(at) {
    return this.view.getFloat32(at, true);
  }

  /** @param {number} at */
  f64(at) {
    return this.view.getFloat64(at, true);
  }

  /**
   * @param {number} at
   * @param {number} value
   */
  put8(at, value) {
    this.view.setUint8(at, value);
  }

  /**
   * @param {number} at
   * @param {number} value
   */
  put16(at, value) {
    this.view.setUint16(at, value, true);
  }

  /**
   * @param {number} at
   * @param {number} value
   */
  put32(at, value) {
    this.view.setUint32(at, value, true);
  }

  /**
   * @param {number} at
   * @param {bigint} value
   */
  put64(at, value) {
    this.view.setBigUint64(at, value, true);
  }

  /**
   * @param {number} at
   * @param {number} value
   */
  putF32(at, value) {
    this.view.setFloat32(at, value, true);
  }

  /**
   * @param {number} at
   * @param {number} value
   */
  putF64(at, value) {
    this.view.setFloat64(at, value, true);
  }
}

/** @type {WeakMap<State, Place[]>} */
const known = new WeakMap();
