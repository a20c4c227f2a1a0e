// `wasi:sockets`, of which this host grants nothing yet: what a component tries is denied as its interface says.

import { WitError } from "../errors.js";
import { Pollable } from "../streams.js";

/** @import { Monitor } from "./monitor.js" */

class Network {}

/**
 * @param {Monitor} monitor
 * @returns {Record<string, Record<string, unknown>>}
 */
export function sockets(monitor) {
  const denied = (/** @type {string} */ what, /** @type {string} */ grant) => {
    monitor.denied(what, grant);
    throw new WitError("access-denied");
  };

  /** A socket that leads nowhere. */
  class Socket {
    /** @param {string} family */
    constructor(family) {
      this.family = family;
    }

    addressFamily() {
      return this.family;
    }

    isListening() {
      return false;
    }

    subscribe() {
      return new Pollable();
    }
  }

  class TcpSocket extends Socket {
    startBind() {
      denied("listen at an address", "network.tcp-listen");
    }

    startListen() {
      denied("listen at an address", "network.tcp-listen");
    }

    startConnect() {
      denied("connect to an address", "network.tcp-connect");
    }
  }

  class UdpSocket extends Socket {
    startBind() {
      denied("use an address", "network.udp");
    }

    stream() {
      denied("use an address", "network.udp");
    }
  }

  return {
    "wasi:sockets/network": { Network, networkErrorCode: () => undefined },
    "wasi:sockets/instance-network": { instanceNetwork: () => new Network() },
    "wasi:sockets/ip-name-lookup": {
      ResolveAddressStream: class ResolveAddressStream {},
      resolveAddresses: (
        /** @type {Network} */ _network,
        /** @type {string} */ name,
      ) => denied(`look up \`${name}\``, "network.resolve"),
    },
    "wasi:sockets/tcp": { TcpSocket: whole(TcpSocket) },
    "wasi:sockets/tcp-create-socket": {
      createTcpSocket: (/** @type {string} */ family) => new TcpSocket(family),
    },
    "wasi:sockets/udp": {
      UdpSocket: whole(UdpSocket),
      IncomingDatagramStream: class IncomingDatagramStream {},
      OutgoingDatagramStream: class OutgoingDatagramStream {},
    },
    "wasi:sockets/udp-create-socket": {
      createUdpSocket: (/** @type {string} */ family) => new UdpSocket(family),
    },
  };
}

/**
 * A class with all methods: those that it has, and an error for those that need a socket that is connected.
 *
 * @template {new (...args: any[]) => object} T
 * @param {T} Class
 * @returns {T}
 */
function whole(Class) {
  const rest = new Proxy(Object.getPrototypeOf(Class.prototype), {
    get: (target, key, receiver) =>
      key in target || typeof key === "symbol"
        ? Reflect.get(target, key, receiver)
        : () => {
            throw new WitError("invalid-state");
          },
  });
  Object.setPrototypeOf(Class.prototype, rest);
  return Class;
}
