// Sockets of TCP.

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
import { socketError, unsupported, UnsizedSocket } from "./codes.js";
import { Connection, ConnectionInput, ConnectionOutput } from "./connection.js";
import { Awaited, receive } from "./remote.js";

/** @import { SocketAddress } from "./addresses.js" */
/** @import { Guard } from "./guard.js" */
/** @import { Monitor } from "./monitor.js" */

/** @typedef {{ address: string, port: number }} End */

/** A connection that is made. */
class Dialed extends Connection {
  /** @type {{ local: End, remote: End } | undefined} */
  ends;

  /**
   * @override
   * @param {string} event
   * @param {any[]} values
   */
  on(event, ...values) {
    if (event === "connected") {
      this.ends = values[0];
    }
    super.on(event, ...values);
  }
}

/** What waits for connections. */
class Listener extends Bound {
  /** Connections that nobody has accepted. @type {Dialed[]} */
  waiting = [];

  /**
   * @override
   * @param {string} event
   * @param {any[]} values
   */
  on(event, ...values) {
    if (event === "connection") {
      const connection = new Dialed(values[0]);
      connection.ends = values[1];
      this.waiting.push(connection);
    } else {
      super.on(event, ...values);
    }
  }

  /** @override */
  close() {
    for (const connection of this.waiting) {
      connection.close();
    }
    super.close();
  }
}

const NANOSECONDS = 1_000_000n;

/** What is set of a socket, as the interface has it. */
class Options {
  keepAliveEnabled = false;
  keepAliveIdleTime = 7_200_000_000_000n;
  keepAliveInterval = 75_000_000_000n;
  keepAliveCount = 9;

  get keep() {
    const idle = Number(this.keepAliveIdleTime / NANOSECONDS);
    return { enable: this.keepAliveEnabled, idle };
  }
}

/**
 * @param {Guard} guard
 * @param {Monitor} monitor
 * @returns {Record<string, Record<string, unknown>>}
 */
