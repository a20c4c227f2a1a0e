// `wasi:blobstore`: containers of objects, in a directory that the grants name.

import { LinkError, WitError } from "../errors.js";
import { FiniteInput, IoError, OutputStream } from "../streams.js";
import { fs, path } from "./builtins.js";

/** @import { Grants } from "./grants.js" */
/** @import { Monitor } from "./monitor.js" */

const { O_NOFOLLOW = 0, O_RDONLY } = fs.constants;
/** Bytes of a file's name that common file systems allow. */
const LONGEST = 255;
/** Bytes that are moved at once. */
const CHUNK = 65536;

/**
 * The name of the file for a name of any text: no path, not hidden, and another one for each name; other hosts of
 * witgen write it like this, too.
 *
 * @param {string} name
 * @returns {string}
 */
function fileName(name) {
  let file = "";
  for (const byte of Buffer.from(name)) {
    const char = String.fromCharCode(byte);
    const isPlain = /[\w-]/.test(char) || (char === "." && file !== "");
    const digits = byte.toString(16).toUpperCase().padStart(2, "0");
    file += isPlain ? char : `%${digits}`;
  }
  if (file.length > LONGEST) {
    throw new WitError("the name is too long");
  }
  // No other name is written like this.
  return file === "" ? "%" : file;
}

/**
 * The name that a file was made for; nothing for one that this store did not make.
 *
 * @param {string} file
 * @returns {string | undefined}
 */
