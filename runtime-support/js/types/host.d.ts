import type { Grants, InstantiateOptions, Linked } from "./bindings.js";

export { ArgumentError, LinkError, Trap, WitError, load } from "./bindings.js";
export type { Grants, Linked };

/** Functions, classes and interfaces by their names. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Items = Record<string, any>;

/**
 * Instantiates a component without bindings: values have the types that the plan says.
 *
 * Imports are objects by the name of the interface, or functions by their names in lowerCamelCase; resources are
 * classes in UpperCamelCase.
 */
export function instantiateDynamic(
  component: Linked,
  imports?: Items,
  options?: DynamicOptions,
): Items;
export function instantiateDynamic(
  component: string | URL,
  imports?: Items,
  options?: DynamicOptions,
): Promise<Items>;

/** What the component gets of WASI in Node, beside its imports. */
export type DynamicOptions = Omit<InstantiateOptions, "interfaces">;
