"""Bindings for components of the world `test:torture/consumer@1.2.3`."""

from . import exports, handles, hidden, inner
from ._witgen import Err, Ok, Some, WitError
from ._world import missing

__all__ = [
    "Err",
    "Ok",
    "Some",
    "WitError",
    "exports",
    "handles",
    "hidden",
    "inner",
    "missing",
]
