// What generated guest bindings import; nothing here is for programs.

export { WitError } from "./errors.js";

/** How values of a type cross the boundary. */
export interface Codec {
  readonly kind?: string;
}

export const bool: Codec;
export const char: Codec;
export const f32: Codec;
export const f64: Codec;
export const s16: Codec;
export const s32: Codec;
export const s64: Codec;
export const s8: Codec;
export const string: Codec;
export const u16: Codec;
export const u32: Codec;
export const u64: Codec;
export const u8: Codec;

export function enumeration(...names: string[]): Codec;
export function flags(...names: string[]): Codec;
export function option(some: Codec): Codec;
export function record(fields: Record<string, Codec>): Codec;
export function result(ok?: Codec, err?: Codec): Codec;
export function variant(cases: Record<string, Codec | undefined>): Codec;
export function list(element: Codec): Codec;
export function map(key: Codec, value: Codec): Codec;
export function tuple(...codecs: Codec[]): Codec;

export function imported(about: object): (...args: unknown[]) => unknown;
export function importedResource(about: object): unknown;
export function resource(about: object): unknown;
export function exportFunction(about: object): (...args: unknown[]) => unknown;
export function exportInterface(about: object): object;
export function installConsole(...args: unknown[]): void;
