"""The values that WIT has and Python lacks."""

import copy
import enum
from dataclasses import dataclass
from typing import Any

import pytest

from witgen_guest import Err, Ok, Some, WitError


class Code(enum.Enum):
    """An enum."""

    NOT_FOUND = 0


@dataclass
class Detail:
    """A record."""

    line: int


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ("no such file", "no such file"),
        ("", "''"),
        (None, "the function failed and gives no reason"),
        (Code.NOT_FOUND, "not-found"),
        (Detail(3), "Detail(line=3)"),
        (b"x", "b'x'"),
        (7, "7"),
    ],
)
def test_message_of_an_error_is_readable(payload: Any, text: str) -> None:
    error = WitError(payload)
    assert str(error) == text
    assert error.payload == payload


def test_results_and_options_compare_and_match() -> None:
    values: list[Any] = [Ok(1), Err(1), Some(None), Some(Some(None))]
    for index, left in enumerate(values):
        for other, right in enumerate(copy.deepcopy(values)):
            assert (left == right) is (index == other)
    match Err("x"):
        case Err(value):
            assert value == "x"


def test_err_can_be_raised_and_caught() -> None:
    with pytest.raises(Err) as found:
        raise Err(3)
    assert found.value.value == 3
