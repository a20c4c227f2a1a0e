// @ts-nocheck
/**
 * How values of one WIT type pass between the user's code and the engine.
 *
 * The engine has shapes of its own: it hands out `u32` with a sign and `null` for `none`,
 * and it cuts or saturates what is out of range. A codec hides that in both directions.
 *
 * @typedef {object} Codec
 * @property {(value: unknown) => unknown} lower From the user to the engine. Throws a
 *   {@link import("./mismatch.js").Mismatch} when the value does not fit.
 * @property {(value: any) => any} lift From the engine to the user.
 * @property {boolean} plain Whether `lift` returns its argument.
 * @property {NumericList} [list] How a list of such values is kept in a typed array.
 * @property {boolean} [optional] Whether it is an `option`.
 * @property {ResultCases} [cases] The cases of a `result`.
 */

/**
 * The typed array of a list of numbers.
 *
 * @typedef {object} NumericList
 * @property {TypedArrayConstructor} array
 * @property {(value: unknown) => unknown} element Checks one element.
 */

/**
 * The payloads of a `result`; none where the case has none.
 *
 * @typedef {{ ok: Codec | undefined, err: Codec | undefined }} ResultCases
 */

/**
 * @typedef {Uint8ArrayConstructor | Int8ArrayConstructor | Uint16ArrayConstructor
 *   | Int16ArrayConstructor | Uint32ArrayConstructor | Int32ArrayConstructor
 *   | BigUint64ArrayConstructor | BigInt64ArrayConstructor
 *   | Float32ArrayConstructor | Float64ArrayConstructor} TypedArrayConstructor
 */

/**
 * @param {any} value
 * @returns {any}
 */
export function same(value) {
  return value;
}

export {};
