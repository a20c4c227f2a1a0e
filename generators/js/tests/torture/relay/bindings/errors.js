// @ts-nocheck
export { WitError } from "./_witgen/shared/errors.js";
