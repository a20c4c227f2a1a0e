"""Measures calls in Python: `bench.py MODULE COMPONENT ROUNDS`, run by `cargo xtask bench python-host`.

It prints JSON: the operations, each with its nanoseconds.
Times are CPU times of the calling thread, which other work on the machine disturbs less than the
clock: medians of several rounds, each the mean of as many calls as fit into it.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import timeit
from importlib import import_module
from time import thread_time

ROUND = 0.03


def measure(statement: str, used: dict[str, object], rounds: int) -> float:
    """Return the nanoseconds of a call."""
    gc.collect()
    timer = timeit.Timer(statement, timer=thread_time, globals=used)
    once = max(timer.timeit(1), 1e-7)
    if once > 1:
        return once * 1e9
    count = max(1, min(100_000, int(ROUND / once)))
    return statistics.median(timer.repeat(rounds, count)) / count * 1e9


def main() -> None:
    """Measure all operations of a module."""
    _, module, component, rounds = sys.argv
    statements, used = import_module(module).operations(component)
    print(json.dumps([(title, measure(text, used, int(rounds))) for title, text in statements.items()]))


if __name__ == "__main__":
    main()
