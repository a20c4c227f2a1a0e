"""Bindings for `components/values.wat`, written by hand: each type of WIT, as functions."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

from witgen_runtime import WitError, bind


class Color(enum.Enum):
    RED = 0
    GREEN = 1
    BLUE = 2


class Rights(enum.Flag):
    READ = 1
    WRITE = 2
    RUN_IT = 4


@dataclass(slots=True)
class Point:
    x: int
    y_axis: float


@dataclass(slots=True)
class Line:
    sku: str
    qty: int


@dataclass(slots=True)
class Order:
    id: int
    lines: list[Line]


@dataclass(slots=True)
class ShapeCircle:
    value: float


@dataclass(slots=True)
class ShapeSquare:
    value: int


@dataclass(slots=True)
class ShapeNone:
    pass


Shape: TypeAlias = ShapeCircle | ShapeSquare | ShapeNone


class DivideError(WitError[str]):
    """The error of the function `divide`."""


COLOR = bind.enumeration(Color, ["red", "green", "blue"])
RIGHTS = bind.flags(Rights, ["read", "write", "run-it"])
POINT = bind.record(Point, {"x": bind.S32, "y-axis": bind.F64})
LINE = bind.record(Line, {"sku": bind.STRING, "qty": bind.U8})
ORDER = bind.record(Order, {"id": bind.U32, "lines": bind.list_of(LINE)})
SHAPE: bind.Type[Shape] = bind.variant(
    {
        "circle": (ShapeCircle, bind.F64),
        "square": (ShapeSquare, bind.U32),
        "none": (ShapeNone, None),
    }
)

_export = bind.Export(None)


def _echo(name: str, ty: bind.Type) -> object:
    return _export.function(name, {"value": ty}, ty)


nop = _export.function("nop", {}, None)
add = _export.function("add", {"left": bind.U32, "right": bind.U32}, bind.U32)
echo_bool = _echo("echo-bool", bind.BOOL)
echo_s8 = _echo("echo-s8", bind.S8)
echo_u8 = _echo("echo-u8", bind.U8)
echo_s16 = _echo("echo-s16", bind.S16)
echo_u16 = _echo("echo-u16", bind.U16)
echo_s32 = _echo("echo-s32", bind.S32)
echo_u32 = _echo("echo-u32", bind.U32)
echo_s64 = _echo("echo-s64", bind.S64)
echo_u64 = _echo("echo-u64", bind.U64)
echo_f32 = _echo("echo-f32", bind.F32)
echo_f64 = _echo("echo-f64", bind.F64)
echo_char = _echo("echo-char", bind.CHAR)
echo_string = _echo("echo-string", bind.STRING)
echo_bytes = _echo("echo-bytes", bind.list_of(bind.U8))
echo_numbers = _echo("echo-numbers", bind.list_of(bind.U32))
echo_floats = _export.function(
    "echo-floats",
    {"value": bind.list_of(bind.F64)},
    bind.list_of(bind.F64, view=True),
)
echo_words = _echo("echo-words", bind.list_of(bind.STRING))
echo_nested_list = _echo("echo-nested-list", bind.list_of(bind.list_of(bind.BOOL)))
echo_color = _echo("echo-color", COLOR)
echo_colors = _echo("echo-colors", bind.list_of(COLOR))
echo_rights = _echo("echo-rights", RIGHTS)
echo_point = _echo("echo-point", POINT)
echo_points = _echo("echo-points", bind.list_of(POINT))
echo_orders = _echo("echo-orders", bind.list_of(ORDER))
echo_tuple = _echo("echo-tuple", bind.tuple_of(bind.U8, bind.STRING))
echo_shape = _echo("echo-shape", SHAPE)
echo_option = _echo("echo-option", bind.option_of(bind.U32))
echo_nested_option = _echo("echo-nested-option", bind.option_of(bind.option_of(bind.U32)))
echo_results = _echo("echo-results", bind.list_of(bind.result_of(bind.U32, bind.STRING)))
echo_bare = _echo("echo-bare", bind.list_of(bind.result_of(None, None)))
echo_map = _echo("echo-map", bind.map_of(bind.STRING, bind.U32))
divide = _export.function(
    "divide",
    {"left": bind.U32, "right": bind.U32},
    bind.raises(bind.U32, bind.STRING, DivideError),
)
many = _export.function("many", dict.fromkeys("abcdefghijklmnopq", bind.U32), bind.U64)
trap = _export.function("trap", {}, None)
spin = _export.function("spin", {}, None)
recurse = _export.function("recurse", {}, None)
grow = _export.function("grow", {"pages": bind.U32}, bind.S32)
bad_string = _export.function("bad-string", {}, bind.STRING)
bad_pointer = _export.function("bad-pointer", {}, bind.list_of(bind.U8))
bad_char = _export.function("bad-char", {}, bind.CHAR)
bad_color = _export.function("bad-color", {}, COLOR)
wide_u8 = _export.function("wide-u8", {}, bind.U8)
wide_rights = _export.function("wide-rights", {}, RIGHTS)

WORLD = bind.World("test:values/values", imports=[], exports=[_export])
