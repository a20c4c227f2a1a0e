"""Lets the probe act with the grants of a file, as `witgen run` does."""

import json
import sys

import bindings
from bindings import ActError
from witgen_runtime import Trap

# The world that the bindings are for.
WORLD = next(getattr(bindings, name) for name in ("Probe", "Packages") if hasattr(bindings, name))


def main(component: str, grants: str, *words: str) -> int:
    try:
        with WORLD.load(component, grants=grants) as probe:
            found = probe.act(list(words))
    except ActError as error:
        print(f"err({json.dumps(error.payload, ensure_ascii=False)})")
    except Trap as trap:
        print(f"error[trap]: {trap}", file=sys.stderr)
        return 1
    else:
        print(f"ok({json.dumps(found, ensure_ascii=False)})")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
