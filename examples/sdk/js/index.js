// Slugs and measures of texts.

import { instantiate } from "./bindings/index.js";

const component = new URL("./bindings/component/", import.meta.url);
const { text } = await instantiate(component);

export const { slug, measure } = text;
export { WitError } from "./bindings/index.js";
