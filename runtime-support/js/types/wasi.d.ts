/** What a component may see and say. */
export interface WasiOptions {
  /** Its arguments, of which the first is its name. */
  readonly args?: readonly string[] | undefined;
  /** Its environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** What it reads from its standard input; otherwise there is nothing to read. */
  readonly stdin?: Uint8Array | undefined;
  /** Takes what it writes to its standard output; otherwise it is lost. */
  readonly stdout?: ((bytes: Uint8Array) => void) | undefined;
  /** Takes what it writes to its standard error; otherwise it is lost. */
  readonly stderr?: ((bytes: Uint8Array) => void) | undefined;
  /** What it finds below `/`; otherwise it has no files. */
  readonly files?: MemoryFiles | undefined;
}

/** A file system in memory: a component may read and write all of it. */
export class MemoryFiles {
  /** @param contents Files by their absolute paths. */
  constructor(contents?: Readonly<Record<string, string | Uint8Array>>);
  /** What is in a file, or nothing if there is none. */
  read(path: string): Uint8Array | undefined;
  /** Makes a file, and the directories that lead to it. */
  write(path: string, content: string | Uint8Array): void;
  /** The paths of all files. */
  paths(): string[];
}

/**
 * A small WASI 0.2, for components that need it to start: the `interfaces` of `instantiate`.
 *
 * There are no files but those in memory, and no network; clocks and random numbers are those of the platform.
 * What else a component asks for is a trap, or an error where WIT has one.
 */
export function wasi(options?: WasiOptions): Record<string, object>;
