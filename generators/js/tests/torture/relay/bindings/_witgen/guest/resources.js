// @ts-nocheck
import { same } from "./codec.js";
import { beforeCalls, exported, imported } from "./functions.js";
import { dispose, lend, move, use } from "./handles.js";
import { Mismatch } from "./mismatch.js";

/** @import { Codec } from "./codec.js" */
/** @import { Signature } from "./functions.js" */

/**
 * A resource type: how its handles cross. Who imports or exports it fills in the rest.
 *
 * @typedef {object} Resource
 * @property {string} name
 * @property {Codec} own
 * @property {Codec} borrow
 * @property {object} [prototype] What the user's objects inherit from.
 * @property {Handles} [handles] The handles that the component has made; none of an import.
 */

/**
 * @typedef {object} Members
 * @property {Resource} type
 * @property {Signature} [create] The constructor.
 * @property {Record<string, Member>} [methods]
 * @property {Record<string, Member>} [statics]
 */

/**
 * A method or static function, by the name that the engine gives it.
 *
 * @typedef {Signature & { as?: string }} Member With the user's name for it, if that is another one.
 */

/** @typedef {new (...args: any[]) => any} Class */

const inherits = Object.prototype.isPrototypeOf;

/**
 * @param {{ name: string }} options The name of the class.
 * @returns {Resource}
 */
export function resource({ name }) {
  /** @type {Resource} */
  const type = { name, own: codec(), borrow: codec() };
  /** @param {unknown} value */
  const check = (value) => {
    const { prototype } = type;
    if (prototype !== undefined && !inherits.call(prototype, Object(value))) {
      throw new Mismatch(`a ${name}`, value);
    }
    return value;
  };
  type.own.lower = (value) => {
    check(value);
    if (type.handles !== undefined) {
      return type.handles.give(value, name);
    }
    move(value, name);
    return value;
  };
  type.own.lift = (value) => type.handles?.take(value) ?? value;
  type.borrow.lower = (value) => {
    check(value);
    use(value, name);
    return value;
  };
  type.borrow.lift = (value) => {
    if (type.handles !== undefined) {
      return value[TARGET];
    }
    lend(value);
    return value;
  };
  return type;
}

/** @returns {Codec} */
function codec() {
  return { lower: same, lift: same, plain: false };
}

/**
 * The class of a resource that the component imports: the engine's own, with checks.
 *
 * @param {Members & { host: Class & Record<string, any> }} members
 * @returns {Function}
 */
export function importedResource({
  host,
  type,
  create,
  methods = {},
  statics = {},
}) {
  const construct =
    create &&
    imported({ ...create, call: (...args) => Reflect.construct(host, args) });
  /** @type {any} */
  const result = {
    /** @param {any[]} args */
    [type.name]: function (...args) {
      if (new.target === undefined || construct === undefined) {
        throw new TypeError(
          construct === undefined
            ? `${type.name} has no constructor`
            : `${type.name} must be called with new`,
        );
      }
      return construct(...args);
    },
  }[type.name];
  type.prototype = host.prototype;
  result.prototype = host.prototype;
  const drop = host.prototype[Symbol.dispose];
  define(host.prototype, Symbol.dispose, function () {
    dispose(this, drop);
  });
  for (const [name, signature] of Object.entries(methods)) {
    const method = host.prototype[name];
    const call = imported({
      ...signature,
      call: (self, ...args) => method.apply(self, args),
    });
    define(host.prototype, signature.as ?? name, passSelf(call));
  }
  define(host.prototype, "constructor", result);
  for (const [name, signature] of Object.entries(statics)) {
    const call = host[name].bind(host);
    define(result, signature.as ?? name, imported({ ...signature, call }));
  }
  return result;
}

/**
 * The class that the engine sees of a resource that the user's class implements.
 *
 * The engine marks the objects that it is given, and the mark outlives the handle. So each
 * handle gets an object of its own, which stands for the user's.
 *
 * @param {any} user The user's class.
 * @param {string} path Where it is, for messages.
 * @param {Members} members
 * @returns {Function}
 */
export function exportedResource(
  user,
  path,
  { type, create, methods = {}, statics = {} },
) {
  if (user === undefined) {
    throw new TypeError(`the module does not export \`${path}\``);
  }
  if (typeof user !== "function" || !isObject(user.prototype)) {
    throw new TypeError(`the module exports \`${path}\`, but not as a class`);
  }
  type.prototype = user.prototype;
  type.handles = new Handles();
  const construct = create && exported((...args) => new user(...args), create);
  /** @param {any[]} args */
  const result = function (...args) {
    return construct?.(...args);
  };
  type.handles.base = result.prototype;
  for (const [name, signature] of Object.entries(methods)) {
    const as = signature.as ?? name;
    if (typeof user.prototype[as] !== "function") {
      throw new TypeError(`the class \`${path}\` has no method \`${as}\``);
    }
    const call = exported((self, ...args) => self[as](...args), signature);
    define(result.prototype, name, passSelf(call));
  }
  for (const [name, signature] of Object.entries(statics)) {
    const as = signature.as ?? name;
    if (typeof user[as] !== "function") {
      throw new TypeError(
        `the class \`${path}\` has no static method \`${as}\``,
      );
    }
    define(result, name, exported(user[as].bind(user), signature));
  }
  return result;
}

const TARGET = Symbol("the user's object");

/** The handles of one resource that are outside of the user's hands. */
class Handles {
  /** What the engine's objects inherit from. @type {object | null} */
  base = null;
  /** By the user's object, the engine's, which dies with its handle. @type {Map<object, WeakRef<object>>} */
  live = new Map();

  constructor() {
    beforeCalls.push(() => this.sweep());
  }

  /**
   * @param {any} target
   * @param {string} name
   * @returns {object}
   */
  give(target, name) {
    if (this.live.get(target)?.deref() !== undefined) {
      throw new Mismatch(`a ${name} that was not handed out before`, target);
    }
    const handle = Object.create(this.base, { [TARGET]: { value: target } });
    this.live.set(target, new WeakRef(handle));
    return handle;
  }

  /**
   * @param {any} handle
   * @returns {object}
   */
  take(handle) {
    const target = handle[TARGET];
    this.live.delete(target);
    return target;
  }

  /** Disposes of what was dropped outside: the engine does not tell, it only lets go. */
  sweep() {
    for (const [target, handle] of this.live) {
      if (handle.deref() === undefined) {
        this.live.delete(target);
        /** @type {any} */ (target)[Symbol.dispose]?.();
      }
    }
  }
}

/**
 * @param {(...args: any[]) => any} call
 * @returns {(this: unknown, ...args: any[]) => any}
 */
function passSelf(call) {
  return function (...args) {
    return call(this, ...args);
  };
}

/**
 * @param {object} on
 * @param {string | symbol} name
 * @param {(this: any, ...args: any[]) => any} value
 */
function define(on, name, value) {
  // What is there already, such as a class's `prototype`, may be fixed but for its value.
  const isNew = !Object.hasOwn(on, name);
  Object.defineProperty(
    on,
    name,
    isNew ? { value, configurable: true, writable: true } : { value },
  );
}

/**
 * @param {unknown} value
 * @returns {boolean}
 */
function isObject(value) {
  return typeof value === "object" && value !== null;
}
