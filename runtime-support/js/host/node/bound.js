// What has an address of its own in the thread that waits for the network.

import { socketError } from "./codes.js";
import { Remote, until } from "./remote.js";

/** Something that is bound to a local address. */
export class Bound extends Remote {
  /** @type {{ address: string, port: number } | undefined} */
  bound;
  /** @type {string | undefined} */
  failure;

  /**
   * @override
   * @param {string} event
   * @param {any[]} values
   */
  on(event, ...values) {
    if (event === "bound") {
      this.bound = values[0];
    } else if (event === "failed") {
      this.failure = values[0];
    }
  }

  /**
   * Waits until it has its address.
   *
   * @param {string} operation
   * @param {object} options
   */
  bind(operation, options) {
    this.tell(operation, options);
    until(() => this.bound !== undefined || this.failure !== undefined);
    if (this.failure !== undefined) {
      this.close();
      throw socketError(this.failure);
    }
  }
}
