"""Slugs and measures of texts."""

from pathlib import Path

from witgen_runtime import Component

from .bindings import Textkit
from .bindings.text import SlugError, SlugWitError, Statistics

__all__ = ["SlugError", "SlugWitError", "Statistics", "Textkit", "load"]

_COMPONENT = Path(__file__).with_name("bindings") / "component.wasm"


def load() -> Textkit:
    """An instance of the library, for one thread at a time."""
    return Textkit.load(Component.load(_COMPONENT))