function nameOf(file) {
  try {
    const name = file === "%" ? "" : decodeURIComponent(file);
    return fileName(name) === file ? name : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What is there at a place, which may be nothing. Links are not followed: this store makes none.
 *
 * @param {string} place
 */
const look = (place) => fs.lstatSync(place, { throwIfNoEntry: false });

/** @param {import("node:fs").Stats} found */
const seconds = ({ mtimeMs }) => BigInt(Math.floor(mtimeMs / 1000));

/**
 * Does something that the host may refuse; the component is not told where that was.
 *
 * @template T
 * @param {() => T} use
 * @returns {T}
 */
function attempt(use) {
  try {
    return use();
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (typeof code !== "string") {
      throw error;
    }
    throw new WitError(message.replace(/,.*$/s, ""), { cause: error });
  }
}

/** A directory of containers, each a directory of files. */
class Folder {
  /** @param {string} root */
  constructor(root) {
    this.root = root;
  }

  /** @param {string} container */
  place(container) {
    return path.join(this.root, fileName(container));
  }

  /** @param {string} container */
  found(container) {
    const found = look(this.place(container));
    if (!found?.isDirectory()) {
      throw new WitError(`there is no container \`${container}\``);
    }
    return found;
  }

  /**
   * @param {string} container
   * @param {string} name
   */
  objectPlace(container, name) {
    this.found(container);
    return path.join(this.place(container), fileName(name));
  }

  /**
   * @param {string} container
   * @param {string} name
   */
  object(container, name) {
    const found = look(this.objectPlace(container, name));
    return found?.isFile() ? found : undefined;
  }

  /**
   * @param {string} container
   * @param {string} name
   */
  foundObject(container, name) {
    const found = this.object(container, name);
    if (found === undefined) {
      throw new WitError(`there is no object \`${name}\` in \`${container}\``);
    }
    return found;
  }

  /** @param {string} container */
  objects(container) {
    this.found(container);
    const files = fs.readdirSync(this.place(container));
    return files.flatMap((file) => nameOf(file) ?? []).sort();
  }

  /**
   * Opens a part of an object, which can be read although the object is replaced or removed meanwhile.
   *
   * @param {string} container
   * @param {string} name
   * @param {bigint} start
   * @param {bigint} end The last byte, which may be behind that of the object.
   */
  read(container, name, start, end) {
    const size = BigInt(this.foundObject(container, name).size);
    const place = this.objectPlace(container, name);
    const fd = fs.openSync(place, O_RDONLY | O_NOFOLLOW);
    return new Reading(fd, start, end + 1n < size ? end + 1n : size);
  }

  /**
   * @param {string} container
   * @param {string} name
   */
  delete(container, name) {
    fs.rmSync(this.objectPlace(container, name), { force: true });
  }

  /**
   * @param {ObjectId} from
   * @param {ObjectId} to
   */
  copy(from, to) {
    const source = this.read(from.container, from.object, 0n, 2n ** 64n);
    const target = new Writing(this);
    try {
      while (source.size > 0n) {
        target.write(source.next(source.size));
      }
      target.end(to.container, to.object);
    } finally {
      source.close();
      target.close();
    }
  }
}

/** @typedef {{ container: string, object: string }} ObjectId */

/** Bytes of an open file that are still to be read. */
class Reading {
  /**
   * @param {number} fd
   * @param {bigint} start
   * @param {bigint} end
   */
  constructor(fd, start, end) {
    /** @type {number | undefined} */
    this.fd = fd;
    this.start = start;
    this.end = end;
  }

  get size() {
    return this.end > this.start ? this.end - this.start : 0n;
  }

  /**
   * @param {bigint} most
   * @returns {Uint8Array} Nothing at the end.
   */
  next(most) {
    const left = most < this.size ? most : this.size;
    const bytes = new Uint8Array(Math.min(Number(left), CHUNK));
    const { length } = bytes;
    const count = fs.readSync(Number(this.fd), bytes, 0, length, this.start);
    this.start = count === 0 ? this.end : this.start + BigInt(count);
    return bytes.subarray(0, count);
  }

  close() {
    if (this.fd !== undefined) {
      fs.closeSync(this.fd);
      this.fd = undefined;
    }
  }
}

/** A file that becomes an object, at once for all who look. */
class Writing {
  /** @param {Folder} folder */
  constructor(folder) {
    this.folder = folder;
    this.place = path.join(folder.root, `.incoming-${crypto.randomUUID()}`);
    /** @type {number | undefined} */
    this.fd = fs.openSync(this.place, "wx");
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    let done = 0;
    while (done < bytes.length) {
      done += fs.writeSync(Number(this.fd), bytes, done);
    }
  }

  /**
   * @param {string} container
   * @param {string} name
   */
  end(container, name) {
    fs.renameSync(this.place, this.folder.objectPlace(container, name));
  }

  /** Removes what became no object. */
  close() {
    if (this.fd !== undefined) {
      fs.closeSync(this.fd);
      this.fd = undefined;
      fs.rmSync(this.place, { force: true });
    }
  }
}

/**
 * The same for a stream, which has errors of its own.
 *
 * @template T
 * @param {() => T} use
 * @returns {T}
 */
function streamed(use) {
  try {
    return use();
  } catch (error) {
    const { code = "error" } = /** @type {NodeJS.ErrnoException} */ (error);
    const val = new IoError(code);
    throw new WitError({ tag: "last-operation-failed", val }, { cause: error });
  }
}

class BlobInput extends FiniteInput {
  /** @param {Reading} reading */
  constructor(reading) {
    super((length) => streamed(() => reading.next(length)));
    this.reading = reading;
  }

  [Symbol.dispose]() {
    this.reading.close();
  }
}

class BlobOutput extends OutputStream {
  /** @param {Writing} writing */
  constructor(writing) {
    super((bytes) => {
      this.open();
      streamed(() => writing.write(bytes));
    });
    this.writing = writing;
  }

  open() {
    if (this.writing.fd === undefined) {
      throw new WitError({ tag: "closed" });
    }
  }

  /** @override */
  checkWrite() {
    this.open();
    return super.checkWrite();
  }

  /** @override */
  flush() {
    this.open();
  }

  /** @override */
  blockingFlush() {
    this.open();
  }
}

class IncomingValue {
  /** @param {Reading} reading */
  constructor(reading) {
    this.reading = reading;
  }

  [Symbol.dispose]() {
    this.reading.close();
  }

  /** @param {IncomingValue} value */
  static incomingValueConsumeSync({ reading }) {
    const { size } = reading;
    try {
      if (size >= 2n ** 32n) {
        const what = `${size} bytes do not fit the memory`;
        throw new WitError(`${what}: read them as a stream`);
      }
      const bytes = new Uint8Array(Number(size));
      let done = 0;
      while (reading.size > 0n) {
        const part = attempt(() => reading.next(reading.size));
        bytes.set(part, done);
        done += part.length;
      }
      return bytes.subarray(0, done);
    } finally {
      reading.close();
    }
  }

  /** @param {IncomingValue} value */
  static incomingValueConsumeAsync({ reading }) {
    return new BlobInput(reading);
  }

  size() {
    return this.reading.size;
  }
}

class StreamObjectNames {
  /** @param {string[]} names */
  constructor(names) {
    this.names = names;
  }

  /** @param {bigint} count */
  readStreamObjectNames(count) {
    const { length } = this.names;
    const most = count < length ? Number(count) : length;
    const read = this.names.splice(0, most);
    return [read, this.names.length === 0];
  }

  /** @param {bigint} count */
  skipStreamObjectNames(count) {
    const [read, isEnd] = this.readStreamObjectNames(count);
    return [BigInt(/** @type {string[]} */ (read).length), isEnd];
  }
}

class Container {
  /**
   * @param {Folder} folder
   * @param {string} name
   */
  constructor(folder, name) {
    this.folder = folder;
    this.called = name;
  }

  name() {
    return this.called;
  }

  info() {
    const found = attempt(() => this.folder.found(this.called));
    return { name: this.called, createdAt: seconds(found) };
  }

  /**
   * @param {string} object
   * @param {bigint} start
   * @param {bigint} end
   */
  getData(object, start, end) {
    if (start > end) {
      throw new WitError(`the range from ${start} to ${end} is empty`);
    }
    const { called, folder } = this;
    return new IncomingValue(
      attempt(() => folder.read(called, object, start, end)),
    );
  }

  /**
   * @param {string} object
   * @param {OutgoingValue} data
   */
  writeData(object, data) {
    if (data.target !== undefined) {
      throw new WitError("the value is written to another object already");
    }
    data.target = [this.called, object];
  }

  listObjects() {
    return new StreamObjectNames(
      attempt(() => this.folder.objects(this.called)),
    );
  }

  /** @param {string} object */
  deleteObject(object) {
    attempt(() => this.folder.delete(this.called, object));
  }

  /** @param {string[]} objects */
  deleteObjects(objects) {
    objects.forEach((object) => this.deleteObject(object));
  }

  /** @param {string} object */
  hasObject(object) {
    return attempt(() => this.folder.object(this.called, object)) !== undefined;
  }

  /** @param {string} name */
  objectInfo(name) {
    const container = this.called;
    const found = attempt(() => this.folder.foundObject(container, name));
    const size = BigInt(found.size);
    return { name, container, createdAt: seconds(found), size };
  }

  clear() {
    const names = attempt(() => this.folder.objects(this.called));
    this.deleteObjects(names);
  }
}

/** An object that is being written. */
class OutgoingValue {
  /** Where it goes: the container and the name. @type {[string, string] | undefined} */
  target;

  /** @param {Writing} writing */
  constructor(writing) {
    this.writing = writing;
  }

  [Symbol.dispose]() {
    this.writing.close();
  }

  outgoingValueWriteBody() {
    return new BlobOutput(this.writing);
  }

  /** @param {OutgoingValue} value */
  static finish({ target, writing }) {
    try {
      if (target === undefined) {
        throw new WitError("the value was not written to an object");
      }
      attempt(() => writing.end(...target));
    } finally {
      writing.close();
    }
  }
}

/**
 * @param {string} root
 * @returns {Folder}
 */
function opened(root) {
  if (!fs.statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new LinkError(
      `\`${root}\` is granted as \`blobstore.root\`, and must be a directory`,
    );
  }
  return new Folder(fs.realpathSync(root));
}

/**
 * @param {Grants} grants
 * @param {Monitor} monitor
 * @returns {Record<string, Record<string, unknown>>}
 */
export function blobstore({ blobstore: { root } }, monitor) {
  const folder = root === undefined ? undefined : opened(root);
  const granted = () => {
    if (folder === undefined) {
      monitor.denied("keep blobs in containers", "blobstore.root");
      throw new WitError("access denied");
    }
    return folder;
  };
  const get = (/** @type {string} */ name) => {
    const folder = granted();
    attempt(() => folder.found(name));
    return new Container(folder, name);
  };
  const copyObject = (
    /** @type {ObjectId} */ from,
    /** @type {ObjectId} */ to,
  ) => {
    const folder = granted();
    attempt(() => folder.copy(from, to));
  };
  return {
    "wasi:blobstore/blobstore": {
      createContainer(/** @type {string} */ name) {
        const folder = granted();
        const place = folder.place(name);
        if (look(place) !== undefined) {
          throw new WitError(`there is a container \`${name}\` already`);
        }
        attempt(() => fs.mkdirSync(place));
        return new Container(folder, name);
      },
      getContainer: get,
      deleteContainer(/** @type {string} */ name) {
        const place = granted().place(name);
        if (look(place)?.isDirectory()) {
          attempt(() => fs.rmSync(place, { recursive: true, force: true }));
        }
      },
      containerExists: (/** @type {string} */ name) =>
        look(granted().place(name))?.isDirectory() ?? false,
      copyObject,
      moveObject(/** @type {ObjectId} */ from, /** @type {ObjectId} */ to) {
        copyObject(from, to);
        if (from.container !== to.container || from.object !== to.object) {
          attempt(() => granted().delete(from.container, from.object));
        }
      },
    },
    "wasi:blobstore/container": { Container, StreamObjectNames },
    "wasi:blobstore/types": {
      IncomingValue,
      OutgoingValue: class extends OutgoingValue {
        static newOutgoingValue() {
          if (folder === undefined) {
            // The function has no error.
            throw monitor.refused("keep blobs in containers", "blobstore.root");
          }
          return new this(new Writing(folder));
        }
      },
    },
  };
}
