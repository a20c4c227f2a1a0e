// Files of a component that are nowhere but in memory, for browsers and for tests.

import { WitError } from "./errors.js";
import { FiniteInput, IoError, OutputStream } from "./streams.js";

/**
 * A file, whose bytes may be more than its size, or a directory.
 *
 * @typedef {{ bytes: Uint8Array, size: number, changed: number }} File
 * @typedef {{ entries: Map<string, Node>, changed: number }} Folder
 * @typedef {File | Folder} Node
 */

/**
 * @returns {Folder}
 */
const folder = () => ({ entries: new Map(), changed: Date.now() });

/**
 * @param {Uint8Array} bytes
 * @returns {File}
 */
const file = (bytes) => ({ bytes, size: bytes.length, changed: Date.now() });

/** A file system in memory: its root is `/` for the component, which may read and write all of it. */
export class MemoryFiles {
  #root = folder();

  /** @param {Record<string, string | Uint8Array>} [contents] Files by their absolute paths. */
  constructor(contents = {}) {
    for (const [path, content] of Object.entries(contents)) {
      this.write(path, content);
    }
  }

  /**
   * What is in a file, or nothing if there is none.
   *
   * @param {string} path
   * @returns {Uint8Array | undefined}
   */
  read(path) {
    const node = found(this.#root, partsOf(path));
    return node !== undefined && "bytes" in node ? contentOf(node) : undefined;
  }

  /**
   * Makes a file, and the directories that lead to it.
   *
   * @param {string} path
   * @param {string | Uint8Array} content
   */
  write(path, content) {
    const parts = partsOf(path);
    const name = parts.pop();
    let at = this.#root;
    for (const part of parts) {
      const next = at.entries.get(part) ?? folder();
      if ("bytes" in next) {
        throw new TypeError(`\`${part}\` in \`${path}\` is a file`);
      }
      at.entries.set(part, next);
      at = next;
    }
    if (name === undefined) {
      throw new TypeError(`\`${path}\` is no path of a file`);
    }
    const bytes =
      typeof content === "string" ? new TextEncoder().encode(content) : content;
    at.entries.set(name, file(bytes.slice()));
  }

  /**
   * The paths of all files.
   *
   * @returns {string[]}
   */
  paths() {
    return [...pathsIn(this.#root, "")];
  }

  /**
   * What a component imports to use them.
   *
   * @returns {Record<string, Record<string, unknown>>}
   */
  interfaces() {
    const flags = { read: true, write: true, mutateDirectory: true };
    return {
      "wasi:filesystem/preopens": {
        getDirectories: () => [[new Descriptor(this.#root, flags), "/"]],
      },
      "wasi:filesystem/types": {
        Descriptor,
        DirectoryEntryStream,
        filesystemErrorCode: () => undefined,
      },
    };
  }
}

/**
 * @param {Folder} from
 * @param {string} path
 * @returns {Generator<string>}
 */
function* pathsIn({ entries }, path) {
  for (const [name, node] of entries) {
    if ("bytes" in node) {
      yield `${path}/${name}`;
    } else {
      yield* pathsIn(node, `${path}/${name}`);
    }
  }
}

/**
 * The parts of a path below the directory that it starts in.
 *
 * @param {string} path
 * @returns {string[]}
 */
function partsOf(path) {
  /** @type {string[]} */
  const parts = [];
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) {
        throw new WitError("not-permitted");
      }
    } else if (part !== "" && part !== ".") {
      parts.push(part);
    }
  }
  return parts;
}

/**
 * @param {Node} from
 * @param {string[]} parts
 * @returns {Node | undefined}
 */
function found(from, parts) {
  /** @type {Node | undefined} */
  let at = from;
  for (const part of parts) {
    if (at === undefined) {
      return undefined;
    }
    if ("bytes" in at) {
      throw new WitError("not-directory");
    }
    at = at.entries.get(part);
  }
  return at;
}

/**
 * @param {File} node
 * @returns {Uint8Array}
 */
const contentOf = ({ bytes, size }) => bytes.slice(0, size);

/** How large a file may be. */
const MOST = 2 ** 30;

/**
 * @param {File} node
 * @param {number} size
 */
function resize(node, size) {
  if (size > MOST) {
    throw new WitError("file-too-large");
  }
  if (size > node.bytes.length) {
    const bytes = new Uint8Array(Math.max(size, node.bytes.length * 2));
    bytes.set(node.bytes.subarray(0, node.size));
    node.bytes = bytes;
  } else {
    node.bytes.fill(0, size, node.size);
  }
  node.size = size;
  node.changed = Date.now();
}

/**
 * @param {File} node
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function put(node, bytes, at) {
  if (at + bytes.length > node.size) {
    resize(node, at + bytes.length);
  }
  node.bytes.set(bytes, at);
  node.changed = Date.now();
}

class Descriptor {
  /**
   * @param {Node} node
   * @param {Record<string, boolean>} flags
   */
  constructor(node, flags) {
    this.node = node;
    this.flags = flags;
  }

  get #file() {
    if ("bytes" in this.node) {
      return this.node;
    }
    throw new WitError("is-directory");
  }

  get #folder() {
    if ("entries" in this.node) {
      return this.node;
    }
    throw new WitError("not-directory");
  }

