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
  /** Keeps what `wasi:keyvalue` is told, whatever the grants say; for those who use `grants`. */
  readonly store?: Store | undefined;
  /** Takes what `wasi:logging` is told, whatever the grants say; for those who use `grants`. */
  readonly log?:
    ((level: string, context: string, message: string) => void) | undefined;
}

/** Where the buckets of `wasi:keyvalue` are; a bucket is made by its first key. */
export interface Store {
  get(bucket: string, key: string): Uint8Array | undefined;
  set(bucket: string, key: string, value: Uint8Array): void;
  delete(bucket: string, key: string): void;
  keys(bucket: string): Iterable<string>;
  /** Adds to a number in decimal digits, at once for all who look; without it, a value is read and written. */
  increment?(bucket: string, key: string, delta: bigint): bigint;
  /** Sets all of them or none; without it, they are set one by one. */
  setMany?(bucket: string, entries: [string, Uint8Array][]): void;
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
  /** Sockets. */
  readonly network?:
    | {
        /** Connections to `host:port`, where the port may be `*`. */
        readonly "tcp-connect"?: readonly string[] | undefined;
        /** Local addresses to listen at; port 0 is any. */
        readonly "tcp-listen"?: readonly string[] | undefined;
        /** Peers that datagrams go to and come from, and local addresses. */
        readonly udp?: readonly string[] | undefined;
        /** Names that may be looked up. */
        readonly resolve?: readonly string[] | undefined;
      }
    | undefined;
  /** Origins that requests may go to, such as `https://api.example.org`. */
  readonly http?:
    { readonly allow?: readonly string[] | undefined } | undefined;
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
  /** `wasi:keyvalue`: "memory", or "file:PATH" for a SQLite file. */
  readonly keyvalue?: { readonly store?: string | undefined } | undefined;
  /** `wasi:config`. */
  readonly config?:
    { readonly set?: Readonly<Record<string, string>> | undefined } | undefined;
  /** `wasi:logging`, on the standard error of the process. */
  readonly logging?: { readonly allow?: boolean | undefined } | undefined;
  /** How much a component may use. */
  readonly limits?:
    | {
        /** Bytes of all linear memories together: a number, or a text such as "256MiB"; needs `witgen link --metered`. */
        readonly memory?: number | string | undefined;
        /** Units of work of a call, about one for each instruction; needs `witgen link --metered`. */
        readonly fuel?: number | undefined;
        /** How long a call may take, waiting included: seconds, or a text such as "200ms". */
        readonly deadline?: number | string | undefined;
        /** How many files, sockets, streams and the like are open at a time; 10,000 if nothing is said. */
        readonly handles?: number | undefined;
      }
    | undefined;
}
