"""The values that WIT has and Python lacks."""

from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

__all__ = ["Err", "Ok", "Some", "WitError"]

T = TypeVar("T")
E = TypeVar("E")


@dataclass(slots=True)
class Some(Generic[T]):
    """The present case of an option whose payload is an option too."""

    value: T


@dataclass(slots=True)
class Ok(Generic[T]):
    """The success of a result that is not the whole result of a function."""

    value: T


# It is an exception because componentize-py raises it and wants it raised.
@dataclass(slots=True)
class Err(Exception, Generic[E]):
    """The failure of a result that is not the whole result of a function."""

    value: E


class WitError(Exception, Generic[E]):
    """The error of a function that returns a `result`; each such function has a class."""

    payload: E

    def __init__(self, payload: E) -> None:
        """Make an error with what the `result` carries."""
        super().__init__(payload)
        self.payload = payload

    def __str__(self) -> str:
        """Return the payload as a person reads it."""
        match self.payload:
            case None:
                return "the function failed and gives no reason"
            case str(text) if text:
                return text
            case Enum(name=str(name)):
                return name.lower().replace("_", "-")
            case payload:
                return repr(payload)
