import { LinkError, Trap } from "./errors.js";
import { Memory } from "./linear.js";
import { checkVersion, extra, needsExtra } from "./plan.js";

/** @import { Definition, Export, Plan } from "./plan.js" */
/** @import { Resources } from "./handles.js" */

/** Does the step that makes an import a function of the component. @typedef {(step: Record<string, any>, trampolines: (Function | undefined)[]) => void} Lower */

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
  /** How many calls have ended: what was lent to one of them is free again. */
  turn = 0;
  /** Whether the end of the call has nothing to do for resources. */
  isSettled = true;
  /** Why no call is possible any more. @type {unknown} */
  dead;
  /** @type {Record<string, Memory>} */
  linear = {};
  /** What a definition leads to. @type {any} */
  definition;

  /**
   * @param {Plan} plan
   * @param {unknown} [grants] Which may limit its calls.
   */
  constructor(plan, grants) {
    checkVersion(plan);
    if (
      (grants !== undefined && extra.limiting === undefined) ||
      (extra.Resources === undefined && needsExtra(plan, () => true))
    ) {
      throw new LinkError(
        "`load` has to read it in this thread, and grants are for Node",
      );
    }
    /** @type {import("./node/limits.js").Limits} */
    this.limits = extra.limiting?.(grants, plan) ?? {};
    this.plan = plan;
    /** Whether each instance may call out. @type {{ value: number }[]} */
    this.flags = extra.flagsOf?.(plan) ?? [{ value: 1 }];
    /** What only components with handles have. @type {Resources} */
    this.resources = extra.Resources && new extra.Resources(this);
  }

  /**
   * Does something that may take no longer, and be no more work, than is granted.
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
   * A function that may take no longer, and be no more work, than is granted.
   *
   * @param {any} call
   */
  watched(call) {
    return this.limits.watched?.(this, call) ?? call;
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
    this.turn += 1;
    if (!this.isSettled) {
      this.isSettled = true;
      this.resources.settle();
    }
    this.entered = false;
  }

  /**
   * Ends a call that went wrong, and the instance with it.
   *
   * @param {unknown} error
   * @returns {unknown} What to throw.
   */
  fail(error) {
    this.entered = false;
    const thrown = this.limits.meter?.reached(error) ?? trapOf(error);
    // An import may throw `undefined`.
    this.dead = thrown ?? null;
    return thrown;
  }

  /**
   * The memory that some options mean, which most of an instance's functions share.
   *
   * @param {number} index
   * @returns {Memory}
   */
  memory(index) {
    const options = this.plan.options[index];
    const { instance, encoding, memory, realloc } = options;
    const key = [instance, encoding, memory, realloc].join();
    return (this.linear[key] ??= new Memory(this, options));
  }

  /**
   * The core function of an export.
   *
   * @param {Export} item
   * @returns {Function}
   */
  core({ func }) {
    return this.definition(func);
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
  try {
    state.limited(() => {
      const steps = building(state, modules, lower);
      for (let step = steps.next(); !step.done;) {
        step = steps.next(new WebAssembly.Instance(...step.value));
      }
    });
  } catch (error) {
    throw linkError(state.fail(error));
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
  try {
    const steps = building(state, modules, lower);
    for (let step = steps.next(); !step.done;) {
      step = steps.next(await WebAssembly.instantiate(...step.value));
    }
  } catch (error) {
    throw linkError(state.fail(error));
  }
}

/**
 * Does what the plan says, in its order; whoever runs it makes the instances.
 *
 * @param {State} state
 * @param {readonly WebAssembly.Module[]} modules
 * @param {Lower} lower
 * @returns {Generator<[WebAssembly.Module, WebAssembly.Imports], void, WebAssembly.Instance>}
 */
function* building(state, modules, lower) {
  const { plan, limits } = state;
  /** @type {(Function | undefined)[]} */
  const trampolines = [];

  /**
   * @param {Definition} definition
   * @returns {any}
   */
  const definition = (state.definition = ([kind, index, name]) => {
    switch (kind) {
      case "export":
        return state.instances[index][/** @type {string} */ (name)];
      case "trampoline":
        return (trampolines[index] ??= made(
          plan.trampolines[index].kind,
          plan.trampolines[index],
        ));
      default:
        return made(kind, { name: index });
    }
  });

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
  /** What steps of these kinds make. @type {Record<string, any[]>} */
  const lists = {
    memory: state.memories,
    realloc: state.reallocs,
    "post-return": state.postReturns,
    resource: state.destructors,
  };
  for (const step of plan.init) {
    const { op, index, def, dtor } = step;
    if (op === "instantiate") {
      /** @type {Record<string, Record<string, any>>} */
      const imports = {};
      const about = plan.modules[step.module];
      limits.meter?.prepare(state, about.pages);
      about.imports.forEach(([from, name], place) => {
        (imports[from] ??= {})[name] = definition(step.args[place]);
      });
      const made = yield [modules[step.module], imports];
      state.instances.push(made.exports);
    } else if (op === "lower") {
      lower(step, trampolines);
    } else if (op in lists) {
      const of = def ?? dtor;
      lists[op][index] = of && definition(of);
    } else {
      throw unknown(op);
    }
  }
  state.entered = false;
}

/**
 * @param {string} name
 * @returns {LinkError}
 */
function unknown(name) {
  return new LinkError(`\`${name}\` in the plan is unknown`);
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
