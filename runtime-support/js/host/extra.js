// What `load` brings in for components that need it: handles, strings that are not in UTF-8, what joins two components,
// and imports beyond the world of the bindings.

import { imported } from "./functions.js";
import { callable } from "./given.js";
import { Resources } from "./handles.js";
import { Place } from "./place.js";
import { flagsOf, trampolines } from "./trampolines.js";
import { Imports } from "./imports.js";
import { typesOf } from "./types.js";
import * as wide from "./wide.js";

export {
  Imports,
  Place,
  Resources,
  callable,
  flagsOf,
  imported,
  trampolines,
  typesOf,
  wide,
};
