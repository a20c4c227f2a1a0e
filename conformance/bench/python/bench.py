"""Compares the Python host with typed calls in Rust and with wasmtime-py.

Usage, from the root of the repository, with `witgen_runtime` (and `wasmtime`) importable:

    cargo build --release -p witgen-python-runtime --example native
    python conformance/bench/python/bench.py --native target/release/examples/native -o bench.json

Times are CPU times of the calling thread, which other work on the machine disturbs less than the
clock: medians of several rounds, each the mean of as many calls as fit into it.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import time
import timeit
from pathlib import Path

HERE = Path(__file__).parent
ROUND = 0.03


def measure(statement: str, used: dict[str, object], rounds: int) -> float:
    """Return the nanoseconds of a call."""
    timer = timeit.Timer(statement, timer=time.thread_time, globals=used)
    once = max(timer.timeit(1), 1e-7)
    if once > 1:
        return once * 1e9
    count = max(1, min(100_000, int(ROUND / once)))
    return statistics.median(timer.repeat(rounds, count)) / count * 1e9


def run(name: str, path: str, rounds: int) -> dict[str, float]:
    """Measure all operations of a module."""
    try:
        statements, used = __import__(name).operations(path)
    except ImportError as error:
        print(f"skipped {name}: {error}", file=sys.stderr)
        return {}
    results = {}
    for title, statement in statements.items():
        gc.collect()
        results[title] = measure(statement, used, rounds)
    return results


def shown(nanoseconds: float | None) -> str:
    """Return a time as people read it."""
    if nanoseconds is None:
        return "-"
    for unit, size in (("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:,.2f} {unit}"
    return f"{nanoseconds:.0f} ns"


def main() -> None:
    """Print a table, and write JSON when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--native", help="the program that measures typed calls in Rust")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    path = str(HERE / "calls.wat")
    native = {}
    if arguments.native:
        done = subprocess.run([arguments.native, path], capture_output=True, text=True, check=True)
        native = json.loads(done.stdout)
    ours = run("ours", path, arguments.rounds)
    theirs = run("theirs", path, arguments.rounds)
    rows = []
    print(
        f"| {'operation':28} | {'witgen':>10} | {'Rust':>10} | ratio | {'wasmtime-py':>12} | {'ratio':>7} |"
    )
    print("|---|---|---|---|---|---|")
    for title, time_ in ours.items():
        rust, other = native.get(title), theirs.get(title)
        to_rust = f"{time_ / rust:.2f}" if rust else "-"
        to_other = f"{other / time_:,.0f}" if other else "-"
        print(
            f"| {title:28} | {shown(time_):>10} | {shown(rust):>10} | {to_rust:>5} "
            f"| {shown(other):>12} | {to_other:>7} |"
        )
        rows.append({"operation": title, "witgen": time_, "rust": rust, "wasmtime-py": other})
    if arguments.output:
        machine = {"cpus": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
        arguments.output.write_text(
            json.dumps({"version": 1, "machine": machine, "rows": rows}, indent=2) + "\n"
        )


if __name__ == "__main__":
    main()
