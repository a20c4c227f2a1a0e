import { LinkError, Trap } from "./errors.js";
import { Memory } from "./linear.js";
import { checkVersion, extra, needsExtra } from "./plan.js";

/** @import { Definition, Export, Plan } from "./plan.js" */
/** @import { Resources } from "./handles.js" */

/**
 * Makes the function that a component calls for one of its imports.
 *
 * @callback Lower
 * @param {State} state
 * @param {number} index The import in the plan.
 * @param {number} options
 * @param {number} type The signature in the plan.
 * @returns {Function}
 */

/** Everything that the instance of one component has: a trap ends all of it. */
export class State {
  /** @type {WebAssembly.Memory[]} */
  memories = [];
  /** @type {Function[]} */
  reallocs = [];
  /** @type {Function[]} */
  postReturns = [];
  /** @type {WebAssembly.Exports[]} */
  instances = [];
  /** What destroys each resource that the component defines. @type {(Function | undefined)[]} */
  destructors = [];
  /** Whether a call is under way. */
  entered = false;
  /** Why no call is possible any more. @type {unknown} */
  dead = undefined;
  /** Two numbers that modules may keep. */
  context = [0, 0];
  /** @type {(Memory | undefined)[]} */
  linear = [];

  /**
   * @param {Plan} plan
   * @param {unknown} [grants] Which may limit its calls.
   */
  constructor(plan, grants) {
    checkVersion(plan);
    /** @type {import("./node/limits.js").Limits} */
    this.limits = grants === undefined ? {} : extra.limiting(grants);
    if (extra.Resources === undefined && needsExtra(plan, () => true)) {
      throw new LinkError("`load` has to read the component in this thread");
    }
    this.plan = plan;
    const shared = new Set();
    for (const { args = [] } of plan.init) {
      for (const [kind, index] of args) {
        if (kind === "flags") {
          shared.add(index);
        }
      }
    }
    /** Whether each instance may call out; adapters between two of them look at it, too. @type {{ value: number }[]} */
    this.flags = Array.from(
      { length: plan["component-instances"] },
      (_, index) =>
        shared.has(index)
          ? new WebAssembly.Global({ value: "i32", mutable: true }, 1)
          : { value: 1 },
    );
    /** What only components with handles have. @type {Resources} */
    this.resources = extra.Resources && new extra.Resources(this);
  }

  /**
   * Does something that may take no longer than is granted.
   *
   * @template T
   * @param {() => T} run
   * @returns {T}
   */
  limited(run) {
    const { watch } = this.limits;
    return watch === undefined ? run() : watch(this, run);
  }

  /**
   * A function that may take no longer than is granted.
   *
   * @param {any} call
   */
  watched(call) {
    const state = this;
    return this.limits.watch === undefined
      ? call
      : function (/** @type {any[]} */ ...args) {
          // @ts-expect-error: methods have their object.
          return state.limited(() => call.apply(this, args));
        };
  }

  /** Starts a call from outside. */
  enter() {
    if (this.entered || this.dead !== undefined) {
      throw this.refused();
    }
    this.entered = true;
  }

  /** @returns {Trap} */
  refused() {
    return new Trap(
      "cannot enter component instance",
      this.dead === undefined ? undefined : { cause: this.dead },
    );
  }

  /** Ends a call from outside that went well. */
  leave() {
    this.resources?.settle();
    this.entered = false;
  }

  /**
   * Ends a call that went wrong, and the instance with it.
   *
   * @param {unknown} error
   * @returns {unknown} What to throw.
   */
  fail(error) {
    const thrown = trapOf(error);
    this.dead = thrown;
    this.entered = false;
    return thrown;
  }

  /**
   * @param {number} index
   * @returns {Memory}
   */
  memory(index) {
    return (this.linear[index] ??= new Memory(this, this.plan.options[index]));
  }

  /**
   * The core function of an export.
   *
   * @param {Export} item
   * @returns {Function}
   */
  core({ func }) {
    const [, instance, name] = /** @type {["export", number, string]} */ (func);
    return /** @type {Function} */ (this.instances[instance][name]);
  }
}

/**
 * What the engine throws, as a trap; what an import threw stays as it is.
 *
 * @param {unknown} error
 * @returns {unknown}
 */
function trapOf(error) {
  if (error instanceof WebAssembly.RuntimeError) {
    return new Trap(error.message, { cause: error });
  }
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return new Trap("call stack exhausted", { cause: error });
  }
  return error;
}

/**
 * Makes an instance at once.
 *
 * @param {State} state
 * @param {readonly WebAssembly.Module[]} modules
 * @param {Lower} lower
 */
