"""The interface `inner`."""

from abc import abstractmethod
from typing import Protocol

from ..inner import Color

__all__ = ["Inner"]


class Inner(Protocol):
    """What implements the interface `inner`: a class `Inner` of the application."""

    @abstractmethod
    def next(self, value: Color) -> Color | None: ...
