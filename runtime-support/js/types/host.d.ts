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
}

/** What `witgen link` wrote, with its modules compiled. */
export interface Linked {
  readonly plan: { readonly version: number };
  readonly modules: readonly WebAssembly.Module[];
}

/**
 * Reads `plan.json` and compiles the modules beside it.
 *
 * @param location Where `plan.json` is: a URL, or a path in Node.
 */
export function load(location: string | URL): Promise<Linked>;

/** Functions, classes and interfaces by their names. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Items = Record<string, any>;

/**
 * Instantiates a component without bindings: values have the types that the plan says.
 *
 * Imports are objects by the name of the interface, or functions by their names in lowerCamelCase; resources are
 * classes in UpperCamelCase.
 */
export function instantiateDynamic(component: Linked, imports?: Items): Items;
export function instantiateDynamic(
  component: string | URL,
  imports?: Items,
): Promise<Items>;