  /**
   * @param {string} path
   * @returns {Node}
   */
  #found(path) {
    const node = this.#maybe(path);
    if (node === undefined) {
      throw new WitError("no-entry");
    }
    return node;
  }

  /**
   * @param {string} path
   * @returns {Node | undefined}
   */
  #maybe(path) {
    if (path.startsWith("/")) {
      throw new WitError("not-permitted");
    }
    return found(this.#folder, partsOf(path));
  }

  /**
   * The directory of a path, and the last name of it.
   *
   * @param {string} path
   * @returns {[Folder, string]}
   */
  #place(path) {
    const parts = partsOf(path);
    const name = parts.pop();
    const parent = this.#found(parts.join("/"));
    if (name === undefined) {
      throw new WitError("invalid");
    }
    if ("bytes" in parent) {
      throw new WitError("not-directory");
    }
    return [parent, name];
  }

  /** @param {bigint} offset */
  readViaStream(offset) {
    return reading(this.#file, Number(offset));
  }

  /** @param {bigint} offset */
  writeViaStream(offset) {
    return written(this.#file, Number(offset));
  }

  appendViaStream() {
    return written(this.#file, undefined);
  }

  advise() {}

  syncData() {}

  sync() {}

  getFlags() {
    return this.flags;
  }

  getType() {
    return typeOf(this.node);
  }

  /** @param {bigint} size */
  setSize(size) {
    resize(this.#file, Number(size));
  }

  setTimes() {}

  setTimesAt() {}

  /**
   * @param {bigint} length
   * @param {bigint} offset
   * @returns {[Uint8Array, boolean]}
   */
  read(length, offset) {
    const bytes = part(this.#file, length, Number(offset));
    return [bytes, bytes.length === 0 && length > 0n];
  }

  /**
   * @param {Uint8Array} bytes
   * @param {bigint} offset
   */
  write(bytes, offset) {
    put(this.#file, bytes, Number(offset));
    return BigInt(bytes.length);
  }

  readDirectory() {
    return new DirectoryEntryStream([...this.#folder.entries]);
  }

  /** @param {string} path */
  createDirectoryAt(path) {
    const [parent, name] = this.#place(path);
    if (parent.entries.has(name)) {
      throw new WitError("exist");
    }
    parent.entries.set(name, folder());
  }

  stat() {
    return statOf(this.node);
  }

  /**
   * @param {object} _how
   * @param {string} path
   */
  statAt(_how, path) {
    return statOf(this.#found(path));
  }

  linkAt() {
    throw new WitError("unsupported");
  }

  symlinkAt() {
    throw new WitError("unsupported");
  }

  readlinkAt() {
    throw new WitError("invalid");
  }

  /**
   * @param {object} _how
   * @param {string} path
   * @param {{ create?: boolean, directory?: boolean, exclusive?: boolean, truncate?: boolean }} open
   * @param {Record<string, boolean>} flags
   */
  openAt(_how, path, { create, directory, exclusive, truncate }, flags) {
    let node = this.#maybe(path);
    if (node !== undefined && create && exclusive) {
      throw new WitError("exist");
    }
    if (node === undefined) {
      if (!create) {
        throw new WitError("no-entry");
      }
      const [parent, name] = this.#place(path);
      node = file(new Uint8Array());
      parent.entries.set(name, node);
    }
    if ("bytes" in node && directory) {
      throw new WitError("not-directory");
    }
    if ("entries" in node && (truncate || flags.write)) {
      throw new WitError("is-directory");
    }
    if ("bytes" in node && truncate) {
      resize(node, 0);
    }
    return new Descriptor(node, flags);
  }

  /** @param {string} path */
  removeDirectoryAt(path) {
    const [parent, name] = this.#place(path);
    const node = this.#found(path);
    if ("bytes" in node) {
      throw new WitError("not-directory");
    }
    if (node.entries.size > 0) {
      throw new WitError("not-empty");
    }
    parent.entries.delete(name);
  }

  /** @param {string} path */
  unlinkFileAt(path) {
    const [parent, name] = this.#place(path);
    if ("entries" in this.#found(path)) {
      throw new WitError("is-directory");
    }
    parent.entries.delete(name);
  }

  /**
   * @param {string} from
   * @param {Descriptor} other
   * @param {string} to
   */
  renameAt(from, other, to) {
    const node = this.#found(from);
    const [parent, name] = this.#place(from);
    const [target, made] = other.#place(to);
    if ("entries" in node && holds(node, target)) {
      throw new WitError("invalid");
    }
    const old = target.entries.get(made);
    if (old === node) {
      return;
    }
    if (old !== undefined && "entries" in old && old.entries.size > 0) {
      throw new WitError("not-empty");
    }
    parent.entries.delete(name);
    target.entries.set(made, node);
  }

  /** @param {Descriptor} other */
  isSameObject(other) {
    return this.node === other.node;
  }

  metadataHash() {
    return hashOf(this.node);
  }

  /**
   * @param {object} _how
   * @param {string} path
   */
  metadataHashAt(_how, path) {
    return hashOf(this.#found(path));
  }
}

class DirectoryEntryStream {
  /** @param {[string, Node][]} entries */
  constructor(entries) {
    this.entries = entries.values();
  }

  readDirectoryEntry() {
    const { value } = this.entries.next();
    return value && { type: typeOf(value[1]), name: value[0] };
  }
}

/**
 * @param {File} node
 * @param {number} offset
 */
function reading(node, offset) {
  let at = offset;
  return new FiniteInput((length) => {
    const bytes = part(node, length, at);
    at += bytes.length;
    return bytes;
  });
}

/**
 * @param {File} node
 * @param {number | undefined} offset Without one, all goes to the end.
 */
function written(node, offset) {
  let at = offset;
  return new OutputStream((bytes) => {
    try {
      put(node, bytes, at ?? node.size);
    } catch (error) {
      const val = new IoError();
      throw new WitError(
        { tag: "last-operation-failed", val },
        { cause: error },
      );
    }
    if (at !== undefined) {
      at += bytes.length;
    }
  });
}

/**
 * @param {File} node
 * @param {bigint} length
 * @param {number} offset
 * @returns {Uint8Array}
 */
function part({ bytes, size }, length, offset) {
  return bytes.slice(offset, Math.min(size, offset + Number(length)));
}

/**
 * Whether a directory is, or has in it, another.
 *
 * @param {Folder} outer
 * @param {Folder} inner
 * @returns {boolean}
 */
function holds(outer, inner) {
  return (
    outer === inner ||
    [...outer.entries.values()].some(
      (node) => "entries" in node && holds(node, inner),
    )
  );
}

/** @param {Node} node */
const typeOf = (node) => ("bytes" in node ? "regular-file" : "directory");

/** @param {Node} node */
function statOf(node) {
  const time = {
    seconds: BigInt(Math.floor(node.changed / 1000)),
    nanoseconds: (node.changed % 1000) * 1_000_000,
  };
  return {
    type: typeOf(node),
    linkCount: 1n,
    size: "bytes" in node ? BigInt(node.size) : 0n,
    dataAccessTimestamp: time,
    dataModificationTimestamp: time,
    statusChangeTimestamp: time,
  };
}

/** @type {WeakMap<Node, bigint>} */
const numbers = new WeakMap();
let next = 0n;

/** @param {Node} node */
function hashOf(node) {
  if (!numbers.has(node)) {
    next += 1n;
    numbers.set(node, next);
  }
  return { lower: numbers.get(node), upper: 0n };
}
