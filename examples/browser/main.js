// Loads a component in Rust and one in Python, and lets both work on what is typed.

import { instantiate } from "./bindings/index.js";
import { MemoryFiles, wasi } from "./bindings/wasi.js";

const text = /** @type {HTMLTextAreaElement} */ (
  document.querySelector("#text")
);
const results = /** @type {HTMLElement} */ (document.querySelector("#results"));

/** @param {string} language */
async function show(language) {
  const name = document.createElement("dt");
  const value = document.createElement("dd");
  name.textContent = language;
  value.textContent = "loading";
  results.append(name, value);
  try {
    // Both toolchains give their components WASI, though the world has none.
    const interfaces = wasi({ files: new MemoryFiles() });
    const app = await instantiate(`components/${language}`, {}, { interfaces });
    const update = () => {
      value.textContent = app.processData(text.value);
    };
    text.addEventListener("input", update);
    update();
  } catch (error) {
    value.textContent = String(error);
  }
}

await Promise.all([show("rust"), show("python")]);
results.dataset.state = "loaded";
