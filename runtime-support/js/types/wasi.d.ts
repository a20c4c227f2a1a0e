/** What a component may see and say. */
export interface WasiOptions {
  /** Its arguments, of which the first is its name. */
  readonly args?: readonly string[] | undefined;
  /** Its environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Takes what it writes to its standard output; otherwise it is lost. */
  readonly stdout?: ((bytes: Uint8Array) => void) | undefined;
  /** Takes what it writes to its standard error; otherwise it is lost. */
  readonly stderr?: ((bytes: Uint8Array) => void) | undefined;
}

/**
 * A small WASI 0.2, for components that need it to start: the `interfaces` of `instantiate`.
 *
 * There are no files, no network and no input; clocks and random numbers are those of the platform.
 * What else a component asks for is a trap, or an error where WIT has one.
 */
export function wasi(options?: WasiOptions): Record<string, object>;
