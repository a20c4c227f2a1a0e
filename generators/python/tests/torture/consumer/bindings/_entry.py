"""Adapts an application to what the run time of componentize-py expects."""

from types import ModuleType

from . import _witgen
from .handles import Owner, Token
from .hidden import (
    Color,
    Enum_,
    Flag_,
    More,
    ShapeCircle,
    ShapeNone,
    ShapeSquare,
    Union,
)

__all__ = ["adapt"]


def adapt(app: ModuleType) -> dict[str, object]:
    """Return what componentize-py looks for, made of the classes of `app`."""
    _witgen.bind(
        "test_torture_hidden_1_2_3",
        {
            "Enum": Enum_,
            "Color": Color,
            "Flag": Flag_,
            "More": More,
            "Union": Union,
            "Shape_Circle": ShapeCircle,
            "Shape_Square": ShapeSquare,
            "Shape_None": ShapeNone,
        },
    )
    _witgen.bind("test_torture_handles_1_2_3", {"Token": Token, "Owner": Owner})
    return {
        "WitWorld": _witgen.exported(
            app,
            "WitWorld",
            "the world `test:torture/consumer@1.2.3`",
            _witgen.method("run", "run", ok=_witgen.list_of(_witgen.string)),
        ),
    }
