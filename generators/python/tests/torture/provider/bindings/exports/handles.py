"""The interface `test:torture/handles@1.2.3`."""

from abc import abstractmethod
from typing import Protocol

from ..handles import Owner as Owner2
from ..handles import Token as Token2

__all__ = ["Handles"]


class Handles(Protocol):
    """What implements the interface `test:torture/handles@1.2.3`: a class `Handles` of the application."""

    Token: type[Token2]
    Owner: type[Owner2]

    @abstractmethod
    def make(self) -> Token2: ...

    @abstractmethod
    def same(self, token: Token2, other: Token2) -> bool: ...

    @abstractmethod
    def live(self) -> int: ...
