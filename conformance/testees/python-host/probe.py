"""Lets the probe act with the grants of a file, as `witgen run` does."""

import json
import sys

from bindings import ActError, Probe
from witgen_runtime import Trap


def main(component: str, grants: str, *words: str) -> int:
    try:
        with Probe.load(component, grants=grants) as probe:
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
