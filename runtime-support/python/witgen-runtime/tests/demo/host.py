"""The interface `demo:app/host`, which programs implement."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from witgen_runtime import WitError, bind

__all__ = ["Host", "LookupError_", "Sink"]


class Sink(Protocol):
    """The resource `sink`.

    An object whose component is done with it is told so by `close()`, when it has one.
    """

    @abstractmethod
    def __init__(self, name: str) -> None: ...

    @abstractmethod
    def put(self, value: int) -> int: ...

    @staticmethod
    @abstractmethod
    def count() -> int: ...


class LookupError_(WitError[str]):
    """The error of the function `lookup`."""


class Host(Protocol):
    """What implements the interface `demo:app/host`."""

    Sink: type[Sink]

    @abstractmethod
    def log(self, message: str) -> None: ...

    @abstractmethod
    def add(self, left: int, right: int) -> int: ...

    @abstractmethod
    def lookup(self, key: str) -> str:
        """The function `lookup`.

        Raises:
            LookupError_: with the error of the function as its `payload`
        """

    @abstractmethod
    def swap(self, text: str, data: bytes) -> tuple[str, bytes]: ...


_witgen_import = bind.Import("demo:app/host")
_witgen_sink: bind.ResourceType[Sink] = _witgen_import.resource("sink", "Sink")
_witgen_import.function("log", "log", {"message": bind.STRING}, None)
_witgen_import.function("add", "add", {"left": bind.U32, "right": bind.U32}, bind.U32)
_witgen_import.function(
    "lookup",
    "lookup",
    {"key": bind.STRING},
    bind.raises(bind.STRING, bind.STRING, LookupError_),
)
_witgen_import.function(
    "swap",
    "swap",
    {"text": bind.STRING, "data": bind.list_of(bind.U8)},
    bind.tuple_of(bind.STRING, bind.list_of(bind.U8)),
)
_witgen_import.function("[constructor]sink", "__init__", {"name": bind.STRING}, bind.own(_witgen_sink))
_witgen_import.function(
    "[method]sink.put",
    "put",
    {"self": bind.borrow(_witgen_sink), "value": bind.U32},
    bind.U32,
)
_witgen_import.function("[static]sink.count", "count", {}, bind.U32)
