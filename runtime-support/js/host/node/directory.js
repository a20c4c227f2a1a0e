// How paths of a component lead to files of the host, and never out of the directory that they start in.

import { WitError } from "../errors.js";
import { fs } from "./builtins.js";

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = fs.constants;
/** Linux: to open a directory only to go on from it. Node has no name for it. */
const O_PATH = 0x200000;
/** How many symbolic links a path may lead through. */
const MOST_LINKS = 40;

/**
 * Whether names can be looked up from an open directory, as Linux lets us: then nobody can exchange a part of a path
 * for a link between the moment that it is checked and the moment that it is used.
 */
const ANCHORED = process.platform === "linux" && fs.existsSync("/proc/self/fd");

/** An open directory of the host. */
export class Directory {
  /**
   * @param {number | undefined} fd
   * @param {string} location
   */
  constructor(fd, location) {
    this.fd = fd;
    this.location = location;
  }

  /**
   * @param {string} location
   * @returns {Directory}
   */
  static open(location) {
    const fd = fs.openSync(location, O_RDONLY | O_DIRECTORY);
    if (ANCHORED) {
      return new Directory(fd, location);
    }
    fs.closeSync(fd);
    return new Directory(undefined, fs.realpathSync(location));
  }

  /**
   * What the host calls a name in this directory, without a separator in it.
   *
   * @param {string} name
   * @returns {string}
   */
  at(name) {
    const base =
      this.fd === undefined ? this.location : `/proc/self/fd/${this.fd}`;
    return `${base}/${name}`;
  }

  /**
   * A directory in this one, which must not be a link.
   *
   * @param {string} name
   * @returns {Directory}
   */
  child(name) {
    if (this.fd === undefined) {
      const found = fs.lstatSync(this.at(name));
      if (!found.isDirectory()) {
        throw Object.assign(new Error(name), { code: "ENOTDIR" });
      }
      return new Directory(undefined, this.at(name));
    }
    const flags = O_PATH | O_DIRECTORY | O_NOFOLLOW;
    return new Directory(fs.openSync(this.at(name), flags), "");
  }

  /** Another handle of the same directory. @returns {Directory} */
  again() {
    return this.fd === undefined
      ? new Directory(undefined, this.location)
      : new Directory(fs.openSync(this.at("."), O_RDONLY | O_DIRECTORY), "");
  }

  close() {
    if (this.fd !== undefined) {
      fs.closeSync(this.fd);
    }
  }

  /**
   * Finds the directory that a path leads to, and the last name of it, which is no link if links are followed.
   *
   * @template T
   * @param {string} path
   * @param {boolean} follow Whether a link at the end is followed, too.
   * @param {(location: string) => T} use What to do there; nobody can put another file in the way meanwhile.
   * @returns {T}
   */
  within(path, follow, use) {
    const walk = new Walk(this);
    try {
      return use(walk.to(path, follow));
    } catch (error) {
      throw coded(error);
    } finally {
      walk.end();
    }
  }
}

/** The directories that lead from a first one to a place below it. */
class Walk {
  /** @param {Directory} start */
  constructor(start) {
    this.way = [start];
    this.links = 0;
  }

  /**
   * @param {string} path
   * @param {boolean} follow
   * @returns {string}
   */
  to(path, follow) {
    const parts = split(path);
    let last = ".";
    while (parts.length > 0) {
      const name = /** @type {string} */ (parts.shift());
      last = ".";
      if (name === "..") {
        this.up();
        continue;
      }
      // A path that ends in a separator means a directory, and what a link there leads to.
      const isLast = parts.length === 0;
      const target = isLast && !follow ? undefined : this.link(name);
      if (target !== undefined) {
        parts.unshift(...split(target));
      } else if (isLast) {
        last = name;
      } else if (name !== ".") {
        this.way.push(this.here.child(name));
      }
    }
    return this.here.at(last);
  }

  get here() {
    return this.way[this.way.length - 1];
  }

  up() {
    if (this.way.length === 1) {
      throw new WitError("not-permitted");
    }
    this.way.pop()?.close();
  }

  /**
   * Where a name leads if it is a symbolic link.
   *
   * @param {string} name
   * @returns {string | undefined}
   */
  link(name) {
    let target;
    try {
      target = fs.readlinkSync(this.here.at(name));
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code === "EINVAL" || code === "ENOENT" || code === "UNKNOWN") {
        return undefined;
      }
      throw error;
    }
    this.links += 1;
    if (this.links > MOST_LINKS) {
      throw new WitError("loop");
    }
    return target;
  }

  end() {
    for (const directory of this.way.slice(1)) {
      directory.close();
    }
  }
}

/**
 * The parts of a path; the last is `.` where it ends in a separator.
 *
 * @param {string} path
 * @returns {string[]}
 */
function split(path) {
  if (path === "") {
    throw new WitError("no-entry");
  }
  if (path.includes("\0")) {
    throw new WitError("invalid");
  }
  if (path.startsWith("/")) {
    throw new WitError("not-permitted");
  }
  const parts = path.split("/");
  return parts
    .map((part, index) =>
      part === "" && index === parts.length - 1 ? "." : part,
    )
    .filter(
      (part, index) =>
        part !== "" && (part !== "." || index === parts.length - 1),
    );
}

/** The error codes of WASI by those of the host. @type {Record<string, string>} */
const CODES = {
  EACCES: "access",
  EAGAIN: "would-block",
  EBADF: "bad-descriptor",
  EBUSY: "busy",
  EDQUOT: "quota",
  EEXIST: "exist",
  EFBIG: "file-too-large",
  EILSEQ: "illegal-byte-sequence",
  EINTR: "interrupted",
  EINVAL: "invalid",
  EISDIR: "is-directory",
  ELOOP: "loop",
  EMLINK: "too-many-links",
  ENAMETOOLONG: "name-too-long",
  ENODEV: "no-device",
  ENOENT: "no-entry",
  ENOMEM: "insufficient-memory",
  ENOSPC: "insufficient-space",
  ENOTDIR: "not-directory",
  ENOTEMPTY: "not-empty",
  ENOTSUP: "unsupported",
  ENOTTY: "no-tty",
  ENXIO: "no-such-device",
  EOVERFLOW: "overflow",
  EPERM: "not-permitted",
  EPIPE: "pipe",
  EROFS: "read-only",
  ESPIPE: "invalid-seek",
  ETXTBSY: "text-file-busy",
  EXDEV: "cross-device",
};

/**
 * What a component gets for an error of the host; what is no such error stays as it is.
 *
 * @param {unknown} error
 * @returns {unknown}
 */
export function coded(error) {
  const { code } = /** @type {NodeJS.ErrnoException} */ (error);
  if (error instanceof WitError || typeof code !== "string") {
    return error;
  }
  return new WitError(CODES[code] ?? "io", { cause: error });
}
