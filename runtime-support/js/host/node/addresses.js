// Addresses and origins that grants name, and those that components use.

import { net } from "./builtins.js";

/**
 * An `ip-socket-address` of WASI.
 *
 * @typedef {{ tag: "ipv4" | "ipv6", val: { port: number, address: number[], flowInfo?: number, scopeId?: number } }} SocketAddress
 */

/** A host and a port that are granted. @typedef {{ ip?: string, name?: string, port?: number }} Entry */

/**
 * The eight numbers of an IPv6 address.
 *
 * @param {string} text
 * @returns {number[]}
 */
function groups(text) {
  const plain = text
    .replace(/%.*$/, "")
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts) => {
      const [a, b, c, d] = parts.slice(0, 4).map(Number);
      return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
    });
  const [head, tail] = plain
    .split("::")
    .map((half) => half.split(":").filter((part) => part !== ""));
  const missing =
    tail === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const zeros = Array.from({ length: missing }, () => "0");
  return [...head, ...zeros, ...(tail ?? [])].map((part) => parseInt(part, 16));
}

/**
 * The one form of an address; those of IPv4 in the form of IPv6 are the IPv4 address.
 *
 * @param {string} text
 * @returns {string}
 */
export function canonical(text) {
  if (net.isIPv4(text)) {
    return text;
  }
  const parts = groups(text);
  if (parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff) {
    const [high, low] = parts.slice(6);
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  return parts.map((part) => part.toString(16)).join(":");
}

/**
 * An `ip-address` of WASI.
 *
 * @param {string} text
 * @returns {{ tag: "ipv4" | "ipv6", val: number[] }}
 */
export function ipAddress(text) {
  return net.isIPv4(text)
    ? { tag: "ipv4", val: text.split(".").map(Number) }
    : { tag: "ipv6", val: groups(text) };
}

/**
 * @param {{ address: string, port: number }} end
 * @returns {SocketAddress}
 */
export function socketAddress({ address, port }) {
  const { tag, val } = ipAddress(address);
  const more = tag === "ipv6" ? { flowInfo: 0, scopeId: 0 } : {};
  return { tag, val: { port, address: val, ...more } };
}

/**
 * What Node calls an address of a component.
 *
 * @param {SocketAddress} address
 * @returns {{ host: string, port: number }}
 */
export function placeOf({ tag, val: { address, port } }) {
  const host =
    tag === "ipv4"
      ? address.join(".")
      : address.map((part) => part.toString(16)).join(":");
  return { host, port };
}

/**
 * For people.
 *
 * @param {SocketAddress} address
 */
export function shown(address) {
  const { host, port } = placeOf(address);
  return new URL(
    `http://${address.tag === "ipv6" ? `[${host}]` : host}`,
  ).hostname.concat(":", String(port));
}

/** @param {SocketAddress} address */
export function isUnspecified({ val: { address } }) {
  return address.every((part) => part === 0);
}

/**
 * Whether an address is of a family; those of IPv4 in the form of IPv6 are of none.
 *
 * @param {SocketAddress} address
 * @param {string} family
 */
export function isOf(address, family) {
  return address.tag === family && !isMapped(address);
}

/** @param {SocketAddress} address */
function isMapped(address) {
  return address.tag === "ipv6" && net.isIPv4(canonical(placeOf(address).host));
}

/**
 * A name in lower case, without the dot of the root; nothing if it is none.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function hostName(text) {
  const name = text.replace(/\.$/, "");
  const labels = name.split(".");
  // A name that ends in a number is an IPv4 address in disguise (RFC 3986, 3.2.2).
  const isName =
    labels.every((label) => /^[a-z0-9_-]{1,63}$/i.test(label)) &&
    !/^\d+$/.test(labels[labels.length - 1]) &&
    name.length <= 253;
  return isName ? name.toLowerCase() : undefined;
}

/**
 * Reads `host:port`, where the port may be `*`.
 *
 * @param {string} text
 * @returns {Entry | undefined}
 */
export function entryOf(text) {
  const [, bracketed, plain, last] =
    /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5}|\*)$/.exec(text) ?? [];
  if (last === undefined || Number(last) > 65535) {
    return undefined;
  }
  const port = last === "*" ? undefined : Number(last);
  if (bracketed !== undefined) {
    const isPlain = net.isIPv6(bracketed) && !bracketed.includes("%");
    return isPlain ? { ip: canonical(bracketed), port } : undefined;
  }
  if (net.isIPv4(plain)) {
    return { ip: plain, port };
  }
  const name = hostName(plain);
  return name === undefined ? undefined : { name, port };
}

/**
 * Reads `scheme://host` or `scheme://host:port`, as the form that all URLs of an origin share.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function originOf(text) {
  const plain = /^(https?):\/\/([^/?#@\\\s]+)\/?$/i.exec(text);
  if (plain === null || !URL.canParse(text)) {
    return undefined;
  }
  const { hostname } = new URL(text);
  const isHost =
    hostname.startsWith("[") || net.isIPv4(hostname) || hostName(hostname);
  return isHost ? sameOrigin(new URL(text)) : undefined;
}

/**
 * @param {URL} url
 * @returns {string}
 */
export function sameOrigin({ protocol, hostname, port }) {
  const usual = protocol === "https:" ? "443" : "80";
  return `${protocol}//${hostname.replace(/\.$/, "")}:${port || usual}`;
}
