import { Trap, LinkError } from "./errors.js";
import { Handles, closeScope, openScope } from "./handles.js";
import { Place } from "./place.js";
import { checkVersion } from "./plan.js";
import { transcoders } from "./transcode.js";
import {
  copier,
  handleTrampoline,
  transferBorrow,
  transferOwn,
} from "./trampolines.js";

/** @import { Definition, Export, Plan } from "./plan.js" */
/** @import { Scope, Slot } from "./handles.js" */

/**
 * Makes the function that a component calls for one of its imports.
 *
 * @callback Lower
 * @param {State} state
 * @param {number} index The import in the plan.
 * @param {Place} place
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
  /** Calls that can lend and borrow. @type {Scope[]} */
  scopes = [];
  /** Whether a call is under way. */
  entered = false;
  /** Why no call is possible any more. @type {unknown} */
  dead = undefined;
  /** Resources that were dropped during a call. @type {[number, number][]} */
  dropped = [];
  /** Objects that an import has borrowed at present. @type {import("./resources.js").Held[]} */
  borrowed = [];
  /** Number of the present call with handles. */
  call = 0;
  /** The resource of the plan that each codec means, by the number of its key. @type {number[]} */
  resources = [];
  /** The class of objects that stand for a resource. @type {Map<number, any>} */
  classes = new Map();
  /** @type {(Place | undefined)[]} */
  places = [];

  /**
   * @param {Plan} plan
   */
  constructor(plan) {
    checkVersion(plan);
    this.plan = plan;
    this.imported = plan["imported-resources"].length;
    const count = plan["component-instances"];
    const shared = new Set(
      plan.init.flatMap(({ args = [] }) =>
        args
          .filter((/** @type {Definition} */ [kind]) => kind === "flags")
          .map((/** @type {Definition} */ [, index]) => index),
      ),
    );
    /** Whether each instance may call out; adapters between two of them look at it, too. @type {{ value: number }[]} */
    this.flags = Array.from({ length: count }, (_, index) =>
      shared.has(index)
        ? new WebAssembly.Global({ value: "i32", mutable: true }, 1)
        : { value: 1 },
    );
    this.handles = Array.from({ length: count }, () => new Handles());
    /** The table of each resource, by instance. @type {number[][]} */
    this.tables = Array.from({ length: count }, () => []);
    plan["resource-tables"].forEach((table, index) => {
      if (table !== null) {
        this.tables[table.instance][table.resource] = index;
      }
    });
  }

  /**
   * Starts a call from outside.
   *
   * @returns {void}
   */
  enter() {
    if (this.dead !== undefined || this.entered) {
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
    this.entered = false;
    if (this.dropped.length > 0) {
      this.destroyDropped();
    }
  }

  /** Destroys what was dropped during the call. */
  destroyDropped() {
    while (this.dropped.length > 0) {
      const [resource, rep] = /** @type {[number, number]} */ (
        this.dropped.shift()
      );
      this.destroy(resource, rep);
    }
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
   * @returns {Place}
   */
  place(index) {
    return (this.places[index] ??= new Place(this, this.plan.options[index]));
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

  /**
   * The table of handles of a resource in a component instance.
   *
   * @param {number} resource
   * @param {number} instance
   * @returns {number}
   */
  table(resource, instance) {
    return this.tables[instance][resource];
  }

  /**
   * The resource that a codec means here.
   *
   * @param {import("./resources.js").Key} key
   * @returns {number}
   */
  number(key) {
    return this.resources[key.id];
  }

  /**
   * Whether the component instance defines the resource.
   *
   * @param {number} resource
   * @param {number} instance
   * @returns {boolean}
   */
  defines(resource, instance) {
    return (
      resource >= this.imported &&
      this.plan["defined-resource-instances"][resource - this.imported] ===
        instance
    );
  }

  /**
   * Destroys what a handle owned.
   *
   * @param {number} resource
   * @param {any} rep
   */
  destroy(resource, rep) {
    if (resource < this.imported) {
      rep?.[Symbol.dispose]?.();
    } else {
      this.destructors[resource - this.imported]?.(rep);
    }
  }

  /**
   * Destroys what an object of the host owned; during a call, it waits for the end of the call.
   *
   * @param {number} resource
   * @param {number} rep
   */
  release(resource, rep) {
    if (this.dead !== undefined) {
      return;
    }
    if (this.entered) {
      this.dropped.push([resource, rep]);
      return;
    }
    this.entered = true;
    try {
      this.destroy(resource, rep);
      this.leave();
    } catch (error) {
      throw this.fail(error);
    }
  }

  /** @returns {Scope} */
  get scope() {
    return this.scopes[this.scopes.length - 1];
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
 * @param {Plan} plan
 * @param {WebAssembly.Module[]} modules
 * @param {Lower} lower
 * @returns {State}
 */
export function build(plan, modules, lower) {
  const steps = building(plan, modules, lower);
  let step = steps.next();
  while (!step.done) {
    const { module, imports } = step.value;
    try {
      step = steps.next(new WebAssembly.Instance(module, imports));
    } catch (error) {
      step = steps.throw(error);
    }
  }
  return step.value;
}

/**
 * Makes an instance; the main thread of a browser does not take large modules otherwise.
 *
 * @param {Plan} plan
 * @param {WebAssembly.Module[]} modules
 * @param {Lower} lower
 * @returns {Promise<State>}
 */
export async function buildLater(plan, modules, lower) {
  const steps = building(plan, modules, lower);
  let step = steps.next();
  while (!step.done) {
    const { module, imports } = step.value;
    try {
      step = steps.next(await WebAssembly.instantiate(module, imports));
    } catch (error) {
      step = steps.throw(error);
    }
  }
  return step.value;
}

/**
 * Does what the plan says, in its order; whoever runs it makes the instances.
 *
 * @param {Plan} plan
 * @param {WebAssembly.Module[]} modules
 * @param {Lower} lower
 * @returns {Generator<{ module: WebAssembly.Module, imports: WebAssembly.Imports }, State, WebAssembly.Instance>}
 */
function* building(plan, modules, lower) {
  const state = new State(plan);
  const linker = new Linker(state, lower);
  state.entered = true;
  try {
    for (const step of plan.init) {
      if (step.op === "instantiate") {
        const imports = linker.imports(step.module, step.args);
        const made = yield { module: modules[step.module], imports };
        state.instances.push(made.exports);
      } else {
        linker.step(step);
      }
    }
  } catch (error) {
    throw linkError(state.fail(error));
  }
  state.entered = false;
  return state;
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

/** Interprets the steps of a plan. */
class Linker {
  /** @type {(Function | undefined)[]} */
  trampolines = [];
  /** Two numbers that modules may keep. */
  context = [0, 0];

  /**
   * @param {State} state
   * @param {Lower} lower
   */
  constructor(state, lower) {
    this.state = state;
    this.plan = state.plan;
    this.lower = lower;
  }

  /** @param {{ op: string } & Record<string, any>} step */
  step(step) {
    const { state } = this;
    switch (step.op) {
      case "lower":
        this.lowered(step.lowered, step.import);
        break;
      case "memory":
        state.memories[step.index] = this.definition(step.def);
        break;
      case "realloc":
        state.reallocs[step.index] = this.definition(step.def);
        break;
      case "post-return":
        state.postReturns[step.index] = this.definition(step.def);
        break;
      case "resource":
        state.destructors[step.index] =
          step.dtor === null ? undefined : this.definition(step.dtor);
        break;
      default:
        throw new LinkError(
          `the plan has a step that this host does not know: ${step.op}`,
        );
    }
  }

  /**
   * What a module is given.
   *
   * @param {number} index
   * @param {Definition[]} args
   * @returns {Record<string, Record<string, any>>}
   */
  imports(index, args) {
    /** @type {Record<string, Record<string, any>>} */
    const imports = {};
    this.plan.modules[index].imports.forEach(([module, name], place) => {
      (imports[module] ??= {})[name] = this.definition(args[place]);
    });
    return imports;
  }

  /**
   * @param {number} lowered
   * @param {number} index
   */
  lowered(lowered, index) {
    const place = this.plan.trampolines.findIndex(
      (trampoline) =>
        trampoline.kind === "lower" && trampoline.lowered === lowered,
    );
    const { type, options } = this.plan.trampolines[place];
    this.trampolines[place] = this.lower(
      this.state,
      index,
      this.state.place(options),
      type,
    );
  }

  /**
   * @param {Definition} definition
   * @returns {any}
   */
  definition(definition) {
    switch (definition[0]) {
      case "export":
        return this.state.instances[definition[1]][definition[2]];
      case "trampoline":
        return (this.trampolines[definition[1]] ??= this.trampoline(
          this.plan.trampolines[definition[1]],
        ));
      case "flags":
        return this.state.flags[definition[1]];
      case "intrinsic":
        return this.intrinsic(definition[1]);
      default:
        throw new LinkError(
          `the plan has a definition that this host does not know: ${definition[0]}`,
        );
    }
  }

  /**
   * @param {string} name
   * @returns {Function}
   */
  intrinsic(name) {
    const [, kind, slot] = /^context-(get|set)-i32-([01])$/.exec(name) ?? [];
    const { context } = this;
    switch (kind) {
      case "get":
        return () => context[Number(slot)];
      case "set":
        return (/** @type {number} */ value) =>
          void (context[Number(slot)] = value);
      default:
        throw new LinkError(
          `the plan has an intrinsic that this host does not know: ${name}`,
        );
    }
  }

  /**
   * @param {{ kind: string } & Record<string, any>} trampoline
   * @returns {Function}
   */
  trampoline(trampoline) {
    const { state } = this;
    switch (trampoline.kind) {
      case "transcode":
        return transcoders[trampoline.transcode](
          state.memories[trampoline.from],
          state.memories[trampoline.to],
        );
      case "resource-new":
      case "resource-rep":
      case "resource-drop":
        return handleTrampoline(state, trampoline);
      case "transfer-own":
        return (/** @type {number[]} */ ...args) => transferOwn(state, ...args);
      case "transfer-borrow":
        return (/** @type {number[]} */ ...args) =>
          transferBorrow(state, ...args);
      case "enter-sync-call":
        return () => void state.scopes.push(openScope());
      case "exit-sync-call":
        return () => closeScope(/** @type {Scope} */ (state.scopes.pop()));
      case "trap":
        return (/** @type {number} */ code) => {
          throw new Trap(trampoline.messages[code] ?? `trap ${code}`);
        };
      case "memory-copy":
        return copier(
          this.definition(trampoline.from),
          this.definition(trampoline.to),
        );
      default:
        throw new LinkError(
          `the plan has a trampoline that this host does not know: ${trampoline.kind}`,
        );
    }
  }
}
