// The thread that waits for the network: functions of a component are synchronous, and Node's sockets are not.
//
// It gets messages `[id, operation, ...]` and sends `[id, event, ...]`; `remote.js` is the other end.

/** @import { MessagePort } from "node:worker_threads" */
/** @import { Socket } from "node:net" */
/** @import { IncomingMessage } from "node:http" */

const { workerData } = process.getBuiltinModule("node:worker_threads");
const { X509Certificate } = process.getBuiltinModule("node:crypto");
const dgram = process.getBuiltinModule("node:dgram");
const dns = process.getBuiltinModule("node:dns");
const http = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");
const net = process.getBuiltinModule("node:net");
const tls = process.getBuiltinModule("node:tls");

/** Nothing where this is only looked at, by whatever imports all modules. @type {{ port: MessagePort, signal: Int32Array }} */
const { port, signal } = workerData ?? {};

/** How many bytes the component may be behind. */
const WINDOW = 2 ** 18;
/** How many connections, and how many datagrams, wait for the component. */
const MOST_WAITING = 128;

/** What is open, by its number. @type {Map<number, any>} */
const open = new Map();
/** The last number of a connection that came from outside; those of the other thread are even. */
let last = -1;

/**
 * @param {number} id
 * @param {string} event
 * @param {any[]} values
 */
function tell(id, event, ...values) {
  port.postMessage([id, event, ...values]);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}

/**
 * @param {number} id
 * @param {any} error
 */
function fail(id, error) {
  tell(id, "failed", String(error?.code ?? ""), String(error?.message));
}

/** What sends bytes, no faster than the component takes them. */
class Source {
  behind = 0;

  /**
   * @param {number} id
   * @param {Socket | IncomingMessage} stream
   */
  constructor(id, stream) {
    this.stream = stream;
    stream.on("data", (/** @type {Uint8Array} */ chunk) => {
      this.behind += chunk.length;
      if (this.behind > WINDOW) {
        stream.pause();
      }
      tell(id, "data", new Uint8Array(chunk));
    });
  }

  /** @param {number} count */
  took(count) {
    this.behind -= count;
    if (this.behind <= WINDOW) {
      this.stream.resume();
    }
  }
}

/** A connection. */
class Connection {
  /** @type {Source | undefined} */
  source;

  /**
   * @param {number} id
   * @param {Socket} socket
   */
  constructor(id, socket) {
    this.id = id;
    this.socket = socket;
    socket.on("error", (error) => fail(id, error));
    socket.on("end", () => tell(id, "end"));
  }

  start() {
    this.source = new Source(this.id, this.socket);
    this.socket.resume();
  }

  /** @param {number} count */
  took(count) {
    this.source?.took(count);
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    this.socket.write(bytes, () => tell(this.id, "written", bytes.length));
  }

  end() {
    this.socket.end();
  }

  /**
   * @param {boolean} enable
   * @param {number} idle
   */
  keep(enable, idle) {
    this.socket.setKeepAlive(enable, idle);
  }

  close() {
    // What was written goes out before.
    this.socket.destroySoon();
  }
}

/** @param {Socket} socket */
const ends = (socket) => ({
  local: { address: socket.localAddress, port: socket.localPort },
  remote: { address: socket.remoteAddress, port: socket.remotePort },
});

/**
 * Whether a certificate is for a host: Node's own check finds no addresses of IPv6 in it.
 *
 * @param {string} host
 * @param {import("node:tls").PeerCertificate} certificate
 */
function checkServerIdentity(host, certificate) {
  return net.isIPv6(host) &&
    new X509Certificate(certificate.raw).checkIP(host) !== undefined
    ? undefined
    : tls.checkServerIdentity(host, certificate);
}

