/**
 * The parts of a link plan that this host reads; `docs/link-plan.md` of witgen explains them.
 *
 * @typedef {[kind: string, index: any, name?: string]} Definition
 * @typedef {object} Options
 * @property {number} instance
 * @property {"utf8" | "utf16" | "compact-utf16"} encoding
 * @property {number | null} memory
 * @property {number | null} realloc
 * @property {number | null} post-return
 * @typedef {{ name: string, func?: Definition, type?: number, options?: number, instance?: Export[], resource?: number }} Export
 * @typedef {string | number} TypeRef
 * @typedef {{ kind: string } & Record<string, any>} Type
 * @typedef {{ params: [string, TypeRef][], result: TypeRef | null }} Func
 * @typedef {object} Plan
 * @property {number} version
 * @property {{ file: string, features: string[], imports: [string, string, string][], pages?: number }[]} modules
 * @property {{ name: string, path: string[] }[]} imports
 * @property {({ op: string } & Record<string, any>)[]} init
 * @property {({ kind: string } & Record<string, any>)[]} trampolines
 * @property {Options[]} options
 * @property {Export[]} exports
 * @property {Func[]} funcs
 * @property {Type[]} types
 * @property {({ resource: number, instance: number } | null)[]} resource-tables
 * @property {number[]} imported-resources
 * @property {number[]} defined-resource-instances
 * @property {number} component-instances
 * @property {number | null} [meter]
 */

import { LinkError } from "./errors.js";

const VERSION = 1;

/**
 * What `load` brings in for components that need it, see `extra.js`, `strings.js` and `beyond.js`, and for WASI in Node.
 *
 * @type {Record<string, any>}
 */
export const extra = {};

/**
 * What a component gets of WASI; `types/bindings.d.ts` explains it.
 *
 * @typedef {object} Rights
 * @property {unknown} [grants]
 * @property {readonly string[]} [args]
 * @property {import("./node/stores.js").Store} [store]
 * @property {import("./node/others.js").Log} [log]
 */

/**
 * A plan with its compiled modules.
 *
 * @typedef {{ plan: Plan, modules: readonly WebAssembly.Module[] }} Linked
 */

/**
 * Reads `plan.json` and compiles the modules beside it.
 *
 * @param {string | URL} location Where `plan.json` or its folder is: a URL, or a path in Node.
 * @param {(wit: string) => boolean} [isKnown] Whether generated code serves an import.
 * @returns {Promise<Linked>}
 */
export async function load(location, isKnown = () => false) {
  const base = planOf(absolute(location));
  const plan = await read(base)
    .then((bytes) => JSON.parse(new TextDecoder().decode(bytes)))
    .catch(unreadable(base));
  checkVersion(plan);
  const { imports, modules } = /** @type {Plan} */ (plan);
  const parts = await Promise.all([
    needsExtra(plan) && import("./extra.js"),
    needsStrings(plan) && import("./strings.js"),
    imports.every(({ name, path }) => isKnown([name, ...path].join("#"))) ||
      import("./beyond.js"),
    builtin("fs") &&
      import("./node/limits.js").then(({ prepared }) => prepared(plan)),
  ]);
  Object.assign(extra, ...parts);
  const compile = (/** @type {{ file: string }} */ { file }) => {
    const url = new URL(file, base);
    const compiled =
      url.protocol === "file:"
        ? read(url).then((bytes) => WebAssembly.compile(bytes))
        : WebAssembly.compileStreaming(fetch(url));
    return compiled.catch(unreadable(url));
  };
  return { plan, modules: await Promise.all(modules.map(compile)) };
}

/**
 * Whether a component has handles, or is joined of several.
 *
 * @param {Plan} plan
 * @returns {boolean}
 */
export function needsExtra({ init, trampolines, ...plan }) {
  return (
    plan["resource-tables"].length > 0 ||
    trampolines.some(({ kind }) => kind !== "lower") ||
    init.some(({ args }) => args?.some(isExtra))
  );
}

/**
 * Says which file is missing or damaged.
 *
 * @param {URL} url
 * @returns {(cause: Error) => never}
 */
const unreadable = (url) => (cause) => {
  throw new LinkError(`${url}: ${cause.message}`, { cause });
};

/** @param {Definition} definition */
const isExtra = ([kind]) => kind === "intrinsic" || kind === "flags";

/**
 * Whether a component has strings that are not in UTF-8, or hands strings from one to another.
 *
 * @param {Plan} plan
 * @returns {boolean}
 */
export const needsStrings = ({ options, trampolines }) =>
  options.some(({ encoding }) => encoding !== "utf8") ||
  trampolines.some(({ kind }) => kind === "transcode");

/**
 * The plan itself, where `url` is that of its folder.
 *
 * @param {URL} url
 * @returns {URL}
 */
function planOf(url) {
  const { pathname } = url;
  return pathname.endsWith(".json")
    ? url
    : new URL(pathname.replace(/\/?$/, "/plan.json"), url);
}

/**
 * @param {{ version: number }} plan
 */
export function checkVersion(plan) {
  const version = plan?.version;
  if (version !== VERSION) {
    throw new LinkError(
      `the plan has version ${version}, this host reads ${VERSION}: use one version of witgen`,
    );
  }
}

/**
 * @param {string | URL} location
 * @returns {URL}
 */
function absolute(location) {
  return location instanceof URL || /^[a-z][a-z+.-]+:/i.test(location)
    ? new URL(location)
    : (builtin("url")?.pathToFileURL(location) ??
        new URL(location, globalThis.location?.href));
}

/**
 * @param {URL} url
 * @returns {Promise<BufferSource>}
 */
async function read(url) {
  const fs = url.protocol === "file:" && builtin("fs");
  if (fs) {
    return fs.promises.readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${response.status}`);
  }
  return response.arrayBuffer();
}

/**
 * A module of Node, which bundlers for browsers must not look for; nothing elsewhere.
 *
 * @param {string} name
 * @returns {any}
 */
const builtin = (name) => globalThis.process?.getBuiltinModule?.(name);
