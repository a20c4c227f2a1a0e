"""The interface `test:torture/hidden@1.2.3`."""

from abc import abstractmethod
from typing import Protocol

from ..hidden import Color, More, Shape

__all__ = ["Hidden"]


class Hidden(Protocol):
    """What implements the interface `test:torture/hidden@1.2.3`: a class `Hidden` of the application."""

    @abstractmethod
    def echo_color(self, value: Color) -> Color: ...

    @abstractmethod
    def echo_more(self, value: More) -> More: ...

    @abstractmethod
    def echo_shape(self, value: Shape) -> Shape: ...
