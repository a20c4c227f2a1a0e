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

/** A world as generated code describes it. */
export interface World {
  readonly name: string;
}

/** Makes the functions that instantiate the components of a world and read them. */
export function bindings<Instantiate>(world: World): {
  readonly instantiate: Instantiate;
  readonly load: (location: string | URL) => Promise<Linked>;
};

/** What `instantiate` takes beside the imports of the world. */
export interface InstantiateOptions {
  /**
   * Interfaces that a component imports beyond its world, such as those of WASI, by their names in WIT; a name may
   * go without its version. Functions have names in lowerCamelCase, classes in UpperCamelCase.
   */
  readonly interfaces?: Readonly<Record<string, object>> | undefined;
  /** In Node: what the component gets of WASI. Without it there is no WASI; with `{}` all of it denies. */
  readonly grants?: Grants | undefined;
  /** Its arguments, of which the first is its name; for those who use `grants`. */
  readonly args?: readonly string[] | undefined;
}

/** A directory of the host. */
export interface GrantedDirectory {
  /** Where it is; relative to the working directory of the process. */
  readonly host: string;
  /** What may be done in it; `read` by default. */
  readonly access?: "read" | "read-write" | undefined;
}

/** What a component may do. The keys are those of a grants file. */
export interface Grants {
  /** Directories, by the absolute path that the component knows them under. */
  readonly filesystem?: Readonly<Record<string, GrantedDirectory>> | undefined;
  /** Environment variables: those of the process that are passed on, and others. */
  readonly env?:
    | {
        readonly allow?: readonly string[] | undefined;
        readonly set?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  /** Measuring time and waiting, and the date. */
  readonly clocks?:
    | {
        readonly monotonic?: boolean | undefined;
        readonly wall?: boolean | undefined;
      }
    | undefined;
  /** Random numbers of the operating system. */
  readonly random?: { readonly allow?: boolean | undefined } | undefined;
  /** The standard streams of the process. */
  readonly stdio?:
    | {
        readonly stdin?: boolean | undefined;
        readonly stdout?: boolean | undefined;
        readonly stderr?: boolean | undefined;
      }
    | undefined;
}
