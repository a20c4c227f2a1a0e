// How host programs of the conformance suite answer requests.

import { createInterface } from "node:readline";

import { ArgumentError, Trap } from "../host/runtime.js";
import { wasi } from "../host/wasi.js";

/** @import { Linked } from "../host/plan.js" */
/** @typedef {(app: any, ...numbers: number[]) => string | undefined} Verb */

/**
 * Says what is not as it should be when a wrong argument is given, and then a good one.
 *
 * @param {(value: any) => unknown} call
 * @param {unknown} wrong
 * @param {unknown} good
 * @returns {string | undefined}
 */
export function refused(call, wrong, good) {
  try {
    call(wrong);
    return "the argument was accepted";
  } catch (error) {
    if (!(error instanceof ArgumentError)) {
      throw error;
    }
    if (error.path === "" || error.function === "") {
      return `the error does not say where: ${error.message}`;
    }
  }
  call(good);
  return undefined;
}

/** What components write to stderr and stdout. */
export class Said {
  /** @type {string[]} */
  #parts = [];
  #decoder = new TextDecoder();

  /** What instances are given for WASI. */
  interfaces() {
    const keep = (/** @type {Uint8Array} */ bytes) =>
      void this.#parts.push(this.#decoder.decode(bytes));
    return wasi({ stdout: keep, stderr: keep });
  }

  text() {
    return this.#parts.join("");
  }

  /** Writes it to stderr, and forgets it. */
  passOn() {
    process.stderr.write(this.text());
    this.#parts = [];
  }
}

/**
 * The message of a trap, with its cause and what the component wrote.
 *
 * @param {Trap} trap
 * @param {Said} said
 */
export function trapText({ message, cause }, said) {
  const reason = cause === undefined ? "" : `\n${cause}`;
  return `${message}${reason}\n${said.text()}`;
}

/**
 * Answers the requests on stdin; a trap ends the instance.
 *
 * @param {(location: string) => Promise<Linked>} load
 * @param {(linked: Linked, options: object) => any} instantiate
 * @param {Record<string, Verb>} verbs
 */
export async function serve(load, instantiate, verbs) {
  const said = new Said();
  const interfaces = said.interfaces();
  const linked = await load(process.argv[2] ?? "");
  /** @type {any} */
  let app = instantiate(linked, { interfaces });
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb = "", ...numbers] = line.split(" ");
    const run = verbs[verb];
    let answer;
    if (run === undefined) {
      answer = { ended: "skipped", text: "it has no arguments of its own" };
    } else {
      app ??= instantiate(linked, { interfaces });
      answer = outcome(() => run(app, ...numbers.map(Number)), said);
      if (answer.ended === "trap" || answer.ended === "failed") {
        app = undefined;
      }
    }
    said.passOn();
    const { ended, text } = answer;
    const shown = ended === "failed" ? "different" : ended;
    process.stdout.write(`${JSON.stringify({ ended: shown, text })}\n`);
  }
}

/**
 * @param {() => string | undefined} run
 * @param {Said} said
 * @returns {{ ended: string, text?: string }}
 */
function outcome(run, said) {
  try {
    const text = run();
    return text === undefined
      ? { ended: "well" }
      : { ended: "different", text };
  } catch (error) {
    if (error instanceof Trap) {
      return { ended: "trap", text: trapText(error, said) };
    }
    return { ended: "failed", text: String(error) };
  }
}
