"""The modules that componentize-py makes from the WIT, and how they are loaded.

Two things in them keep Python from running them, whatever a program does: the class of an
exported resource without functions has no body, and a type called `enum`, `flag` or `union`
hides what the types behind it are made with. Both are repaired while they are loaded.
"""

import importlib
import re
import sys
import types
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from typing import Any

__all__ = ["MAP_DEPTH", "WORLD", "find", "place", "repair"]

WORLD = "wit_world"

try:
    _names: types.ModuleType | None = importlib.import_module("_witgen_names")
except ImportError:
    _names = None

# How many tuples of one element are around each entry of a list that stands for a map.
MAP_DEPTH: int = getattr(_names, "MAP_DEPTH", 1)


def _stand_ins(side: str) -> dict[str, str]:
    return getattr(_names, side, {})


def place(path: str) -> str:
    """Return the module that stands for `path`, which starts with `imports.` or `exports.`."""
    side, _, name = path.partition(".")
    if not name:
        return path
    return f"{side}.{_stand_ins(side.upper()).get(name, name)}"


def repair(source: str) -> str:
    """Give every class a body, and take the bases from where no type hides them."""
    source = re.sub(r"^class .*:$", r"\g<0>\n    pass", source, flags=re.MULTILINE)
    source = re.sub(
        r"^(class \w+)\((Enum|Flag)\)",
        r"\1(_witgen_enum.\2)",
        source,
        flags=re.MULTILINE,
    )
    source = re.sub(
        r"^(\w+ = )Union\[", r"\1_witgen_typing.Union[", source, flags=re.MULTILINE
    )
    imports = "import enum as _witgen_enum, typing as _witgen_typing\n"
    return imports + source


class _Loader(SourceFileLoader):
    def source_to_code(  # type: ignore[override]
        self, data: Any, path: Any, *, _optimize: int = -1
    ) -> types.CodeType:
        text = bytes(data).decode()
        return super().source_to_code(repair(text).encode(), path)


class _Finder:
    @staticmethod
    def find_spec(
        name: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> ModuleSpec | None:
        if name.partition(".")[0] != WORLD:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


sys.meta_path.insert(0, _Finder)


def _skip_protocols() -> None:
    """Keep componentize-py's protocols from being run: a parameter `self` breaks them."""
    name = f"{WORLD}.exports"
    if name not in sys.modules:
        world = importlib.import_module(WORLD)
        exports = types.ModuleType(name)
        exports.__path__ = [f"{path}/exports" for path in world.__path__]
        sys.modules[name] = exports


def find(path: str) -> types.ModuleType | None:
    """Return the module at `path`, of the world itself for an empty one, if there is one."""
    name = f"{WORLD}.{place(path)}" if path else WORLD
    try:
        if path.startswith("exports."):
            _skip_protocols()
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and name.startswith(error.name):
            return None
        raise
