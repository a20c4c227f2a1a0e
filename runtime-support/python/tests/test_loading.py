"""Tests of the repair of the modules that componentize-py makes."""

import enum
import importlib
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from witgen_guest import loading

SOURCE = """
from enum import Flag, Enum, auto
from dataclasses import dataclass
from typing import Protocol, Union

class Nothing(Protocol):

class Enum(Enum):
    A = 0

class Color(Enum):
    RED = 0

class Flag(Flag):
    A = auto()

class More(Flag):
    B = auto()

@dataclass
class Union:
    value: int

@dataclass
class Shape_Circle:
    value: int

Shape = Union[Shape_Circle, Union]
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[types.ModuleType]:
    """Make the modules of a component."""
    package = tmp_path / "wit_world"
    for path, source in [
        (package / "__init__.py", ""),
        (package / "exports" / "__init__.py", "syntax error"),
        (package / "exports" / "a_b_types.py", SOURCE),
    ]:
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
    sys.path.insert(0, str(tmp_path))
    importlib.invalidate_caches()
    found = loading.find("exports.a_b_types")
    assert found is not None
    yield found
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("wit_world")]:
        del sys.modules[name]


def test_modules_that_python_refuses_are_repaired(world: types.ModuleType) -> None:
    made = vars(world)
    assert made["Nothing"].__name__ == "Nothing"
    assert issubclass(made["Color"], enum.Enum)
    assert list(made["Color"].__members__) == ["RED"]
    assert issubclass(made["More"], enum.Flag)
    assert made["Shape"] == made["Shape_Circle"] | made["Union"]


def test_module_that_is_not_there_is_none(world: types.ModuleType) -> None:
    assert loading.find("imports.missing") is None


def test_name_of_a_stand_in_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    names = types.ModuleType("_witgen_names")
    setattr(names, "IMPORTS", {"left": "a_b_named_left"})
    monkeypatch.setattr(loading, "_names", names)
    assert loading.place("imports.left") == "imports.a_b_named_left"
    assert loading.place("exports.left") == "exports.left"
    assert loading.place("left") == "left"
