import { log } from "./bindings/example/plugins/logger.js";
import { WitError } from "./bindings/errors.js";

/** @type {import("./bindings/exports.js").Exports} */
export default {
  filters: {
    filter(image, { width }) {
      const ragged = width === 0 ? image.length : image.length % width;
      if (ragged !== 0) {
        throw new WitError({ tag: "ragged", val: ragged });
      }
      log(`mirrored ${image.length / width} rows`);
      const mirrored = new Uint8Array(image.length);
      for (let start = 0; start < image.length; start += width) {
        mirrored.set(image.slice(start, start + width).reverse(), start);
      }
      return mirrored;
    },
  },
};