/** @type {Record<string, (id: number, about: any) => void>} */
const begin = {
  lookup(id, name) {
    dns.lookup(name, { all: true, verbatim: true }, (error, found) => {
      open.delete(id);
      if (error) {
        fail(id, error);
      } else {
        tell(
          id,
          "found",
          found.map(({ address }) => address),
        );
      }
    });
  },

  connect(id, { keep, ...address }) {
    const socket = net.connect({ ...address, allowHalfOpen: true });
    const connection = new Connection(id, socket);
    open.set(id, connection);
    socket.once("connect", () => {
      connection.keep(keep.enable, keep.idle);
      tell(id, "connected", ends(socket));
      connection.start();
    });
  },

  listen(id, address) {
    const server = net.createServer({
      allowHalfOpen: true,
      pauseOnConnect: true,
    });
    let waiting = 0;
    server.on("error", (error) => fail(id, error));
    server.on("connection", (socket) => {
      if (waiting === MOST_WAITING) {
        socket.destroy();
        return;
      }
      waiting += 1;
      last += 2;
      open.set(last, new Connection(last, socket));
      tell(id, "connection", last, ends(socket));
    });
    server.listen({ ...address, exclusive: true }, () =>
      tell(id, "bound", server.address()),
    );
    open.set(id, {
      accepted: () => (waiting -= 1),
      close: () => server.close(),
    });
  },

  datagrams(id, { type, ...address }) {
    const socket = dgram.createSocket({ type, ipv6Only: type === "udp6" });
    let waiting = 0;
    socket.on("error", (error) => fail(id, error));
    socket.on("message", (bytes, from) => {
      if (waiting < MOST_WAITING) {
        waiting += 1;
        tell(id, "datagram", new Uint8Array(bytes), from.address, from.port);
      }
    });
    socket.bind({ ...address, exclusive: true }, () =>
      tell(id, "bound", socket.address()),
    );
    open.set(id, {
      took: () => (waiting -= 1),
      // Nobody hears of a datagram that is lost.
      send: (
        /** @type {Uint8Array} */ bytes,
        /** @type {number} */ to,
        /** @type {string} */ host,
      ) => socket.send(bytes, to, host, () => {}),
      close: () => socket.close(),
    });
  },

  request(id, { secure, hasBody, first, idle, ...about }) {
    const module = secure ? https : http;
    const request = module.request({
      ...about,
      setHost: false,
      agent: false,
      checkServerIdentity,
    });
    request.useChunkedEncodingByDefault = hasBody;
    let over = false;
    const late = (/** @type {string} */ code) => () =>
      request.destroy(Object.assign(new Error("timeout"), { code }));
    /** @param {any} error */
    const failed = (error) => {
      if (!over) {
        over = true;
        fail(id, error);
      }
    };
    const timer = first && setTimeout(late("WITGEN_RESPONSE_TIMEOUT"), first);
    request.on("error", failed);
    /** @type {Source | undefined} */
    let source;
    request.on("response", (response) => {
      clearTimeout(timer);
      tell(id, "response", response.statusCode, response.rawHeaders);
      if (idle) {
        response.setTimeout(idle, late("WITGEN_READ_TIMEOUT"));
      }
      source = new Source(id, response);
      response.on("error", failed);
      response.on("end", () => {
        over = true;
        tell(id, "end", response.rawTrailers);
      });
    });
    open.set(id, {
      took: (/** @type {number} */ count) => source?.took(count),
      write: (/** @type {Uint8Array} */ bytes) =>
        void request.write(bytes, () => tell(id, "written", bytes.length)),
      end: () => request.end(),
      close: () => {
        over = true;
        request.destroy();
      },
    });
    if (!hasBody) {
      request.end();
    }
  },
};

/** @param {[id: number, operation: string, ...values: any[]]} message */
function act([id, operation, ...values]) {
  try {
    const target = open.get(id);
    if (target === undefined) {
      begin[operation]?.(id, values[0]);
      return;
    }
    target[operation](...values);
    if (operation === "close") {
      open.delete(id);
    }
  } catch (error) {
    fail(id, error);
  }
}

if (port !== undefined) {
  port.on("message", act);
  process.on("uncaughtException", (error) => {
    for (const id of open.keys()) {
      fail(id, error);
    }
  });
}
