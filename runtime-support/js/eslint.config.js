import js from "@eslint/js";

const globals = {
  Buffer: "readonly",
  FinalizationRegistry: "readonly",
  TextDecoder: "readonly",
  TextEncoder: "readonly",
  URL: "readonly",
  WebAssembly: "readonly",
  clearTimeout: "readonly",
  console: "readonly",
  crypto: "readonly",
  fetch: "readonly",
  performance: "readonly",
  process: "readonly",
  setTimeout: "readonly",
};

export default [{ ...js.configs.recommended, languageOptions: { globals } }];
