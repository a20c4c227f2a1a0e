// @ts-nocheck
const LONGEST = 80;

/**
 * A value as a person reads it in a message.
 *
 * @param {unknown} value
 * @param {string} [nothing] What to say of `undefined`.
 * @returns {string}
 */
export function describe(value, nothing = "undefined") {
  switch (typeof value) {
    case "undefined":
      return nothing;
    case "string":
      return value;
    case "object":
      return shortened(json(value));
    default:
      return brief(value);
  }
}

/**
 * What a value is, for messages about values of the wrong type.
 *
 * @param {unknown} value
 * @returns {string}
 */
export function brief(value) {
  switch (typeof value) {
    case "string":
      return shortened(JSON.stringify(value));
    case "bigint":
      return shortened(`${value}n`);
    case "function":
      return "a function";
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "object":
      return value === null ? "null" : kind(value);
    default:
      return String(value);
  }
}

/**
 * @param {object} value
 * @returns {string}
 */
function kind(value) {
  if (Array.isArray(value)) {
    return `an array of length ${value.length}`;
  }
  const name = value.constructor?.name;
  return name === undefined || name === "Object" ? "an object" : `a ${name}`;
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function json(value) {
  try {
    return JSON.stringify(value, (_key, part) =>
      typeof part === "bigint" ? `${part}` : part,
    );
  } catch {
    return brief(value);
  }
}

/**
 * @param {string} text
 * @returns {string}
 */
function shortened(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}
