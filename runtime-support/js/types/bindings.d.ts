export { WitError } from "./errors.js";

/** The component did something it must not do, and its instance cannot be used any more. */
export class Trap extends Error {}

/** A component that does not fit what it is joined with. */
export class LinkError extends Error {}

/** A value that does not have the type that WIT says; the component was not called. */
export class ArgumentError extends TypeError {
  /** What a value at this place must be. */
  readonly expected: string;
  /** The way from the value that was given to the one that is wrong, such as `[2].name`. */
  readonly path: string;
  /** How the wrong value reads. */
  readonly got: string;
  /** The name of the function in WIT, such as `a:b/c#f`; empty without bindings. */
  readonly function: string;
}

/** What `witgen link` wrote, with its modules compiled. */
export interface Linked {
  readonly plan: { readonly version: number };
  readonly modules: readonly WebAssembly.Module[];
}

/**
 * Reads `plan.json` and compiles the modules beside it.
 *
 * @param location Where `plan.json` or its folder is: a URL, or a path in Node.
 */
export function load(location: string | URL): Promise<Linked>;

/** What `instantiate` takes beside the imports of the world. */
export interface InstantiateOptions {
  /**
   * Interfaces that a component imports beyond its world, such as those of WASI, by their names in WIT; a name may
   * go without its version. Functions have names in lowerCamelCase, classes in UpperCamelCase.
   */
  readonly interfaces?: Readonly<Record<string, object>> | undefined;
}
