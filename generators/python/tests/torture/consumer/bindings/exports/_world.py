"""What the world `test:torture/consumer@1.2.3` itself has."""

from abc import abstractmethod
from typing import Protocol

__all__ = ["WitWorld"]


class WitWorld(Protocol):
    """What implements the world `test:torture/consumer@1.2.3`: a class `WitWorld` of the application."""

    @abstractmethod
    def run(self) -> list[str]: ...
