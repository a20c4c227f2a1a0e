"""Resources: handles to those of others, and those that an application implements."""

from __future__ import annotations

import weakref
from typing import Any, Self

from .checks import Check, mismatch

__all__ = ["Implemented", "Resource", "handle"]


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


def handle(cls: type[Resource]) -> Check:
    """Make the check of a handle, which must not have been dropped or given away."""
    name = cls.__name__

    def check(value: Any, where: str) -> Resource:
        if not isinstance(value, cls):
            mismatch(value, where, f"a {name}")
        finalizer = vars(value).get("finalizer")
        if finalizer is None or not finalizer.alive:
            raise ValueError(f"{where} is a {name} that was closed or given away")
        return value

    return check


# An attribute of the shims that other components own.
_HANDLE = "__componentize_py_handle"


class Shim:
    """What a handle stands for: it holds an object of the application."""

    def __init__(self, target: object) -> None:
        """Make the shim of `target`."""
        self._witgen_target = target


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

    def __call__(self, value: Any, where: str) -> object:
        """Wrap `value`, or unwrap it."""
        if isinstance(value, Shim):
            target = value._witgen_target
            if _HANDLE not in vars(value):
                # It came back for good. componentize-py keeps the shim all the same.
                del value._witgen_target
            return target
        if self.cls is None or not isinstance(value, self.cls):
            mismatch(value, where, f"a {self.name}")
        shim = self.shim.__new__(self.shim)
        shim._witgen_target = value
        return shim
