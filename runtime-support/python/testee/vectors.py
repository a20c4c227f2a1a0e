"""How test guests compare values."""

import math
import struct
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from witgen_guest import Err, Ok, WitError


def same(left: object, right: object) -> bool:
    """Compare strictly: `-0.0` is not `0.0`, `True` is not `1`, and every NaN is one."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float) and isinstance(right, float):
        if math.isnan(left):
            return math.isnan(right)
        return struct.pack("<d", left) == struct.pack("<d", right)
    if is_dataclass(left):
        names = [field.name for field in fields(left)]
        return all(same(getattr(left, name), getattr(right, name)) for name in names)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            same(value, right[key]) for key, value in left.items()
        )
    return left == right


def differ(got: object, wanted: object) -> str | None:
    """Say how two values differ, if they do."""
    if same(got, wanted):
        return None
    return f"got {repr(got)[:200]}, wanted {repr(wanted)[:200]}"


def unwrap(
    value: Ok[Any] | Err[Any], error: Callable[[Any], WitError[Any]]
) -> Any:
    """Return or raise what a result holds, as functions do."""
    if isinstance(value, Err):
        raise error(value.value)
    return value.value


def wrap(
    error: type[WitError[Any]], function: Callable[..., Any]
) -> Callable[..., Any]:
    """Put what a function returns or raises into a result."""

    def wrapped(*args: object) -> Ok[Any] | Err[Any]:
        try:
            return Ok(function(*args))
        except error as raised:
            return Err(raised.payload)

    return wrapped
