// How names of WIT read in JavaScript where no bindings say so.

/**
 * Of functions, parameters and fields.
 *
 * @param {string} name
 * @returns {string}
 */
export function camel(name) {
  return name.replace(/-([a-z0-9])/gi, (_, letter) => letter.toUpperCase());
}

/**
 * Of resources.
 *
 * @param {string} name
 * @returns {string}
 */
export function pascal(name) {
  const text = camel(name);
  return text[0].toUpperCase() + text.slice(1);
}
