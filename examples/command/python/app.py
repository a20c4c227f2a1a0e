"""Counts the words of the files in "/texts", and of the standard input."""

import os
import sys
from pathlib import Path

from bindings import exports, run


class Run(exports.Run):
    def run(self) -> None:
        print(os.environ.get("TITLE", ""))
        try:
            for path in sorted(Path("/texts").iterdir()):
                print(f"{path.name}: {len(path.read_text().split())}")
        except OSError as error:
            print(f"cannot read /texts: {error}", file=sys.stderr)
            raise run.RunError from error
        print(f"input: {len(sys.stdin.read().split())}")
