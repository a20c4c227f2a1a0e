"""The interface `inner`."""

from .hidden import Color

__all__ = ["Color"]
