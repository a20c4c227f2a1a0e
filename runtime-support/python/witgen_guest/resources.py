"""Resources: handles to those of others, and those that an application implements."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from typing import Any, Self, TypeVar, cast

from .checks import mismatch

__all__ = ["Handle", "Implemented", "Resource", "giving"]


class Resource:
    """A handle to a resource, which is dropped by `close`, `with` or the garbage collector."""

    # The run time of componentize-py sets both when it makes a handle.
    handle: int
    finalizer: weakref.finalize[Any, Any]

    def __init__(self) -> None:
        """Refuse; a resource with a constructor has its own."""
        raise TypeError(f"`{type(self).__name__}` has no constructor")

    def close(self) -> None:
        """Drop the resource; after a move or an earlier `close` this does nothing."""
        finalizer = vars(self).get("finalizer")
        found = finalizer and finalizer.detach()
        if found:
            _, drop, args, _ = found
            drop(*args)

    def __enter__(self) -> Self:
        """Return the resource, which is dropped at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Drop the resource."""
        self.close()


# The handles that the checked values of one call hold so far, and whether they are given away.
_held: dict[int, bool] | None = None

F = TypeVar("F", bound=Callable[..., Any])


def giving(function: F) -> F:
    """Refuse calls of `function` that give a handle away and hold it a second time."""

    @functools.wraps(function)
    def run(*args: Any, **named: Any) -> Any:
        global _held
        outer, _held = _held, {}
        try:
            return function(*args, **named)
        finally:
            _held = outer

    return cast("F", run)


class Handle:
    """The check of a borrowed handle, which must not have been dropped or given away."""

    def __init__(self, cls: type[Resource]) -> None:
        """Make the check of the resource `cls`."""
        self.cls = cls

    def __call__(self, value: Any, where: str) -> Resource:
        """Check a handle that is lent."""
        return self._checked(value, where, False)

    def own(self, value: Any, where: str) -> Resource:
        """Check a handle that is given away."""
        return self._checked(value, where, True)

    def _checked(self, value: Any, where: str, is_given: bool) -> Resource:
        name = self.cls.__name__
        if not isinstance(value, self.cls):
            mismatch(value, where, f"a {name}")
        finalizer = vars(value).get("finalizer")
        if finalizer is None or not finalizer.alive:
            raise ValueError(f"{where} is a {name} that was closed or given away")
        if _held is not None:
            key = id(value)
            if _held.get(key, False) or (is_given and key in _held):
                raise ValueError(
                    f"{where} is a {name} that is given away and used twice in one call"
                )
            _held[key] = is_given
        return value


class _Finalizer:
    """What the run time of componentize-py detaches when a handle comes back.

    A method of the resource may have its name, and the run time calls that by the same one.
    """

    def __init__(self, shim: Shim) -> None:
        self._shim = shim

    def __call__(self, *args: Any) -> Any:
        return self._shim._witgen_finalizer(*args)

    def detach(self) -> None:
        """Do nothing."""


class Shim:
    """What a handle stands for: it holds an object of the application.

    It lives as long as another component holds the handle: that one's drop is its end.
    """

    _witgen_finalizer: Callable[..., Any]

    def __init__(self, target: object) -> None:
        """Make the shim of `target`."""
        self._witgen_target = target

    @property
    def finalizer(self) -> _Finalizer:
        """Return what the run time wants to detach, which is never more than that."""
        return _Finalizer(self)

    @finalizer.setter
    def finalizer(self, finalizer: weakref.finalize[Any, Any]) -> None:
        # It would drop a handle that another component holds by then.
        finalizer.detach()


class Implemented:
    """The check of a resource that the application implements, with the class that does.

    It puts objects of the application into shims on their way out, and takes them out of
    those on their way in. So componentize-py's attributes are on the shims.
    """

    def __init__(self, name: str) -> None:
        """Make the check; the classes are not known before the application is imported."""
        self.name = name
        self.cls: type | None = None
        self.shim: type[Shim] = Shim

    def received(self, value: Shim) -> object:
        """Unwrap `value`."""
        return value._witgen_target

    def __call__(self, value: Any, where: str) -> Shim:
        """Wrap `value`."""
        if self.cls is None or not isinstance(value, self.cls):
            mismatch(value, where, f"a {self.name}")
        shim = self.shim.__new__(self.shim)
        shim._witgen_target = value
        return shim
