"""`warnings.deprecated` for every Python from 3.11 on."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["deprecated"]

F = TypeVar("F", bound=Callable[..., Any])

if TYPE_CHECKING:
    # Type checkers bring it along; it need not be installed.
    from typing_extensions import deprecated
elif sys.version_info >= (3, 13):
    from warnings import deprecated
else:

    def deprecated(_message: str) -> Callable[[F], F]:
        """Return a decorator that leaves the function as it is."""
        return lambda function: function
