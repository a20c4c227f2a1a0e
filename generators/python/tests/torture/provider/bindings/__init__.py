"""Bindings for components of the world `test:torture/provider@1.2.3`."""

from . import exports, handles, hidden, inner
from ._witgen import Err, Ok, Some, WitError

__all__ = ["Err", "Ok", "Some", "WitError", "exports", "handles", "hidden", "inner"]
