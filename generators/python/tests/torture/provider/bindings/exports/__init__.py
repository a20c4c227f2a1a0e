"""What a component of the world `test:torture/provider@1.2.3` implements."""

from .handles import Handles
from .hidden import Hidden
from .inner import Inner

__all__ = ["Handles", "Hidden", "Inner"]