export function tcp(guard, monitor) {
  const { network } = guard;
  const connects = network["tcp-connect"];
  const listens = network["tcp-listen"];

  class TcpSocket extends OptionsOfSocket {
    /** What was begun and is not finished. @type {"bind" | "listen" | undefined} */
    unfinished;
    /** Sockets listen as soon as they are bound: Node knows no step in between. @type {Listener | undefined} */
    listener;
    listening = false;
    /** @type {Dialed | undefined} */
    dialing;

    /** @param {string} family */
    constructor(family) {
      super();
      this.family = family;
    }

    [Symbol.dispose]() {
      this.listener?.close();
      this.dialing?.close();
      this.connection?.leave();
    }

    /**
     * @param {unknown} _network
     * @param {SocketAddress} address
     */
    startBind(_network, address) {
      if (
        this.listener !== undefined ||
        this.connection !== undefined ||
        this.dialing !== undefined
      ) {
        throw new WitError("invalid-state");
      }
      if (!isOf(address, this.family)) {
        throw new WitError("invalid-argument");
      }
      const place = placeOf(address);
      // The operating system chooses the local end of a connection.
      const isChosen =
        isUnspecified(address) && place.port === 0 && connects.length > 0;
      guard.demand(
        isChosen || guard.coversLocal(listens, address),
        `bind \`${shown(address)}\``,
        "network.tcp-listen",
      );
      const listener = new Listener();
      const ipv6Only = this.family === "ipv6";
      listener.bind("listen", { ...place, ipv6Only });
      this.listener = listener;
      this.unfinished = "bind";
    }

    finishBind() {
      this.#finish("bind");
    }

    /** @param {"bind" | "listen"} what */
    #finish(what) {
      if (this.unfinished !== what) {
        throw new WitError("not-in-progress");
      }
      this.unfinished = undefined;
    }

    /**
     * @param {unknown} _network
     * @param {SocketAddress} address
     */
    startConnect(_network, address) {
      if (
        this.connection !== undefined ||
        this.dialing !== undefined ||
        this.listening ||
        this.unfinished !== undefined
      ) {
        throw new WitError("invalid-state");
      }
      const place = placeOf(address);
      if (
        !isOf(address, this.family) ||
        isUnspecified(address) ||
        place.port === 0
      ) {
        throw new WitError("invalid-argument");
      }
      guard.demand(
        guard.covers(connects, address),
        `connect to \`${shown(address)}\``,
        "network.tcp-connect",
      );
      const from = this.listener?.bound;
      // It was bound to connect from there.
      this.listener?.close();
      this.listener = undefined;
      this.dialing = new Dialed();
      this.dialing.tell("connect", {
        ...place,
        localAddress: from?.address,
        localPort: from?.port,
        keep: this.options.keep,
      });
    }

    finishConnect() {
      receive();
      const { dialing } = this;
      if (dialing === undefined) {
        throw new WitError("not-in-progress");
      }
      if (dialing.failure !== undefined && dialing.ends === undefined) {
        this.dialing = undefined;
        dialing.close();
        throw socketError(dialing.failure);
      }
      if (dialing.ends === undefined) {
        throw new WitError("would-block");
      }
      this.dialing = undefined;
      return this.#connected(dialing);
    }

    /** @param {Dialed} connection */
    #connected(connection) {
      this.connection = connection;
      this.input = new ConnectionInput(connection);
      this.output = new ConnectionOutput(connection);
      return /** @type {const} */ ([this.input, this.output]);
    }

    startListen() {
      const { bound } = this.listener ?? {};
      if (
        bound === undefined ||
        this.listening ||
        this.unfinished !== undefined
      ) {
        throw new WitError("invalid-state");
      }
      const address = socketAddress(bound);
      guard.demand(
        guard.coversLocal(listens, address),
        `listen at \`${shown(address)}\``,
        "network.tcp-listen",
      );
      this.unfinished = "listen";
    }

    finishListen() {
      this.#finish("listen");
      this.listening = true;
    }

    accept() {
      receive();
      if (!this.listening) {
        throw new WitError("invalid-state");
      }
      const connection = this.listener?.waiting.shift();
      if (connection === undefined) {
        throw this.listener?.failure === undefined
          ? new WitError("would-block")
          : socketError(this.listener.failure);
      }
      this.listener?.tell("accepted");
      connection.tell("start");
      const socket = new TcpSocket(this.family);
      Object.assign(socket.options, this.options);
      this.keep(connection);
      return [socket, ...socket.#connected(connection)];
    }

    /** @param {"receive" | "send" | "both"} how */
    shutdown(how) {
      if (this.connection === undefined) {
        throw new WitError("invalid-state");
      }
      if (how !== "send" && this.input !== undefined) {
        this.input.closed = true;
      }
      if (how !== "receive" && this.output?.closed === false) {
        this.output.closed = true;
        this.connection.finish();
      }
    }

    localAddress() {
      const end = this.connection?.ends?.local ?? this.listener?.bound;
      if (end === undefined) {
        throw new WitError("invalid-state");
      }
      return socketAddress(end);
    }

    remoteAddress() {
      const end = this.connection?.ends?.remote;
      if (end === undefined) {
        throw new WitError("invalid-state");
      }
      return socketAddress(end);
    }

    isListening() {
      return this.listening;
    }

    addressFamily() {
      return this.family;
    }

    subscribe() {
      const { dialing, listener, listening } = this;
      if (dialing !== undefined) {
        return new Awaited(
          () => dialing.ends !== undefined || dialing.failure !== undefined,
        );
      }
      return listening && listener !== undefined
        ? new Awaited(
            () => listener.waiting.length > 0 || listener.failure !== undefined,
          )
        : new Pollable();
    }
  }

  return {
    "wasi:sockets/tcp": { TcpSocket },
    "wasi:sockets/tcp-create-socket": {
      createTcpSocket: (/** @type {string} */ family) => {
        if (connects.length === 0 && listens.length === 0) {
          monitor.denied("use TCP", "network.tcp-connect");
        }
        return new TcpSocket(family);
      },
    },
  };
}

/** What a component sets and asks of a socket beside its connection. */
class OptionsOfSocket extends UnsizedSocket {
  options = new Options();
  /** @type {Dialed | undefined} */
  connection;
  /** @type {ConnectionInput | undefined} */
  input;
  /** @type {ConnectionOutput | undefined} */
  output;

  /** @param {Dialed | undefined} connection */
  keep(connection) {
    const { enable, idle } = this.options.keep;
    connection?.tell("keep", enable, idle);
  }

  keepAliveEnabled() {
    return this.options.keepAliveEnabled;
  }

  /** @param {boolean} value */
  setKeepAliveEnabled(value) {
    this.options.keepAliveEnabled = value;
    this.keep(this.connection);
  }

  keepAliveIdleTime() {
    return this.options.keepAliveIdleTime;
  }

  /** @param {bigint} value */
  setKeepAliveIdleTime(value) {
    this.options.keepAliveIdleTime = positive(value);
    this.keep(this.connection);
  }

  keepAliveInterval() {
    return this.options.keepAliveInterval;
  }

  /** @param {bigint} value */
  setKeepAliveInterval(value) {
    this.options.keepAliveInterval = positive(value);
  }

  keepAliveCount() {
    return this.options.keepAliveCount;
  }

  /** @param {number} value */
  setKeepAliveCount(value) {
    this.options.keepAliveCount = positive(value);
  }

  /** @param {bigint} value */
  setListenBacklogSize(value) {
    positive(value);
  }

  hopLimit() {
    return unsupported();
  }

  setHopLimit() {
    unsupported();
  }
}

/**
 * @template {number | bigint} T
 * @param {T} value
 * @returns {T}
 */
function positive(value) {
  if (value <= 0) {
    throw new WitError("invalid-argument");
  }
  return value;
}
