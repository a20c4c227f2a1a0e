"""The interface `test:torture/hidden@1.2.3`."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from . import _witgen

__all__ = [
    "Color",
    "Enum_",
    "Flag_",
    "More",
    "Shape",
    "ShapeCircle",
    "ShapeNone",
    "ShapeSquare",
    "Union",
    "echo_color",
    "echo_more",
    "echo_shape",
]


class Enum_(enum.Enum):
    """These hide what later types are made with."""

    A = 0
    B = 1


class Color(enum.Enum):
    """The enum `color`."""

    RED = 0
    GREEN = 1


class Flag_(enum.Flag, boundary=enum.CONFORM):
    """The flags `flag`."""

    C = 1 << 0
    D = 1 << 1


class More(enum.Flag, boundary=enum.CONFORM):
    """The flags `more`."""

    E = 1 << 0
    F = 1 << 1


@dataclass(slots=True)
class Union:
    """The record `union`."""

    value: int


@dataclass(slots=True)
class ShapeCircle:
    """The case `circle` of `Shape`."""

    value: int


@dataclass(slots=True)
class ShapeSquare:
    """The case `square` of `Shape`."""

    value: Union


@dataclass(slots=True)
class ShapeNone:
    """The case `none` of `Shape`."""


Shape: TypeAlias = ShapeCircle | ShapeSquare | ShapeNone


_witgen_check_enum = _witgen.enumeration(Enum_)
_witgen_check_color = _witgen.enumeration(Color)
_witgen_check_flag = _witgen.flags(Flag_)
_witgen_check_more = _witgen.flags(More)
_witgen_check_union = _witgen.record(Union, value=_witgen.u32)
_witgen_check_shape = _witgen.variant(
    "Shape",
    {ShapeCircle: _witgen.u32, ShapeSquare: _witgen_check_union, ShapeNone: None},
)
_witgen_call_echo_color: Callable[..., Color] = _witgen.imported(
    "imports.test_torture_hidden_1_2_3",
    "echo_color",
)
_witgen_call_echo_more: Callable[..., More] = _witgen.imported(
    "imports.test_torture_hidden_1_2_3",
    "echo_more",
)
_witgen_call_echo_shape: Callable[..., Shape] = _witgen.imported(
    "imports.test_torture_hidden_1_2_3",
    "echo_shape",
)


def echo_color(value: Color) -> Color:
    return _witgen_call_echo_color(_witgen_check_color(value, "`value`"))


def echo_more(value: More) -> More:
    return _witgen_call_echo_more(_witgen_check_more(value, "`value`"))


def echo_shape(value: Shape) -> Shape:
    return _witgen_call_echo_shape(_witgen_check_shape(value, "`value`"))
