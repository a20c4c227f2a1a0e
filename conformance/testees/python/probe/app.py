"""Tries things that need grants."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bindings import ActError, exports


def reread(path: str, text: str, times: str) -> None:
    for _ in range(int(times)):
        try:
            found = Path(path).read_text()
        except OSError:
            continue
        if found != text:
            raise OSError(found)


def work() -> None:
    while True:
        pass


def allocate() -> None:
    everything: list[bytes] = []
    while True:
        everything.append(b"1" * 2**20)


def truncate(path: str) -> None:
    with Path(path).open("r+") as file:
        file.truncate(0)


def append(path: str) -> None:
    with Path(path).open("a") as file:
        file.write("more")


ACTS: dict[str, Callable[..., object]] = {
    "read": lambda path: Path(path).read_text(),
    "write": lambda path: Path(path).write_text("written"),
    "truncate": truncate,
    "append": append,
    "reread": reread,
    "list": lambda path: " ".join(sorted(os.listdir(path))),
    "remove": os.remove,
    "mkdir": os.mkdir,
    "link": os.link,
    "symlink": os.symlink,
    "rename": os.rename,
    "env": lambda name: os.environ[name],
    "variables": lambda: " ".join(os.environ),
    "measure": time.monotonic,
    "sleep": lambda milliseconds: time.sleep(int(milliseconds) / 1000),
    "date": time.time,
    "random": lambda: os.urandom(8),
    "output": lambda text: sys.stdout.write(text) and sys.stdout.flush(),
    "work": work,
    "allocate": allocate,
    "complain": lambda text: sys.stderr.write(text) and sys.stderr.flush(),
}


class WitWorld(exports.WitWorld):
    def act(self, words: list[str]) -> str:
        verb, *rest = words
        if verb not in ACTS:
            raise ActError("no such verb")
        try:
            found = ACTS[verb](*rest)
        except (OSError, KeyError) as error:
            raise ActError(str(error)) from error
        return found if isinstance(found, str) else "done"
