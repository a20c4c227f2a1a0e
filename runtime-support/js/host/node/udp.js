// Sockets of UDP.

import { WitError } from "../errors.js";
import { Pollable } from "../streams.js";
import {
  isOf,
  isUnspecified,
  placeOf,
  shown,
  socketAddress,
} from "./addresses.js";
import { Bound } from "./bound.js";
import { unsupported, UnsizedSocket } from "./codes.js";
import { Awaited, receive } from "./remote.js";

/** @import { SocketAddress } from "./addresses.js" */
/** @import { Guard } from "./guard.js" */
/** @import { Monitor } from "./monitor.js" */

/** @typedef {{ data: Uint8Array, remoteAddress: SocketAddress }} IncomingDatagram */
/** @typedef {{ data: Uint8Array, remoteAddress?: SocketAddress }} OutgoingDatagram */

/** How many datagrams are sent or received at once. */
const MOST = 16;
/** The largest that fits into a packet. */
const LONGEST = 65_507;

/** A socket of the other thread. */
class Datagrams extends Bound {
  /** @type {IncomingDatagram[]} */
  waiting = [];

  /** @param {(from: SocketAddress) => boolean} accepts */
  constructor(accepts) {
    super();
    this.accepts = accepts;
  }

  /**
   * @override
   * @param {string} event
   * @param {any[]} values
   */
  on(event, ...values) {
    if (event !== "datagram") {
      super.on(event, ...values);
      return;
    }
    const [data, address, port] = values;
    const remoteAddress = socketAddress({ address, port });
    if (this.accepts(remoteAddress)) {
      this.waiting.push({ data, remoteAddress });
    } else {
      this.tell("took");
    }
  }
}

/**
 * @param {Guard} guard
 * @param {Monitor} monitor
 * @returns {Record<string, Record<string, unknown>>}
 */
export function udp(guard, monitor) {
  const { udp: granted } = guard.network;

  class UdpSocket extends UnsizedSocket {
    /** @type {Datagrams | undefined} */
    datagrams;
    unfinished = false;
    /** The one that it is connected with. @type {SocketAddress | undefined} */
    remote;
    /** How often it was given streams: those of before are over. */
    number = 0;

    /** @param {string} family */
    constructor(family) {
      super();
      this.family = family;
    }

    [Symbol.dispose]() {
      this.number += 1;
      this.datagrams?.close();
    }

    /**
     * @param {unknown} _network
     * @param {SocketAddress} address
     */
    startBind(_network, address) {
      if (this.datagrams !== undefined) {
        throw new WitError("invalid-state");
      }
      if (!isOf(address, this.family)) {
        throw new WitError("invalid-argument");
      }
      const { host, port } = placeOf(address);
      const isChosen =
        isUnspecified(address) && port === 0 && granted.length > 0;
      guard.demand(
        isChosen || guard.coversLocal(granted, address),
        `bind \`${shown(address)}\``,
        "network.udp",
      );
      const datagrams = new Datagrams((from) => guard.covers(granted, from));
      const type = this.family === "ipv4" ? "udp4" : "udp6";
      datagrams.bind("datagrams", { type, address: host, port });
      this.datagrams = datagrams;
      this.unfinished = true;
    }

    finishBind() {
      if (!this.unfinished) {
        throw new WitError("not-in-progress");
      }
      this.unfinished = false;
    }

    /** @param {SocketAddress | undefined} remote */
    stream(remote) {
      const { datagrams } = this;
      if (datagrams === undefined || this.unfinished) {
        throw new WitError("invalid-state");
      }
      if (remote !== undefined) {
        this.maySend(remote);
      }
      this.remote = remote;
      this.number += 1;
      return [
        new IncomingDatagramStream(this, datagrams),
        new OutgoingDatagramStream(this, datagrams),
      ];
    }

    /** @param {SocketAddress} address */
    maySend(address) {
      const isPlace =
        isOf(address, this.family) &&
        !isUnspecified(address) &&
        address.val.port !== 0;
      if (!isPlace) {
        throw new WitError("invalid-argument");
      }
      guard.demand(
        guard.covers(granted, address),
        `send to \`${shown(address)}\``,
        "network.udp",
      );
    }

    localAddress() {
      const { bound } = this.datagrams ?? {};
      if (bound === undefined) {
        throw new WitError("invalid-state");
      }
      return socketAddress(bound);
    }

    remoteAddress() {
      if (this.remote === undefined) {
        throw new WitError("invalid-state");
      }
      return this.remote;
    }

    addressFamily() {
      return this.family;
    }

    unicastHopLimit() {
      return unsupported();
    }

    setUnicastHopLimit() {
      unsupported();
    }

    subscribe() {
      return new Pollable();
    }
  }

  return {
    "wasi:sockets/udp": {
      UdpSocket,
      IncomingDatagramStream,
      OutgoingDatagramStream,
    },
    "wasi:sockets/udp-create-socket": {
      createUdpSocket: (/** @type {string} */ family) => {
        if (granted.length === 0) {
          monitor.denied("use UDP", "network.udp");
        }
        return new UdpSocket(family);
      },
    },
  };
}

/** @typedef {{ remote?: SocketAddress, number: number, maySend(address: SocketAddress): void }} Sender */

class DatagramStream {
  /**
   * @param {Sender} socket
   * @param {Datagrams} datagrams
   */
  constructor(socket, datagrams) {
    this.socket = socket;
    this.datagrams = datagrams;
    this.number = socket.number;
  }

  get isOver() {
    return this.number !== this.socket.number;
  }
}

class IncomingDatagramStream extends DatagramStream {
  /** @param {bigint} most */
  receive(most) {
    receive();
    const { waiting } = this.datagrams;
    /** @type {IncomingDatagram[]} */
    const found = [];
    while (!this.isOver && found.length < MOST && found.length < most) {
      const next = waiting.shift();
      if (next === undefined) {
        break;
      }
      this.datagrams.tell("took");
      const { remote } = this.socket;
      if (remote === undefined || shown(remote) === shown(next.remoteAddress)) {
        found.push(next);
      }
    }
    return found;
  }

  subscribe() {
    return new Awaited(() => this.isOver || this.datagrams.waiting.length > 0);
  }
}

class OutgoingDatagramStream extends DatagramStream {
  checkSend() {
    return this.isOver ? 0n : BigInt(MOST);
  }

  /** @param {OutgoingDatagram[]} all */
  send(all) {
    if (this.isOver) {
      throw new WitError("invalid-state");
    }
    let sent = 0n;
    for (const datagram of all) {
      try {
        this.#send(datagram);
      } catch (error) {
        if (sent > 0n) {
          break;
        }
        throw error;
      }
      sent += 1n;
    }
    return sent;
  }

  /** @param {OutgoingDatagram} datagram */
  #send({ data, remoteAddress }) {
    const { remote } = this.socket;
    const to = remoteAddress ?? remote;
    if (
      to === undefined ||
      (remote !== undefined && shown(remote) !== shown(to))
    ) {
      throw new WitError("invalid-argument");
    }
    this.socket.maySend(to);
    if (data.length > LONGEST) {
      throw new WitError("datagram-too-large");
    }
    const { host, port } = placeOf(to);
    this.datagrams.tell("send", data, port, host);
  }

  subscribe() {
    return new Pollable();
  }
}
