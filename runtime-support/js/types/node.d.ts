import type { InstantiateOptions, Linked } from "./bindings.js";

/** What a listener takes beside what `instantiate` does. */
export interface ListenerOptions extends InstantiateOptions {
  /** How many bytes the body of a request may have; 64 MiB by default. */
  readonly mostBody?: number | undefined;
  /** Hears of calls that failed; otherwise they are written to the console. */
  readonly failed?: ((error: unknown) => void) | undefined;
}

/**
 * Answers requests by a component that exports `wasi:http/incoming-handler`: a listener for `http.createServer`.
 *
 * The component is called on this thread, when all of a request has come. One instance serves one request after
 * another, and a new one is made when it has trapped.
 */
export function requestListener(
  component: Linked,
  options?: ListenerOptions,
): (request: object, response: object) => void;

/** A store for `wasi:keyvalue` that ends with the program. */
export class MemoryStore {
  get(bucket: string, key: string): Uint8Array | undefined;
  set(bucket: string, key: string, value: Uint8Array): void;
  delete(bucket: string, key: string): void;
  keys(bucket: string): string[];
}
