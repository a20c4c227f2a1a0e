/** @import { Codec } from "./scalars.js" */
/** @import { Signature } from "./functions.js" */
/** @import { Export } from "./plan.js" */
/** @import { Key } from "./resources.js" */

/**
 * A function as bindings describe it.
 *
 * @typedef {object} Described
 * @property {string} name Its name in WIT: `a:b/c@1.0.0#f`, or `f`.
 * @property {Record<string, Codec>} [params]
 * @property {Codec} [result]
 * @property {string} [as] What it is called in a class where that is not its key.
 */

/**
 * A resource; its key is the name of the class.
 *
 * @typedef {object} DescribedResource
 * @property {string} name Its name in WIT, as functions have it.
 * @property {{ key: Key, own: Codec, borrow: Codec }} type
 * @property {Described} [create]
 * @property {Record<string, Described>} [methods]
 * @property {Record<string, Described>} [statics]
 */

/**
 * What a world imports or exports, by the names that users see.
 *
 * @typedef {object} Members
 * @property {Record<string, Described>} [functions]
 * @property {Record<string, DescribedResource>} [resources]
 * @property {Record<string, Members>} [interfaces]
 */

/**
 * @typedef {object} Description
 * @property {string} name
 * @property {boolean} [unchecked] Whether arguments are taken as they come.
 * @property {Members} imports
 * @property {Members} exports
 */

/** A world as its bindings describe it. */
export class World {
  /** @type {Map<string, Item>} */
  #imports = new Map();
  #keys;

  /** @param {Description} description */
  constructor({ name, unchecked = false, imports, exports }) {
    this.name = name;
    this.checked = !unchecked;
    this.exports = [...items(exports)];
    this.#keys = new Set(
      [imports.functions, imports.resources, imports.interfaces].flatMap(
        (part) => Object.keys(part ?? {}),
      ),
    );
    const found = [...items(imports)];
    for (const item of found.toReversed()) {
      this.#imports.set(track(item.wit), item);
    }
    for (const item of found) {
      this.#imports.set(item.wit, item);
    }
  }

  /**
   * The import that a plan means.
   *
   * @param {string} name
   * @param {string[]} path
   * @returns {Item | undefined}
   */
  import(name, path) {
    const wit = [name, ...path].join("#");
    return this.#imports.get(wit) ?? this.#imports.get(track(wit));
  }

  /**
   * Whether it has imports under that key.
   *
   * @param {string} key
   * @returns {boolean}
   */
  takes(key) {
    return this.#keys.has(key);
  }

  /**
   * The export of a component that is meant by one of the world.
   *
   * @param {Item} item
   * @param {Export[]} exports
   * @returns {Export | undefined}
   */
  match({ wit }, exports) {
    const [name, inner] = wit.split("#");
    const found =
      exports.find((other) => other.name === name) ??
      exports.find((other) => track(other.name) === track(name));
    return inner === undefined
      ? found
      : found?.instance?.find((other) => other.name === inner);
  }
}

/** A function or a resource of a world. */
export class Item {
  /** @type {DescribedResource["type"] | undefined} */
  type;
  /** @type {Signature | undefined} */
  signature;
  /** The name of its class. @type {string | undefined} */
  className;

  /**
   * @param {"function" | "resource" | "constructor" | "method" | "static"} kind
   * @param {string | undefined} owner The key of its interface.
   * @param {string} member What it is called there, or in its class.
   * @param {string} wit The name in WIT.
   */
  constructor(kind, owner, member, wit) {
    this.kind = kind;
    this.owner = owner;
    this.member = member;
    this.wit = wit;
  }

  /**
   * Where the user finds or gives it.
   *
   * @returns {string}
   */
  get place() {
    const parts = [this.owner, this.className];
    if (this.kind === "function" || this.kind === "static") {
      parts.push(this.member);
    }
    return parts.filter((part) => part !== undefined).join(".");
  }

  /**
   * What the user gives for it, with the thing that has to be there.
   *
   * @param {Record<string, any>} imports
   * @returns {{ target: any, call: (...args: any[]) => any }}
   */
  given(imports) {
    const { kind, owner, member, className } = this;
    const holder = owner === undefined ? imports : imports[owner];
    if (className === undefined) {
      const target = own(holder, member);
      return { target, call: target?.bind?.(holder) };
    }
    const Class = own(holder, className);
    switch (kind) {
      case "constructor":
        return { target: Class, call: (...args) => new Class(...args) };
      case "static":
        return {
          target: Class?.[member],
          call: (...args) => Class[member](...args),
        };
      default:
        return {
          target: Class,
          call: (self, ...args) => self[member](...args),
        };
    }
  }
}

/**
 * A property, unless it is one that every object has, such as `toString`.
 *
 * @param {any} holder
 * @param {string} name
 */
function own(holder, name) {
  const value = holder?.[name];
  return value === Object.prototype[/** @type {"toString"} */ (name)]
    ? undefined
    : value;
}

/**
 * The name with the versions that are compatible with its own: `a:b/c@1` of `a:b/c@1.2.3`.
 *
 * @param {string} name
 * @returns {string}
 */
function track(name) {
  const [, start, major, minor, patch, rest] =
    /^([^#]*)@(\d+)\.(\d+)\.(\d+)(#.*)?$/.exec(name) ?? [];
  if (start === undefined) {
    return name;
  }
  const parts =
    major !== "0"
      ? [major]
      : minor !== "0"
        ? [major, minor]
        : [major, minor, patch];
  return `${start}@${parts.join(".")}${rest ?? ""}`;
}

/**
 * Everything that is described, a resource before its functions.
 *
 * @param {Members} members
 * @param {string} [owner]
 * @returns {Generator<Item>}
 */
function* items({ functions = {}, resources = {}, interfaces = {} }, owner) {
  for (const [className, resource] of Object.entries(resources)) {
    yield* resourceItems(owner, className, resource);
  }
  for (const [member, about] of Object.entries(functions)) {
    yield func("function", owner, member, about);
  }
  for (const [key, inner] of Object.entries(interfaces)) {
    yield* items(inner, key);
  }
}

/**
 * @param {string | undefined} owner
 * @param {string} className
 * @param {DescribedResource} resource
 * @returns {Generator<Item>}
 */
function* resourceItems(
  owner,
  className,
  { name, type, create, methods = {}, statics = {} },
) {
  const item = new Item("resource", owner, className, name);
  const found = [item];
  if (create !== undefined) {
    found.push(func("constructor", owner, className, create));
  }
  for (const [member, about] of Object.entries(methods)) {
    found.push(func("method", owner, about.as ?? member, about));
  }
  for (const [member, about] of Object.entries(statics)) {
    found.push(func("static", owner, about.as ?? member, about));
  }
  for (const part of found) {
    part.type = type;
    part.className = className;
    yield part;
  }
}

/**
 * @param {Item["kind"]} kind
 * @param {string | undefined} owner
 * @param {string} member
 * @param {Described} about
 * @returns {Item}
 */
function func(kind, owner, member, { name, params = {}, result }) {
  const item = new Item(kind, owner, member, name);
  const throws = result?.cases !== undefined;
  item.signature = { name, params, result, throws };
  return item;
}
