// Takes the steps of scripts: moves counters between numbered slots, in two instances of one component.

import { createInterface } from "node:readline";

import {
  ArgumentError,
  Trap,
  WitError,
  instantiate,
  load,
} from "./bindings/index.js";
import { Either } from "./bindings/exports/witgen/conformance/store.js";
import { Said, trapText } from "./serving.js";

/** @import { Exports } from "./bindings/index.js" */
/** @import { Counter, Gate } from "./bindings/exports/witgen/conformance/store.js" */

/** An instance and what it has in its slots. */
class Session {
  /** @type {Map<number, Counter>} */
  #slots = new Map();

  /** @param {Exports} app */
  constructor(app) {
    this.app = app;
    this.store = app.store;
    this.users = app.storeUsers;
  }

  /** @param {number} slot @param {Counter} counter */
  put(slot, counter) {
    this.#slots.get(slot)?.[Symbol.dispose]();
    this.#slots.set(slot, counter);
  }

  /** @param {number} slot */
  at(slot) {
    const counter = this.#slots.get(slot);
    if (counter === undefined) {
      throw new Error(`slot ${slot} is empty`);
    }
    return counter;
  }

  /** @param {number[]} slots */
  all(slots) {
    return slots.map((slot) => this.at(slot));
  }

  /** @param {number} slot */
  take(slot) {
    const counter = this.at(slot);
    this.#slots.delete(slot);
    return counter;
  }

  /** @param {number} left @param {number} right @param {string} [name] */
  takePair(left, right, name = "") {
    return { left: this.take(left), right: this.take(right), name };
  }
}

/**
 * A result as a value, which other failures are not.
 *
 * @param {() => unknown} call
 */
function result(call) {
  try {
    return { tag: "ok", val: call() };
  } catch (error) {
    if (error instanceof WitError) {
      return { tag: "err", val: error.payload };
    }
    throw error;
  }
}

/** What a step does in an instance; the last parameter is the other one. @type {Record<string, (in_: Session, ...args: any[]) => unknown>} */
const steps = {
  create: (in_, slot, start) => in_.put(slot, new in_.store.Counter(start)),
  add: (in_, slot, number) => in_.at(slot).add(number),
  value: (in_, slot) => in_.at(slot).value(),
  checked: (in_, slot, number) => result(() => in_.at(slot).checked(number)),
  close: (in_, slot) => in_.at(slot).close(),
  history: (in_, slot) => in_.at(slot).list(),
  merge(in_, left, right, to) {
    in_.put(to, in_.store.Counter.merge(in_.at(left), in_.take(right)));
  },
  parse: (in_, text, to) =>
    result(() => in_.put(to, in_.store.Counter.parse(text))),
  enter: (in_, key, slot) =>
    result(() =>
      withGate(in_, key, (gate) => {
        const back = gate.enter(in_.take(slot));
        if (back !== undefined) {
          in_.put(slot, back);
        }
        return back !== undefined;
      }),
    ),
  make: (in_, start, to) => result(() => in_.put(to, in_.store.make(start))),
  total: (in_, slots) => in_.store.total(in_.all(slots)),
  swap(in_, left, right, name) {
    const pair = in_.store.swap(in_.takePair(left, right, name));
    in_.put(left, pair.left);
    in_.put(right, pair.right);
    return pair.name;
  },
  "pick-one": (in_, slot) =>
    result(() => in_.put(slot, in_.store.pick(Either.one(in_.take(slot))))),
  "pick-two": (in_, left, right) =>
    result(() => {
      const pair = in_.takePair(left, right);
      in_.put(left, in_.store.pick(Either.two(pair)));
    }),
  "pick-none": (in_) =>
    result(() => in_.store.pick(Either.none())[Symbol.dispose]()),
  several(in_, count, first) {
    const made = in_.store.several(count);
    made.forEach(([, counter], index) => in_.put(first + index, counter));
    return made.map(([number]) => number);
  },
  look: (in_, slot) => in_.users.look(in_.at(slot)),
  "look-at-all": (in_, slots) => in_.users.lookAtAll(in_.all(slots)),
  exchange(in_, slot) {
    const back = result(() => in_.users.exchange(in_.take(slot)));
    in_.put(slot, /** @type {Counter} */ (back.val));
    return back.tag === "ok";
  },
  unpack(in_, left, right) {
    const [first, second] = in_.users.unpack(in_.takePair(left, right));
    in_.put(left, first);
    in_.put(right, second);
  },
  release: (in_, slot) => in_.take(slot)[Symbol.dispose](),
  live: (in_) => in_.store.live(),
  crash: (in_, message) => in_.app.fail(message),

  drop: (in_, slot) => in_.at(slot)[Symbol.dispose](),
  give: (in_, slot) => give(in_, in_.at(slot)),
  "give-twice"(in_, slot) {
    const counter = in_.at(slot);
    in_.store.swap({ left: counter, right: counter, name: "" });
  },
  "lend-and-give"(in_, slot) {
    const counter = in_.at(slot);
    in_.store.Counter.merge(counter, counter);
  },
  "lend-of-other": (in_, slot, other) => void in_.store.total([other.at(slot)]),
  "give-of-other": (in_, slot, other) => give(in_, other.at(slot)),
  "lend-gate": (in_) =>
    withGate(in_, "open", (/** @type {any} */ gate) => {
      in_.store.total([gate]);
    }),
  "give-gate": (in_) =>
    withGate(in_, "open", (/** @type {any} */ gate) => give(in_, gate)),
};

