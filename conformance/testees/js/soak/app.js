import { bytes, rows, text } from "./bindings/witgen/testees/source.js";

/** @typedef {import("./bindings/witgen/testees/source.js").Row} Row */

let live = 0;

class Session {
  /** @type {Row[]} */
  #rows = [];
  #fed = 0;
  #name;

  /** @param {string} name */
  constructor(name) {
    this.#name = name;
    live += 1;
  }

  /** @param {Row[]} rows */
  feed(rows) {
    this.#rows = rows;
    this.#fed += rows.length;
    return this.#fed;
  }

  /** @returns {[string, Row[]]} */
  state() {
    return [this.#name, this.#rows];
  }

  [Symbol.dispose]() {
    live -= 1;
  }
}

/** @type {import("./bindings/exports.js").Exports} */
export default {
  sessions: { Session, live: () => live },
  echo: (text) => text,
  draw(size) {
    const drawn = rows(Math.trunc(size / 100));
    let sum = utf8Length(text(size));
    for (const byte of bytes(size)) {
      sum += byte;
    }
    for (const { id, values } of drawn) {
      sum += id + values.length;
    }
    return BigInt(sum);
  },
  echoRows: (rows) =>
    rows.map(({ id, name, values }) => ({ id, name, values: values.slice() })),
  // The engine has no timers: there is no other work that could go on.
  pause() {},
};

/** @param {string} text */
function utf8Length(text) {
  let length = text.length;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += Number(code > 0x7f) + Number(code > 0x7ff && code <= 0xffff);
  }
  return length;
}
