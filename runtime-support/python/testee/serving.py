"""How host programs of the conformance suite answer requests."""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from witgen_runtime import Trap

REFUSALS = (TypeError, ValueError, OverflowError)


def wrong(function: Callable[[Any], Any], argument: object, good: object) -> str | None:
    """Say what is not as it should be when a wrong argument is given, and then a good one."""
    try:
        function(argument)
    except REFUSALS as error:
        if "`" not in str(error):
            return f"the error does not say where: {error}"
    else:
        return f"{repr(argument)[:200]} was accepted"
    function(good)
    return None


def serve(
    load: Callable[[str], Any],
    run: Callable[[Any, int, int, int], str | None],
    call: Callable[[Any, int], str | None],
    misuse: Callable[[Any, int], str | None] | None = None,
) -> None:
    """Answer the requests on stdin; a trap ends the instance."""
    verbs = {"run": run, "call": call, "misuse": misuse}
    path = sys.argv[1]
    app = load(path)
    said = Said()
    for line in sys.stdin:
        verb, *numbers = line.split()
        function = verbs[verb]
        if function is None:
            answer = {"ended": "skipped", "text": "it has no arguments of its own"}
        else:
            if app is None:
                app = load(path)
            try:
                answer = ended(function(app, *map(int, numbers)))
            except Trap as trap:
                app = None
                answer = {"ended": "trap", "text": trapped(trap, said)}
            except REFUSALS as error:
                answer = {
                    "ended": "different",
                    "text": f"{type(error).__name__}: {error}",
                }
        said.pass_on()
        print(json.dumps(answer), flush=True)


def ended(difference: str | None) -> dict[str, str]:
    """Return the answer for what a function found."""
    if difference is None:
        return {"ended": "well"}
    return {"ended": "different", "text": difference}


def trapped(trap: Trap, said: "Said") -> str:
    """Return the message of a trap, with its cause and what the guest wrote."""
    cause = [] if trap.__cause__ is None else [repr(trap.__cause__)]
    return "\n".join([str(trap), *cause, said.text()]).strip()


class Said:
    """What was written to stderr since the last request."""

    def __init__(self) -> None:
        """Send stderr to a file from now on, except what Python itself writes."""
        self.real = os.dup(2)
        sys.stderr = os.fdopen(self.real, "w", buffering=1, closefd=False)
        self.file = tempfile.TemporaryFile()  # noqa: SIM115
        os.dup2(self.file.fileno(), 2)

    def text(self) -> str:
        """Return it."""
        size = os.fstat(self.file.fileno()).st_size
        return os.pread(self.file.fileno(), size, 0).decode(errors="replace")

    def pass_on(self) -> None:
        """Write it to where stderr went before, and forget it."""
        if os.fstat(self.file.fileno()).st_size == 0:
            return
        os.write(self.real, self.text().encode())
        os.ftruncate(self.file.fileno(), 0)
        os.lseek(self.file.fileno(), 0, os.SEEK_SET)
