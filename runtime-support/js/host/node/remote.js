// What belongs to the thread that waits for the network, as the thread of the component sees it.

import { Pollable, monotonic, poll } from "../streams.js";
import { fs, threads } from "./builtins.js";

/** What a name is here, which keeps bundlers from taking the file for a script of a page. */
const WORKER = "./worker.js";

/**
 * @typedef {object} Thread
 * @property {import("node:worker_threads").MessagePort} port
 * @property {Int32Array} signal Counts what the other thread has sent.
 * @property {number} seen
 */

/** There is one for all components of a thread, from the first need on. @type {Thread | undefined} */
let thread;

/** @returns {Thread} */
function running() {
  if (thread === undefined) {
    const file = new URL(/* @vite-ignore */ WORKER, import.meta.url);
    if (file.protocol !== "file:" || !fs.existsSync(file)) {
      throw new Error(
        `${file} is missing: sockets and HTTP need it beside this module, also in a bundle`,
      );
    }
    const signal = new Int32Array(new SharedArrayBuffer(4));
    const { port1: port, port2 } = new threads.MessageChannel();
    const worker = new threads.Worker(file, {
      workerData: { port: port2, signal },
      transferList: [port2],
      execArgv: [],
    });
    // A program may end while sockets are open.
    worker.unref();
    port.unref();
    thread = { port, signal, seen: 0 };
  }
  return thread;
}

/** Things of the other thread, by their numbers. @type {Map<number, WeakRef<Remote>>} */
const remotes = new Map();
let last = 0;

/** Ends what belonged to an instance that ended before it. @type {FinalizationRegistry<number>} */
const forgotten = new FinalizationRegistry(end);

/** @param {number} id */
function end(id) {
  remotes.delete(id);
  thread?.port.postMessage([id, "close"]);
}

/** Something that is open in the other thread. */
export class Remote {
  /** @param {number} [id] Of something that came from there. */
  constructor(id) {
    if (id === undefined) {
      last += 2;
    }
    this.id = id ?? last;
    remotes.set(this.id, new WeakRef(this));
    forgotten.register(this, this.id, this);
  }

  /**
   * @param {string} operation
   * @param {any[]} values
   */
  tell(operation, ...values) {
    running().port.postMessage([this.id, operation, ...values]);
  }

  /**
   * @param {string} event
   * @param {any[]} values
   */
  on(event, ...values) {
    void event;
    void values;
  }

  close() {
    forgotten.unregister(this);
    end(this.id);
  }
}

/** Takes what the other thread has sent. */
export function receive() {
  if (thread === undefined) {
    return;
  }
  const { port, signal } = thread;
  thread.seen = Atomics.load(signal, 0);
  let got = threads.receiveMessageOnPort(port);
  while (got !== undefined) {
    const [id, event, ...values] = got.message;
    remotes
      .get(id)
      ?.deref()
      ?.on(event, ...values);
    got = threads.receiveMessageOnPort(port);
  }
}

/**
 * Waits for the other thread.
 *
 * @param {bigint | undefined} until At most.
 */
function sleep(until) {
  const { signal, seen } = running();
  const left =
    until === undefined ? Infinity : Number(until - monotonic()) / 1e6;
  Atomics.wait(signal, 0, seen, left);
}

/**
 * The function of `wasi:io/poll`.
 *
 * @param {Pollable[]} pollables
 */
export function pollAll(pollables) {
  return poll(pollables, sleep);
}

/** Something that the other thread makes ready. */
export class Awaited extends Pollable {
  /** @param {() => boolean} isReady */
  constructor(isReady) {
    super();
    /** @type {bigint | undefined} */
    this.when = undefined;
    this.isReady = isReady;
  }

  /** @override */
  ready() {
    receive();
    return this.isReady();
  }

  /** @override */
  block() {
    pollAll([this]);
  }
}

/**
 * Waits until something has come.
 *
 * @param {() => boolean} isReady
 */
export function until(isReady) {
  new Awaited(isReady).block();
}
