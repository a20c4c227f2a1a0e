import { LinkError, Trap } from "./errors.js";
import { Memory } from "./linear.js";
import { checkVersion, extra, needsExtra, needsStrings } from "./plan.js";

/** @import { Definition, Export, Linked, Options, Plan } from "./plan.js" */
/** @import { Resources } from "./handles.js" */

/** Makes an import, by its number, the function that a trampoline is. @typedef {(trampoline: Record<string, any>, index: number) => Function} Lower */

/** A plan with an instance that is not made yet, and what the instance has in the end. @typedef {{ state: State, lower: Lower, finish: () => Record<string, any> }} Joined */

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
  /** Why no call is possible any more. @type {any} */
  dead;
  /** By the options that mean them. @type {Memory[]} */
  linear = [];
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
      (extra.Resources === undefined && needsExtra(plan)) ||
      (extra.wide === undefined && needsStrings(plan))
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
      this.dead && { cause: this.dead },
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
    const { linear, plan } = this;
    const options = plan.options[index];
    return (linear[index] ??=
      linear.find((memory) =>
        MEANT.every((key) => memory?.options[key] === options[key]),
      ) ?? new Memory(this, options));
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

/** What options mean a memory by. */
const MEANT = /** @type {const} */ ([
  "instance",
  "encoding",
  "memory",
  "realloc",
]);

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
 * Makes an instance: at once of what was read, else later, since the main thread of a browser does not take large
 * modules otherwise.
 *
 * @param {string | URL | Linked} component
 * @param {(location: string | URL) => Promise<Linked>} read
 * @param {(plan: Plan) => Joined} join
 * @returns {any}
 */
export function instantiated(component, read, join) {
  return typeof component === "string" || component instanceof URL
    ? read(component).then(({ plan, modules }) => later(join(plan), modules))
    : now(join(component.plan), component.modules);
}

/**
 * @param {Joined} joined
 * @param {Linked["modules"]} modules
 */
function now(joined, modules) {
  const { state, finish } = joined;
  try {
    state.limited(() => {
      for (const parts of building(joined, modules)) {
        state.instances.push(new WebAssembly.Instance(...parts).exports);
      }
    });
  } catch (error) {
    throw failed(state, error);
  }
  return finish();
}

/**
 * @param {Joined} joined
 * @param {Linked["modules"]} modules
 */
async function later(joined, modules) {
  const { state, finish } = joined;
  if (state.limits.watch !== undefined) {
    return now(joined, modules);
  }
  try {
    for (const parts of building(joined, modules)) {
      const { exports } = await WebAssembly.instantiate(...parts);
      state.instances.push(exports);
    }
  } catch (error) {
    throw failed(state, error);
  }
  return finish();
}

/**
 * Does what the plan says, in its order; whoever runs it makes the instances.
 *
 * @param {Joined} joined
 * @param {Linked["modules"]} modules
 * @returns {Generator<[WebAssembly.Module, WebAssembly.Imports], void>}
 */
function* building({ state, lower }, modules) {
  const { plan, limits, instances } = state;
  /** @type {Function[]} */
  const trampolines = [];
  /** The imports that trampolines call. @type {number[]} */
  const called = [];

  /**
   * @param {Definition} definition
   * @returns {any}
   */
  const definition = (state.definition = ([kind, index, name]) =>
    kind === "export"
      ? instances[index][/** @type {string} */ (name)]
      : kind === "trampoline"
        ? (trampolines[index] ??= made(plan.trampolines[index]))
        : made({ kind, name: index }));

  /** @param {Plan["trampolines"][number]} about */
  const made = (about) => {
    const { kind, lowered } = about;
    if (kind === "lower") {
      return lower(about, called[lowered]);
    }
    const make = extra.trampolines?.[kind] ?? unknown(kind);
    return make(state, about, definition);
  };

  state.entered = true;
  /** What steps of these kinds make. @type {Record<string, any[]>} */
  const lists = {
    // @ts-expect-error: nothing that every object has is a kind of step.
    __proto__: null,
    memory: state.memories,
    realloc: state.reallocs,
    "post-return": state.postReturns,
    resource: state.destructors,
  };
  for (const step of plan.init) {
    const { op, index, def, dtor } = step;
    if (op === "instantiate") {
      /** @type {Record<string, Record<string, any>>} */
      const given = {};
      const { imports, pages } = plan.modules[step.module];
      limits.meter?.prepare(state, pages);
      for (let place = 0; place < imports.length; place += 1) {
        const [from, name] = imports[place];
        (given[from] ??= {})[name] = definition(step.args[place]);
      }
      yield [modules[step.module], given];
    } else if (op === "lower") {
      called[step.lowered] = step.import;
    } else {
      const of = def ?? dtor;
      (lists[op] ?? unknown(op))[index] = of && definition(of);
    }
  }
  state.entered = false;
}

/**
 * @param {string} name
 * @returns {never}
 */
function unknown(name) {
  throw new LinkError(`\`${name}\` in the plan is unknown`);
}

/**
 * @param {State} state
 * @param {unknown} cause
 * @returns {unknown} What to throw.
 */
function failed(state, cause) {
  const error = state.fail(cause);
  return error instanceof WebAssembly.LinkError ||
    error instanceof WebAssembly.CompileError
    ? new LinkError(error.message, { cause: error })
    : error;
}
