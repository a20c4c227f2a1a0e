// @ts-nocheck
export * from "./guest/index.js";
