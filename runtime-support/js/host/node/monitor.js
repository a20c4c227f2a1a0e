// Who hears of denials: the user, once for each grant.

import { Trap } from "../errors.js";
import { fs } from "./builtins.js";

export class Monitor {
  /** @type {Set<string>} */
  #told = new Set();

  /**
   * Something that the grants do not allow, for which the component gets an error.
   *
   * @param {string} what Completes "the component was not allowed to".
   * @param {string} grant
   */
  denied(what, grant) {
    if (!this.#told.has(grant)) {
      this.#told.add(grant);
      const text = `witgen: the component was not allowed to ${what}: grant \`${grant}\`\n`;
      fs.writeSync(2, text);
    }
  }

  /**
   * What ends the component, as its interface has no error for a denial.
   *
   * @param {string} what
   * @param {string} grant
   * @returns {Trap}
   */
  refused(what, grant) {
    return new Trap(
      `the component was not allowed to ${what}: grant \`${grant}\``,
    );
  }
}
