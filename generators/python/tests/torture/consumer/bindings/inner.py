"""The interface `inner`."""

from collections.abc import Callable

from . import _witgen
from .hidden import Color
from .hidden import _witgen_check_color as _witgen_check_color2

__all__ = ["Color", "next", "previous"]


_witgen_call_next: Callable[..., Color | None] = _witgen.imported(
    "imports.inner",
    "next",
)
_witgen_call_previous: Callable[..., Color | None] = _witgen.imported(
    "imports.inner",
    "previous",
)


def next(value: Color) -> Color | None:
    return _witgen_call_next(_witgen_check_color2(value, "`value`"))


def previous(value: Color) -> Color | None:
    """Nobody provides it, and nobody asks for it."""
    return _witgen_call_previous(_witgen_check_color2(value, "`value`"))
