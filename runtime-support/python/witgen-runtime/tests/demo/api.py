"""The interface `demo:app/api`, which components implement."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from witgen_runtime import Resource, WitError, bind

from .host import Sink, _witgen_sink

__all__ = ["Api", "Counter", "LookupError_"]


class LookupError_(WitError[str]):
    """The error of the function `lookup`."""


class Counter(Resource):
    """The resource `counter`."""

    __slots__ = ()

    def __init__(self, api: Api, /, start: int) -> None:
        """Make a counter in the instance of `api`."""
        super().__init__(_witgen_counter_new(api._witgen_instance, start))

    def value(self) -> int:
        return _witgen_counter_value(self)

    def add(self, number: int) -> int:
        return _witgen_counter_add(self, number)

    @staticmethod
    def merge(api: Api, /, left: Counter, right: Counter) -> int:
        return _witgen_counter_merge(api._witgen_instance, left, right)


class Api:
    """The interface `demo:app/api` of an instance."""

    __slots__ = ("_witgen_instance",)

    def __init__(self, _witgen_instance: bind.Instance, /) -> None:
        """Make the functions of an instance available."""
        self._witgen_instance = _witgen_instance

    def log(self, message: str) -> None:
        return _witgen_log(self._witgen_instance, message)

    def add(self, left: int, right: int) -> int:
        return _witgen_add(self._witgen_instance, left, right)

    def lookup(self, key: str) -> str:
        """The function `lookup`.

        Raises:
            LookupError_: with the error of the function as its `payload`
        """
        return _witgen_lookup(self._witgen_instance, key)

    def swap(self, text: str, data: bytes | bytearray | memoryview) -> tuple[str, bytes]:
        return _witgen_swap(self._witgen_instance, text, data)

    def use_sink(self, name: str, value: int) -> int:
        return _witgen_use_sink(self._witgen_instance, name, value)

    def fill(self, sink: Sink, value: int) -> int:
        return _witgen_fill(self._witgen_instance, sink, value)

    def pass_(self, sink: Sink) -> Sink:
        return _witgen_pass(self._witgen_instance, sink)

    def keep(self, sink: Sink) -> None:
        return _witgen_keep(self._witgen_instance, sink)

    def live(self) -> int:
        return _witgen_live(self._witgen_instance)

    def total(self, counters: Sequence[Counter]) -> int:
        return _witgen_total(self._witgen_instance, counters)

    def shuffle(self, counters: Sequence[Counter]) -> list[Counter]:
        return _witgen_shuffle(self._witgen_instance, counters)


_witgen_export = bind.Export("demo:app/api")
_witgen_counter = _witgen_export.resource("counter", Counter)
_witgen_counter_new = _witgen_export.function(
    "[constructor]counter", {"start": bind.U32}, bind.own(_witgen_counter)
)
_witgen_counter_value = _witgen_export.function(
    "[method]counter.value", {"self": bind.borrow(_witgen_counter)}, bind.U32
)
_witgen_counter_add = _witgen_export.function(
    "[method]counter.add",
    {"self": bind.borrow(_witgen_counter), "number": bind.U32},
    bind.U32,
)
_witgen_counter_merge = _witgen_export.function(
    "[static]counter.merge",
    {"left": bind.borrow(_witgen_counter), "right": bind.own(_witgen_counter)},
    bind.U32,
)
_witgen_log = _witgen_export.function("log", {"message": bind.STRING}, None)
_witgen_add = _witgen_export.function("add", {"left": bind.U32, "right": bind.U32}, bind.U32)
_witgen_lookup = _witgen_export.function(
    "lookup",
    {"key": bind.STRING},
    bind.raises(bind.STRING, bind.STRING, LookupError_),
)
_witgen_swap: Callable[..., tuple[str, bytes]] = _witgen_export.function(
    "swap",
    {"text": bind.STRING, "data": bind.list_of(bind.U8)},
    bind.tuple_of(bind.STRING, bind.list_of(bind.U8)),
)
_witgen_use_sink = _witgen_export.function("use-sink", {"name": bind.STRING, "value": bind.U32}, bind.U32)
_witgen_fill = _witgen_export.function(
    "fill", {"sink": bind.borrow(_witgen_sink), "value": bind.U32}, bind.U32
)
_witgen_pass = _witgen_export.function("pass", {"sink": bind.own(_witgen_sink)}, bind.own(_witgen_sink))
_witgen_keep = _witgen_export.function("keep", {"sink": bind.own(_witgen_sink)}, None)
_witgen_live = _witgen_export.function("live", {}, bind.U32)
_witgen_total = _witgen_export.function(
    "total", {"counters": bind.list_of(bind.borrow(_witgen_counter))}, bind.U32
)
_witgen_shuffle: Callable[..., list[Counter]] = _witgen_export.function(
    "shuffle",
    {"counters": bind.list_of(bind.own(_witgen_counter))},
    bind.list_of(bind.own(_witgen_counter)),
)
