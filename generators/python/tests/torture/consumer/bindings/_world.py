"""What the world `test:torture/consumer@1.2.3` itself has."""

from collections.abc import Callable

from . import _witgen

__all__ = ["missing"]


_witgen_call_missing: Callable[..., str] = _witgen.imported("", "missing")


def missing() -> str:
    return _witgen_call_missing()
