// `wasi:filesystem` over directories that were granted.

import { LinkError, WitError } from "../errors.js";
import { fs } from "./builtins.js";
import { Directory } from "./directory.js";
import {
  File,
  FileError,
  FileInput,
  FileOutput,
  attempt,
  readAt,
} from "./file.js";
import { hashOf, statOf, timesOf, typeOf } from "./stats.js";

/** @import { Grants } from "./grants.js" */
/** @import { Monitor } from "./monitor.js" */
/** @import { IoError } from "../streams.js" */
/** @import { NewTimestamp } from "./stats.js" */
/** @import { BigIntStats } from "node:fs" */

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
const { O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = fs.constants;

/**
 * @typedef {{ symlinkFollow?: boolean }} PathFlags
 * @typedef {{ create?: boolean, directory?: boolean, exclusive?: boolean, truncate?: boolean }} OpenFlags
 * @typedef {Record<string, boolean>} DescriptorFlags
 */

/**
 * A granted directory.
 *
 * @typedef {{ name: string, writable: boolean, monitor: Monitor }} Root
 */

/**
 * @param {Grants} grants
 * @param {Monitor} monitor
 * @returns {Record<string, Record<string, unknown>>}
 */
export function filesystem({ filesystem }, monitor) {
  const preopens = Object.entries(filesystem).map(
    ([name, { host, access }]) => {
      try {
        const root = { name, writable: access === "read-write", monitor };
        return { root, directory: Directory.open(host) };
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        throw new LinkError(
          `\`${host}\` cannot be opened: ${message}; it is granted as \`filesystem."${name}"\`, and must be a directory`,
          { cause: error },
        );
      }
    },
  );
  return {
    "wasi:filesystem/preopens": {
      getDirectories: () =>
        preopens.map(({ root, directory }) => [
          new Descriptor(root, root.name, directory.again(), READ_AND_CHANGE),
          root.name,
        ]),
    },
    "wasi:filesystem/types": {
      Descriptor,
      DirectoryEntryStream,
      filesystemErrorCode: (/** @type {IoError} */ error) =>
        error instanceof FileError ? error.code : undefined,
    },
  };
}

const READ_AND_CHANGE = { read: true, mutateDirectory: true };

class Descriptor {
  /**
   * @param {Root} root
   * @param {string} path As the component knows it, for messages.
   * @param {Directory | File} target
   * @param {DescriptorFlags} flags
   */
  constructor(root, path, target, flags) {
    this.root = root;
    this.path = path;
    this.target = target;
    this.flags = flags;
  }

  [Symbol.dispose]() {
    this.target.close();
  }

  /** @param {bigint} offset */
  readViaStream(offset) {
    return new FileInput(this.#file().shared(), offset);
  }

  /** @param {bigint} offset */
  writeViaStream(offset) {
    this.#mayChange();
    return new FileOutput(this.#file().shared(), offset);
  }

  appendViaStream() {
    this.#mayChange();
    return new FileOutput(this.#file().shared(), undefined);
  }

  advise() {
    this.#file();
  }

  syncData() {
    this.#done((fd) => fs.fdatasyncSync(fd));
  }

  sync() {
    this.#done((fd) => fs.fsyncSync(fd));
  }

  getFlags() {
    return this.flags;
  }

  getType() {
    return typeOf(this.#stats());
  }

  /** @param {bigint} size */
  setSize(size) {
    this.#mayChange();
    const { fd } = this.#file();
    attempt(() => fs.ftruncateSync(fd, Number(size)));
  }

  /**
   * @param {NewTimestamp} read
   * @param {NewTimestamp} written
   */
  setTimes(read, written) {
    this.#mayChange();
    const now = this.#stats();
    const times = timesOf(now, read, written);
    if (this.target instanceof File) {
      const { fd } = this.target;
      attempt(() => fs.futimesSync(fd, ...times));
    } else {
      const location = this.target.at(".");
      attempt(() => fs.utimesSync(location, ...times));
    }
  }

  /**
   * @param {bigint} length
   * @param {bigint} offset
   * @returns {[Uint8Array, boolean]}
   */
  read(length, offset) {
    const { fd } = this.#file();
    const bytes = readAt(fd, length, offset);
    return [bytes, bytes.length === 0 && length > 0n];
  }

  /**
   * @param {Uint8Array} bytes
   * @param {bigint} offset
   */
  write(bytes, offset) {
    this.#mayChange();
    const { fd } = this.#file();
    return BigInt(
      attempt(() => fs.writeSync(fd, bytes, 0, bytes.length, Number(offset))),
    );
  }

  readDirectory() {
    const directory = this.#directory();
    return new DirectoryEntryStream(
      attempt(() => fs.readdirSync(directory.at("."), { withFileTypes: true })),
    );
  }

  /** @param {string} path */
  createDirectoryAt(path) {
    this.#change(path, false, (location) => fs.mkdirSync(location));
  }

  stat() {
    return statOf(this.#stats());
  }

  /**
   * @param {PathFlags} how
   * @param {string} path
   */
  statAt(how, path) {
    return statOf(this.#statsAt(how, path));
  }

  /**
   * @param {PathFlags} how
   * @param {string} path
   * @param {NewTimestamp} read
   * @param {NewTimestamp} written
   */
  setTimesAt({ symlinkFollow = false }, path, read, written) {
    this.#change(path, symlinkFollow, (location) => {
      const now = fs.lstatSync(location, { bigint: true });
      fs.lutimesSync(location, ...timesOf(now, read, written));
    });
  }

  /**
   * @param {PathFlags} how
   * @param {string} from
   * @param {Descriptor} other
   * @param {string} to
   */
  linkAt({ symlinkFollow = false }, from, other, to) {
    if (symlinkFollow) {
      throw new WitError("invalid");
    }
    this.#both(from, other, to, (old, made) => fs.linkSync(old, made));
  }

  /**
   * @param {PathFlags} how
   * @param {string} path
   * @param {OpenFlags} open
   * @param {DescriptorFlags} flags
   */
  openAt({ symlinkFollow = false }, path, open, flags) {
    const { create, directory, exclusive, truncate } = open;
    const writes = flags.write === true;
    if (create || exclusive || truncate || writes) {
      this.#mayChange(path);
    }
    const mode = writes ? (flags.read ? O_RDWR : O_WRONLY) : O_RDONLY;
    const how =
      mode |
      O_NOFOLLOW |
      O_NONBLOCK |
      (create ? O_CREAT : 0) |
      (directory ? O_DIRECTORY : 0) |
      (exclusive ? O_EXCL : 0) |
      (truncate ? O_TRUNC : 0);
    // A link is what `exclusive` finds there, wherever it leads.
    const follow = symlinkFollow && !(create && exclusive);
    return this.#at(path, follow, (location) => {
      const fd = fs.openSync(location, how, 0o666);
      const isDirectory = fs.fstatSync(fd).isDirectory();
      const inside = joined(this.path, path);
      if (!isDirectory) {
        return new Descriptor(this.root, inside, new File(fd), flags);
      }
      fs.closeSync(fd);
      const found = this.#directory();
      const opened =
        found.fd === undefined
          ? new Directory(undefined, fs.realpathSync(location))
          : new Directory(
              fs.openSync(location, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
              "",
            );
      return new Descriptor(this.root, inside, opened, flags);
    });
  }

  /** @param {string} path */
  readlinkAt(path) {
    return this.#at(path, false, (location) => {
      const target = fs.readlinkSync(location);
      if (target.startsWith("/")) {
        throw new WitError("not-permitted");
      }
      return target;
    });
  }

  /** @param {string} path */
  removeDirectoryAt(path) {
    this.#change(path, false, (location) => fs.rmdirSync(location));
  }

  /**
   * @param {string} from
   * @param {Descriptor} other
   * @param {string} to
   */
  renameAt(from, other, to) {
    this.#both(from, other, to, (old, made) => fs.renameSync(old, made));
  }

  /**
   * @param {string} target
   * @param {string} path
   */
  symlinkAt(target, path) {
    if (target.startsWith("/")) {
      this.#mayChange(path);
      throw new WitError("not-permitted");
    }
    this.#change(path, false, (location) => fs.symlinkSync(target, location));
  }

  /** @param {string} path */
  unlinkFileAt(path) {
    this.#change(path, false, (location) => {
      if (fs.lstatSync(location).isDirectory()) {
        throw new WitError("is-directory");
      }
      fs.unlinkSync(location);
    });
  }

  /** @param {Descriptor} other */
  isSameObject(other) {
    const [ours, theirs] = [this.#stats(), other.#stats()];
    return ours.dev === theirs.dev && ours.ino === theirs.ino;
  }

  metadataHash() {
    return hashOf(this.#stats());
  }

  /**
   * @param {PathFlags} how
   * @param {string} path
   */
  metadataHashAt(how, path) {
    return hashOf(this.#statsAt(how, path));
  }

  #file() {
    if (!(this.target instanceof File)) {
      throw new WitError("is-directory");
    }
    return this.target;
  }

  #directory() {
    if (!(this.target instanceof Directory)) {
      throw new WitError("not-directory");
    }
    return this.target;
  }

  /** @param {(fd: number) => void} use */
  #done(use) {
    const { fd } = this.target;
    if (fd !== undefined) {
      attempt(() => use(fd));
    }
  }

  /** @returns {BigIntStats} */
  #stats() {
    const { target } = this;
    return attempt(() =>
      target instanceof File
        ? fs.fstatSync(target.fd, { bigint: true })
        : fs.lstatSync(target.at("."), { bigint: true }),
    );
  }

  /**
   * @param {PathFlags} how
   * @param {string} path
   * @returns {BigIntStats}
   */
  #statsAt({ symlinkFollow = false }, path) {
    return this.#at(path, symlinkFollow, (location) =>
      fs.lstatSync(location, { bigint: true }),
    );
  }

  /**
   * Does something to a place in this directory.
   *
   * @template T
   * @param {string} path
   * @param {boolean} follow
   * @param {(location: string) => T} use
   * @returns {T}
   */
  #at(path, follow, use) {
    try {
      return this.#directory().within(path, follow, use);
    } catch (error) {
      if (error instanceof WitError && error.payload === "not-permitted") {
        const { name, monitor } = this.root;
        const target = joined(this.path, path);
        monitor.denied(
          `reach \`${target}\`, which leads out of \`${name}\``,
          outside(name, target),
        );
      }
      throw error;
    }
  }

  /**
   * The same where it changes something.
   *
   * @param {string} path
   * @param {boolean} follow
   * @param {(location: string) => void} use
   */
  #change(path, follow, use) {
    this.#mayChange(path);
    // What is made or removed is named without a separator at its end.
    this.#at(path.replace(/(?<=[^/])\/+$/, ""), follow, use);
  }

  /**
   * The same with two places: no second name may widen a grant, so both are to be writable.
   *
   * @param {string} from
   * @param {Descriptor} other
   * @param {string} to
   * @param {(old: string, made: string) => void} use
   */
  #both(from, other, to, use) {
    this.#mayChange(from);
    other.#mayChange(to);
    this.#at(from, false, (old) =>
      other.#at(to, false, (made) => use(old, made)),
    );
  }

  /** @param {string} [path] */
  #mayChange(path = "") {
    const { name, writable, monitor } = this.root;
    if (!writable) {
      monitor.denied(
        `change \`${joined(this.path, path)}\``,
        `filesystem."${name}".access = "read-write"`,
      );
      throw new WitError("not-permitted");
    }
  }
}

class DirectoryEntryStream {
  /** @param {import("node:fs").Dirent[]} entries */
  constructor(entries) {
    this.entries = entries.values();
  }

  readDirectoryEntry() {
    const { value } = this.entries.next();
    return value && { type: typeOf(value), name: value.name };
  }
}

/**
 * @param {string} directory
 * @param {string} path
 * @returns {string}
 */
function joined(directory, path) {
  if (path === "" || path === ".") {
    return directory;
  }
  return path.startsWith("/")
    ? path
    : `${directory.replace(/\/+$/, "")}/${path}`;
}

/**
 * The grant that is missing where a path leads out of a directory.
 *
 * @param {string} root
 * @param {string} target
 * @returns {string}
 */
function outside(root, target) {
  /** @type {string[]} */
  const parts = [];
  for (const part of target.split("/")) {
    if (part === "..") {
      parts.pop();
    } else if (part !== "" && part !== ".") {
      parts.push(part);
    }
  }
  parts.pop();
  const parent = `/${parts.join("/")}`;
  // A link inside of the directory leads to a place that only the host knows.
  return `${parent}/`.startsWith(`${root.replace(/\/+$/, "")}/`)
    ? "filesystem"
    : `filesystem."${parent}"`;
}
