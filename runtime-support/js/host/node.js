// What is for programs in Node alone.

export { requestListener } from "./node/listener.js";
export { MemoryStore } from "./node/stores.js";
