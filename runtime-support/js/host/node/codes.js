// What sockets say when something does not go well.

import { WitError } from "../errors.js";

/** The error codes of WASI by those of Node. @type {Record<string, string>} */
const CODES = {
  EACCES: "access-denied",
  EADDRINUSE: "address-in-use",
  EADDRNOTAVAIL: "address-not-bindable",
  ECONNABORTED: "connection-aborted",
  ECONNREFUSED: "connection-refused",
  ECONNRESET: "connection-reset",
  EHOSTUNREACH: "remote-unreachable",
  EINVAL: "invalid-argument",
  EMFILE: "new-socket-limit",
  EMSGSIZE: "datagram-too-large",
  ENETUNREACH: "remote-unreachable",
  ENFILE: "new-socket-limit",
  EPERM: "access-denied",
  EPIPE: "connection-reset",
  ETIMEDOUT: "timeout",
};

/** @param {string} code */
export const socketError = (code) => new WitError(CODES[code] ?? "unknown");

/**
 * What Node has no means for.
 *
 * @returns {never}
 */
export function unsupported() {
  throw new WitError("not-supported");
}

/** A socket whose buffers have sizes that Node neither tells nor takes. */
export class UnsizedSocket {
  receiveBufferSize() {
    return unsupported();
  }

  setReceiveBufferSize() {
    unsupported();
  }

  sendBufferSize() {
    return unsupported();
  }

  setSendBufferSize() {
    unsupported();
  }
}
