"""Bindings for `calls.wat`, as witgen generates them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self, TypeAlias

from witgen_runtime import Component, Resource, Some, WitError, bind

__all__ = [
    "Calls",
    "Counter",
    "DivideError",
    "Imports",
    "Row",
    "Shape",
    "ShapeCircle",
    "ShapeNone",
    "ShapeSquare",
]


@dataclass(slots=True)
class Row:
    """The record `row`."""

    id: int
    name: str
    score: float


@dataclass(slots=True)
class ShapeCircle:
    """The case `circle` of `Shape`."""

    value: float


@dataclass(slots=True)
class ShapeSquare:
    """The case `square` of `Shape`."""

    value: int


@dataclass(slots=True)
class ShapeNone:
    """The case `none` of `Shape`."""


Shape: TypeAlias = ShapeCircle | ShapeSquare | ShapeNone


class DivideError(WitError[str]):
    """The error of the function `divide`."""


class Counter(Resource):
    """The resource `counter`."""

    __slots__ = ()

    def __init__(self, calls: Calls, /, start: int) -> None:
        """Make a counter in the instance of `calls`."""
        super().__init__(_counter_new(calls._witgen_instance, start))

    def value(self) -> int:
        return _counter_value(self)


class Imports(Protocol):
    """What the component is given."""

    def scalar(self, left: int, right: int) -> int: ...

    def swap(self, text: str, data: bytes) -> tuple[str, bytes]: ...


class Calls:
    """A running component."""

    __slots__ = ("_witgen_instance",)

    def __init__(self, _witgen_instance: bind.Instance, /) -> None:
        """Wrap an instance; use `load`."""
        self._witgen_instance = _witgen_instance

    @classmethod
    def load(cls, component: Component | Path | bytes, imports: Imports) -> Self:
        """Instantiate a component."""
        return cls(_world.load(component, (imports,)))

    def nop(self) -> None:
        return _nop(self._witgen_instance)

    def add(self, left: int, right: int) -> int:
        return _add(self._witgen_instance, left, right)

    def echo_string(self, value: str) -> str:
        return _echo_string(self._witgen_instance, value)

    def echo_bytes(self, value: bytes | bytearray | memoryview) -> bytes:
        return _echo_bytes(self._witgen_instance, value)

    def echo_numbers(self, value: Sequence[int]) -> list[int]:
        return _echo_numbers(self._witgen_instance, value)

    def view_numbers(self, value: array[int]) -> memoryview:
        return _view_numbers(self._witgen_instance, value)

    def echo_rows(self, value: Sequence[Row]) -> list[Row]:
        return _echo_rows(self._witgen_instance, value)

    def echo_shape(self, value: Shape) -> Shape:
        return _echo_shape(self._witgen_instance, value)

    def echo_option(self, value: Some[int | None] | None) -> Some[int | None] | None:
        return _echo_option(self._witgen_instance, value)

    def divide(self, left: int, right: int) -> int:
        return _divide(self._witgen_instance, left, right)

    def call_scalar(self, left: int, right: int) -> int:
        return _call_scalar(self._witgen_instance, left, right)

    def call_swap(self, text: str, data: bytes) -> tuple[str, bytes]:
        return _call_swap(self._witgen_instance, text, data)


_BYTES: bind.Type[bytes] = bind.list_of(bind.U8)
_PAIR: bind.Type[tuple[str, bytes]] = bind.tuple_of(bind.STRING, _BYTES)
_ROW = bind.record(Row, {"id": bind.U32, "name": bind.STRING, "score": bind.F64})
_SHAPE: bind.Type[Shape] = bind.variant(
    {
        "circle": (ShapeCircle, bind.F64),
        "square": (ShapeSquare, bind.U32),
        "none": (ShapeNone, None),
    }
)
_OPTION: bind.Type[Some[int | None] | None] = bind.option_of(bind.option_of(bind.U32))

_import = bind.Import(None)
_import.function("scalar", "scalar", {"left": bind.U32, "right": bind.U32}, bind.U32)
_import.function("swap", "swap", {"text": bind.STRING, "data": _BYTES}, _PAIR)
_export = bind.Export(None)
# The same function again, with another form of its result.
_views = bind.Export(None)
_counter = _export.resource("counter", Counter)
_nop = _export.function("nop", {}, None)
_add = _export.function("add", {"left": bind.U32, "right": bind.U32}, bind.U32)
_echo_string = _export.function("echo-string", {"value": bind.STRING}, bind.STRING)
_echo_bytes = _export.function("echo-bytes", {"value": _BYTES}, _BYTES)
_echo_numbers: Callable[..., list[int]] = _export.function(
    "echo-numbers", {"value": bind.list_of(bind.U32)}, bind.list_of(bind.U32)
)
_view_numbers: Callable[..., memoryview] = _views.function(
    "echo-numbers", {"value": bind.list_of(bind.U32)}, bind.list_of(bind.U32, view=True)
)
_echo_rows: Callable[..., list[Row]] = _export.function(
    "echo-rows", {"value": bind.list_of(_ROW)}, bind.list_of(_ROW)
)
_echo_shape: Callable[..., Shape] = _export.function("echo-shape", {"value": _SHAPE}, _SHAPE)
_echo_option = _export.function("echo-option", {"value": _OPTION}, _OPTION)
_divide = _export.function(
    "divide",
    {"left": bind.U32, "right": bind.U32},
    bind.raises(bind.U32, bind.STRING, DivideError),
)
_call_scalar = _export.function("call-scalar", {"left": bind.U32, "right": bind.U32}, bind.U32)
_call_swap = _export.function("call-swap", {"text": bind.STRING, "data": _BYTES}, _PAIR)
_counter_new = _export.function("[constructor]counter", {"start": bind.U32}, bind.own(_counter))
_counter_value = _export.function("[method]counter.value", {"self": bind.borrow(_counter)}, bind.U32)
_world = bind.World("bench:calls/calls", imports=[_import], exports=[_export, _views])
