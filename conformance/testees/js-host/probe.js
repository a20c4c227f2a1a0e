// Lets a component try things that need grants: the folder of its plan, the grants as JSON, and what to try.

import { writeSync } from "node:fs";

import { Trap, WitError, instantiate } from "./bindings/index.js";

const [, , folder = "", grants = "{}", ...words] = process.argv;

/** @param {unknown} value */
function say(value) {
  writeSync(1, `${value}\n`);
}

try {
  const app = await instantiate(folder, {}, { grants: JSON.parse(grants) });
  say(`ok(${JSON.stringify(app.act(words))})`);
} catch (error) {
  if (error instanceof WitError) {
    say(`err(${JSON.stringify(error.payload)})`);
  } else if (error instanceof Trap) {
    writeSync(2, `error[trap]: ${error.message}\n`);
  } else {
    throw error;
  }
}
