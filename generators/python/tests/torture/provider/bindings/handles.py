"""The interface `test:torture/handles@1.2.3`."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from . import _witgen

__all__ = ["Owner", "Token"]


class Token(Protocol):
    """Nothing but a handle."""


class Owner(Protocol):
    """The resource `owner`."""

    @abstractmethod
    def __init__(self) -> None: ...

    @abstractmethod
    def finalizer_(self) -> str: ...

    @abstractmethod
    def handle_(self, token: Token) -> Token: ...


_witgen_check_token = _witgen.Implemented("Token")
_witgen_check_owner = _witgen.Implemented("Owner")