/**
 * @template T
 * @param {Session} in_
 * @param {string} key
 * @param {(gate: Gate) => T} use
 * @returns {T}
 */
function withGate(in_, key, use) {
  const gate = new in_.store.Gate(key);
  try {
    return use(gate);
  } finally {
    gate[Symbol.dispose]();
  }
}

/** @param {Session} in_ @param {Counter} counter */
function give(in_, counter) {
  withGate(in_, "open", (gate) => gate.enter(counter)?.[Symbol.dispose]());
}

/**
 * A value as WAVE.
 *
 * @param {any} value
 * @returns {string | undefined}
 */
function wave(value) {
  if (value === undefined || typeof value === "string") {
    return JSON.stringify(value);
  }
  if (Array.isArray(value) || value instanceof Uint32Array) {
    return `[${Array.from(/** @type {any} */ (value), wave).join(", ")}]`;
  }
  if (typeof value !== "object") {
    return String(value);
  }
  const { tag, val } = value;
  return val === undefined ? tag : `${tag}(${wave(val)})`;
}

/**
 * How a step ends; what is no error of the bindings ends the program.
 *
 * @param {() => unknown} step
 * @param {Said} said
 */
function outcome(step, said) {
  try {
    return { ended: "well", value: wave(step()) };
  } catch (error) {
    if (error instanceof ArgumentError) {
      return { ended: "refused", text: error.message };
    }
    if (!(error instanceof Trap)) {
      throw error;
    }
    const over = error.message === "cannot enter component instance";
    return { ended: over ? "over" : "trap", text: trapText(error, said) };
  }
}

const said = new Said();
const interfaces = said.interfaces();
const linked = await load(process.argv[2] ?? "");
/** @type {[Session?, Session?]} */
let sessions = [];
for await (const line of createInterface({ input: process.stdin })) {
  /** @type {object} */
  let answer = { ended: "well" };
  if (line === "begin") {
    sessions = [];
  } else {
    const { name, args, other } = JSON.parse(line.slice("step ".length));
    const number = other ? 1 : 0;
    const session = (sessions[number] ??= new Session(
      instantiate(linked, {}, { interfaces }),
    ));
    const step = steps[name];
    if (step === undefined) {
      throw new Error(`there is no step ${name}`);
    }
    answer = outcome(() => step(session, ...args, sessions[1 - number]), said);
  }
  said.passOn();
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
