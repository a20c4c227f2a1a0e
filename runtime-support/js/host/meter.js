// How much work calls may be, and how much memory an instance may have.

import { Trap } from "./errors.js";

/** @import { State } from "./state.js" */

/** What the meter of a plan exports. @typedef {{ fuel: WebAssembly.Global, memory: WebAssembly.Global, reached: WebAssembly.Global }} Gauges */

/** How much there is. @typedef {{ fuel?: number | undefined, memory?: { bytes: number, text: string } | undefined }} Amounts */

const PAGE = 2 ** 16;

/** Watches over an instance whose modules count what they do, see `docs/link-plan.md` of witgen. */
export class Meter {
  /** @type {Gauges | undefined} */
  #gauges;
  #limits;
  /** @type {bigint | undefined} */
  #fuel;

  /** @param {Amounts} limits */
  constructor(limits) {
    const { fuel } = limits;
    this.#limits = limits;
    this.#fuel = fuel === undefined ? undefined : BigInt(fuel);
  }

  /**
   * Takes over the numbers as soon as they are there, and the pages that the next module has from the start.
   *
   * @param {State} state
   * @param {number} [pages]
   */
  prepare({ instances, plan }, pages) {
    const exports = instances[Number(plan.meter)];
    if (this.#gauges === undefined && exports !== undefined) {
      this.attach(exports);
    }
    this.take(pages);
  }

  /**
   * Takes over the numbers.
   *
   * @param {WebAssembly.Exports} exports
   */
  attach(exports) {
    const { memory } = this.#limits;
    this.#gauges = /** @type {any} */ (exports);
    if (memory !== undefined) {
      this.#set("memory", BigInt(Math.floor(memory.bytes / PAGE)));
    }
    this.begin();
  }

  /** Gives a call its work. */
  begin() {
    if (this.#fuel !== undefined && this.#gauges !== undefined) {
      this.#set("fuel", this.#fuel);
    }
  }

  /**
   * Takes the pages that a module has from the start.
   *
   * @param {number} [pages]
   */
  take(pages = 0) {
    if (this.#gauges !== undefined) {
      const left = this.#gauges.memory.value - BigInt(pages);
      if (left < 0n) {
        this.#set("reached", 2);
        throw new Trap("there is not enough memory");
      }
      this.#set("memory", left);
    }
  }

  /**
   * The trap of an instance that has used up a limit, if it has.
   *
   * @param {unknown} cause
   * @returns {Trap | undefined}
   */
  reached(cause) {
    switch (this.#gauges?.reached.value) {
      case 1:
        return new Trap(
          "the component needs more work than `limits.fuel` grants",
          { cause },
        );
      case 2:
        return new Trap(
          `the component needs more memory than \`limits.memory\` grants, which is ${this.#limits.memory?.text}`,
          { cause },
        );
      default:
        return undefined;
    }
  }

  /**
   * @param {keyof Gauges} name
   * @param {bigint | number} value
   */
  #set(name, value) {
    /** @type {Gauges} */ (this.#gauges)[name].value = value;
  }
}
