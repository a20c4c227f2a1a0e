import js from "@eslint/js";

const globals = {
  Buffer: "readonly",
  TextEncoder: "readonly",
  console: "readonly",
};

export default [{ ...js.configs.recommended, languageOptions: { globals } }];
