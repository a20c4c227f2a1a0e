// `wasi:sockets`: names and what all sockets share.

import { WitError } from "../errors.js";
import { net } from "./builtins.js";
import { hostName, ipAddress } from "./addresses.js";
import { socketError } from "./codes.js";
import { NetworkError } from "./connection.js";
import { Guard } from "./guard.js";
import { Awaited, Remote, receive } from "./remote.js";
import { tcp } from "./tcp.js";
import { udp } from "./udp.js";

/** @import { Grants } from "./grants.js" */
/** @import { Monitor } from "./monitor.js" */

class Network {}

/** The answers to a question for a name. */
class ResolveAddressStream extends Remote {
  /** @type {string[] | undefined} */
  found;
  /** @type {string | undefined} */
  failure;

  /** @param {(address: string) => void} led Hears of each answer that the component gets. */
  constructor(led) {
    super();
    this.led = led;
  }

  /**
   * @override
   * @param {string} event
   * @param {any[]} values
   */
  on(event, ...values) {
    if (event === "found") {
      this.found = values[0];
    } else {
      this.failure = values[0];
    }
  }

  [Symbol.dispose]() {
    this.close();
  }

  get isReady() {
    return this.found !== undefined || this.failure !== undefined;
  }

  resolveNextAddress() {
    receive();
    if (this.failure !== undefined) {
      throw new WitError(
        this.failure === "EAI_AGAIN"
          ? "temporary-resolver-failure"
          : "name-unresolvable",
      );
    }
    if (this.found === undefined) {
      throw new WitError("would-block");
    }
    const next = this.found.shift();
    if (next === undefined) {
      return undefined;
    }
    this.led(next);
    return ipAddress(next);
  }

  subscribe() {
    return new Awaited(() => this.isReady);
  }
}

/**
 * @param {Grants} grants
 * @param {Monitor} monitor
 * @returns {Record<string, Record<string, unknown>>}
 */
export function sockets({ network }, monitor) {
  const guard = new Guard(network, monitor);

  /**
   * @param {Network} _network
   * @param {string} text
   */
  const resolveAddresses = (_network, text) => {
    const number = text.replace(/^\[(.*)\]$/, "$1");
    if (net.isIP(number) !== 0) {
      const stream = new ResolveAddressStream(() => {});
      stream.found = [number];
      return stream;
    }
    const name = hostName(text) ?? "";
    const isAllowed = guard.mayResolve(text);
    guard.demand(isAllowed, `look up \`${text}\``, "network.resolve");
    const stream = new ResolveAddressStream((to) => guard.led(name, to));
    stream.tell("lookup", name);
    return stream;
  };

  return {
    "wasi:sockets/network": {
      Network,
      networkErrorCode: (/** @type {unknown} */ error) =>
        error instanceof NetworkError
          ? socketError(error.code).payload
          : undefined,
    },
    "wasi:sockets/instance-network": { instanceNetwork: () => new Network() },
    "wasi:sockets/ip-name-lookup": { ResolveAddressStream, resolveAddresses },
    ...tcp(guard, monitor),
    ...udp(guard, monitor),
  };
}
