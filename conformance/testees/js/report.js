/** What came back different, a line each. */
export class Report {
  /** @type {string[]} */
  lines = [];

  /**
   * @template T
   * @param {string} what
   * @param {T} got
   * @param {T} wanted
   */
  same(what, got, wanted) {
    if (!equal(got, wanted)) {
      this.lines.push(`${what}: got ${show(got)}, wanted ${show(wanted)}`);
    }
  }

  /**
   * @param {string} what
   * @param {string} name The class of the error.
   * @param {() => unknown} call
   * @returns {unknown} What it threw.
   */
  throws(what, name, call) {
    try {
      const got = call();
      this.lines.push(`${what}: got ${show(got)}, wanted a ${name}`);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== name) {
        this.lines.push(`${what}: threw ${error}, wanted a ${name}`);
      }
      return error;
    }
    return undefined;
  }

  /**
   * Wants the error case of a `result`.
   *
   * @param {string} what
   * @param {unknown} payload
   * @param {() => unknown} call
   */
  fails(what, payload, call) {
    const error = this.throws(what, "WitError", call);
    if (error instanceof Error && "payload" in error) {
      this.same(what, error.payload, payload);
    }
  }
}

/**
 * @param {unknown} got
 * @param {unknown} wanted
 * @returns {boolean}
 */
function equal(got, wanted) {
  if (!isObject(got) || !isObject(wanted)) {
    return Object.is(got, wanted);
  }
  if (got.constructor !== wanted.constructor) {
    return false;
  }
  if (got instanceof Map && wanted instanceof Map) {
    const same = [...got].every(([key, value]) =>
      equal(value, wanted.get(key)),
    );
    return got.size === wanted.size && same;
  }
  // A property that is there but undefined counts as one that is not.
  const keys = new Set([...Object.keys(got), ...Object.keys(wanted)]);
  const lengths = Reflect.get(got, "length") === Reflect.get(wanted, "length");
  return lengths && [...keys].every((key) => equal(got[key], wanted[key]));
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null;
}

/** @param {unknown} value */
function show(value) {
  const text = JSON.stringify(value, (_key, part) => {
    if (typeof part === "bigint") {
      return `${part}n`;
    }
    return part instanceof Map ? [...part] : part;
  });
  return text ?? String(value);
}
