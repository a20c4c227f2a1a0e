// Which addresses grants cover.

import { WitError } from "../errors.js";
import { canonical, hostName, placeOf } from "./addresses.js";

/** @import { Entry, SocketAddress } from "./addresses.js" */
/** @import { Grants } from "./grants.js" */
/** @import { Monitor } from "./monitor.js" */

/** The grants of one instance, with what it takes to decide by them. */
export class Guard {
  /** The names that led the component to an address: a granted name leads there and nowhere else. @type {Map<string, Set<string>>} */
  #names = new Map();

  #monitor;

  /**
   * @param {Grants["network"]} network
   * @param {Monitor} monitor
   */
  constructor(network, monitor) {
    this.network = network;
    this.#monitor = monitor;
  }

  /**
   * @param {boolean} isAllowed
   * @param {string} what Completes "the component was not allowed to".
   * @param {string} grant
   */
  demand(isAllowed, what, grant) {
    if (!isAllowed) {
      this.#monitor.denied(what, grant);
      throw new WitError("access-denied");
    }
  }

  /**
   * @param {string} name
   * @param {string} address
   */
  led(name, address) {
    const ip = canonical(address);
    const names = this.#names.get(ip) ?? new Set();
    this.#names.set(ip, names.add(name));
  }

  /** @param {string} text */
  mayResolve(text) {
    const name = hostName(text);
    return (
      name !== undefined &&
      this.network.resolve.some((granted) => hostName(granted) === name)
    );
  }

  /**
   * @param {readonly Entry[]} entries
   * @param {SocketAddress} address
   */
  covers(entries, address) {
    const { host, port } = placeOf(address);
    const ip = canonical(host);
    return entries.some(
      (entry) =>
        (entry.name === undefined
          ? entry.ip === ip
          : this.#names.get(ip)?.has(entry.name)) &&
        (entry.port ?? port) === port,
    );
  }

  /**
   * The same for a local address, where port 0 is any.
   *
   * @param {readonly Entry[]} entries
   * @param {SocketAddress} address
   */
  coversLocal(entries, address) {
    const free = entries.map(({ port, ...entry }) =>
      port === 0 ? entry : { ...entry, port },
    );
    return this.covers(free, address);
  }
}
