// An open file, and the streams that read and write it.

import { WitError } from "../errors.js";
import { FiniteInput, IoError, OutputStream } from "../streams.js";
import { fs } from "./builtins.js";
import { coded } from "./directory.js";

/** How much is read at once. */
const MOST = 2 ** 20;

/** An open file, which is closed when nothing refers to it any more. */
export class File {
  references = 1;

  /** @param {number} fd */
  constructor(fd) {
    this.fd = fd;
  }

  shared() {
    this.references += 1;
    return this;
  }

  close() {
    this.references -= 1;
    if (this.references === 0) {
      fs.closeSync(this.fd);
    }
  }
}

/** An error of a stream of a file, with the code of WASI. */
export class FileError extends IoError {}

export class FileInput extends FiniteInput {
  /**
   * @param {File} file
   * @param {bigint} offset
   */
  constructor(file, offset) {
    let at = offset;
    super((length) => {
      const bytes = streamed(() => readAt(file.fd, length, at));
      at += BigInt(bytes.length);
      return bytes;
    });
    this.file = file;
  }

  [Symbol.dispose]() {
    this.file.close();
  }
}

export class FileOutput extends OutputStream {
  /**
   * @param {File} file
   * @param {bigint | undefined} offset Without one, all goes to the end.
   */
  constructor(file, offset) {
    super();
    this.file = file;
    this.offset = offset;
  }

  [Symbol.dispose]() {
    this.file.close();
  }

  /**
   * @override
   * @param {Uint8Array} bytes
   */
  write(bytes) {
    const { fd } = this.file;
    streamed(() => {
      const at = this.offset ?? fs.fstatSync(fd, { bigint: true }).size;
      let done = 0;
      while (done < bytes.length) {
        const left = bytes.length - done;
        done += fs.writeSync(fd, bytes, done, left, Number(at) + done);
      }
    });
    if (this.offset !== undefined) {
      this.offset += BigInt(bytes.length);
    }
  }
}

/**
 * @template T
 * @param {() => T} use
 * @returns {T}
 */
export function attempt(use) {
  try {
    return use();
  } catch (error) {
    throw coded(error);
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
    return attempt(use);
  } catch (error) {
    if (error instanceof WitError && typeof error.payload === "string") {
      const val = new FileError(error.payload);
      throw new WitError({ tag: "last-operation-failed", val });
    }
    throw error;
  }
}

/**
 * @param {number} fd
 * @param {bigint} length
 * @param {bigint} offset
 * @returns {Uint8Array}
 */
export function readAt(fd, length, offset) {
  const bytes = new Uint8Array(length < MOST ? Number(length) : MOST);
  const count = attempt(() =>
    fs.readSync(fd, bytes, 0, bytes.length, Number(offset)),
  );
  return bytes.subarray(0, count);
}
