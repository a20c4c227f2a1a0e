"""A plugin: a component, what it is granted, and what becomes of a call."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bindings import Imports, Plugin, filters
from witgen_runtime import Component, Error

Stamp = tuple[tuple[int, int] | None, ...]


def stamp(path: Path) -> Stamp:
    """Return when a component and its grants were written, by which a change is noticed."""
    files = (path, path.with_suffix(".toml"))
    stats = [file.stat() if file.exists() else None for file in files]
    return tuple(stat and (stat.st_mtime_ns, stat.st_size) for stat in stats)


def first_line(error: Exception) -> str:
    """Return what has happened; where in the component it did so follows."""
    return str(error).splitlines()[0]


class Loaded:
    """A component that was compiled, with its grants."""

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        self._grants = _grants(path.with_suffix(".toml"))
        self._logger = _Logger(path.stem, say)
        limits = self._grants.get("limits", {})
        # Code that can be stopped is a little slower.
        self._component = Component.load(
            path, interruptible="deadline" in limits, metered="fuel" in limits
        )

    def apply(self, image: bytes, options: filters.Options) -> str:
        """Run it in an instance of its own, and say what came of it."""
        try:
            imports = Imports(logger=self._logger)
            with Plugin.load(self._component, imports, grants=self._grants) as plugin:
                return str(list(plugin.filters.filter(image, options)))
        except filters.FilterWitError as error:
            match error.payload:
                case filters.FilterErrorRagged(pixels):
                    return f"{pixels} pixels are left over"
                case filters.FilterErrorUnsupported(reason):
                    return f"cannot do it: {reason}"
        except (Error, OSError, ValueError) as error:
            return f"stopped: {first_line(error)}"


class _Logger:
    """What a plugin logs goes to stdout, after its name."""

    def __init__(self, name: str, say: Callable[[str], None]) -> None:
        self._name = name
        self._say = say

    def log(self, message: str) -> None:
        self._say(f"{self._name}: {message}")


def _grants(file: Path) -> dict[str, Any]:
    """Read a grants file; without one, nothing is granted."""
    grants = tomllib.loads(file.read_text()) if file.exists() else {}
    # Its paths are relative to it, those of a dict to the working directory.
    for directory in grants.get("filesystem", {}).values():
        directory["host"] = str(file.parent / directory["host"])
    return grants