export function build(state, modules, lower) {
  state.limited(() => buildNow(state, modules, lower));
}

/**
 * @param {State} state
 * @param {readonly WebAssembly.Module[]} modules
 * @param {Lower} lower
 */
function buildNow(state, modules, lower) {
  const steps = building(state, modules, lower);
  let step = steps.next();
  while (!step.done) {
    const { module, imports } = step.value;
    try {
      step = steps.next(new WebAssembly.Instance(module, imports));
    } catch (error) {
      step = steps.throw(error);
    }
  }
}

/**
 * Makes an instance; the main thread of a browser does not take large modules otherwise.
 *
 * @param {State} state
 * @param {readonly WebAssembly.Module[]} modules
 * @param {Lower} lower
 */
export async function buildLater(state, modules, lower) {
  if (state.limits.watch !== undefined) {
    build(state, modules, lower);
    return;
  }
  const steps = building(state, modules, lower);
  let step = steps.next();
  while (!step.done) {
    const { module, imports } = step.value;
    try {
      step = steps.next(await WebAssembly.instantiate(module, imports));
    } catch (error) {
      step = steps.throw(error);
    }
  }
}

/**
 * Which trampoline is an import.
 *
 * @param {Plan} plan
 * @param {number} lowered
 */
export const lowering = ({ trampolines }, lowered) =>
  trampolines.findIndex(
    (trampoline) =>
      trampoline.kind === "lower" && trampoline.lowered === lowered,
  );

/**
 * Does what the plan says, in its order; whoever runs it makes the instances.
 *
 * @param {State} state
 * @param {readonly WebAssembly.Module[]} modules
 * @param {Lower} lower
 * @returns {Generator<{ module: WebAssembly.Module, imports: WebAssembly.Imports }, void, WebAssembly.Instance>}
 */
function* building(state, modules, lower) {
  const { plan } = state;
  /** @type {(Function | undefined)[]} */
  const trampolines = [];

  /**
   * @param {Definition} definition
   * @returns {any}
   */
  const definition = ([kind, index, name]) => {
    switch (kind) {
      case "export":
        return state.instances[index][/** @type {string} */ (name)];
      case "trampoline":
        return (trampolines[index] ??= trampoline(plan.trampolines[index]));
      case "flags":
        return state.flags[index];
      default:
        return made(kind, { name: index });
    }
  };

  /** @param {{ kind: string } & Record<string, any>} trampoline */
  const trampoline = (trampoline) =>
    trampoline.kind === "trap"
      ? (/** @type {number} */ code) => {
          throw new Trap(trampoline.messages[code] ?? `trap ${code}`);
        }
      : made(trampoline.kind, trampoline);

  /**
   * @param {string} kind
   * @param {Record<string, any>} about
   * @returns {Function}
   */
  const made = (kind, about) => {
    const make = extra.trampolines?.[kind];
    if (make === undefined) {
      throw unknown(kind);
    }
    return make(state, about, definition);
  };

  state.entered = true;
  try {
    for (const { op, index, def, dtor, ...step } of plan.init) {
      switch (op) {
        case "instantiate": {
          /** @type {Record<string, Record<string, any>>} */
          const imports = {};
          plan.modules[step.module].imports.forEach(([from, name], place) => {
            (imports[from] ??= {})[name] = definition(step.args[place]);
          });
          const made = yield { module: modules[step.module], imports };
          state.instances.push(made.exports);
          break;
        }
        case "lower": {
          const place = lowering(plan, step.lowered);
          const { type, options } = plan.trampolines[place];
          trampolines[place] = lower(state, step.import, options, type);
          break;
        }
        case "memory":
          state.memories[index] = definition(def);
          break;
        case "realloc":
          state.reallocs[index] = definition(def);
          break;
        case "post-return":
          state.postReturns[index] = definition(def);
          break;
        case "resource":
          state.destructors[index] = dtor && definition(dtor);
          break;
        default:
          throw unknown(op);
      }
    }
  } catch (error) {
    throw linkError(state.fail(error));
  }
  state.entered = false;
}

/**
 * @param {string} name
 * @returns {LinkError}
 */
function unknown(name) {
  return new LinkError(
    `the plan has something that this host does not know: ${name}`,
  );
}

/**
 * @param {unknown} error
 * @returns {unknown}
 */
function linkError(error) {
  if (
    error instanceof WebAssembly.LinkError ||
    error instanceof WebAssembly.CompileError
  ) {
    return new LinkError(error.message, { cause: error });
  }
  return error;
}
