/** A WIT `result` that is not the whole result of a function. */
export type Result<T, E> =
  | { readonly tag: "ok"; readonly val: T }
  | { readonly tag: "err"; readonly val: E };

/** The outer `option` of an option of an option. */
export type Option<T> =
  | { readonly tag: "some"; readonly val: T }
  | { readonly tag: "none"; readonly val?: undefined };
