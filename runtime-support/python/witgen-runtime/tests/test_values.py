"""Every type of WIT, there and back, and what does not fit."""

from __future__ import annotations

import math
from array import array
from collections import UserList
from collections.abc import Iterator
from typing import Any

import pytest
import values
import witgen_runtime
from values import Color, Line, Order, Point, Rights, ShapeCircle, ShapeNone, ShapeSquare
from witgen_runtime import Err, Ok, Some, bind


@pytest.fixture
def instance(values_component: witgen_runtime.Component) -> Iterator[bind.Instance]:
    with values.WORLD.load(values_component, ()) as instance:
        yield instance


@pytest.mark.parametrize(
    ("function", "samples"),
    [
        ("bool", [False, True]),
        ("s8", [-128, 0, 127]),
        ("u8", [0, 255]),
        ("s16", [-32768, 0, 32767]),
        ("u16", [0, 65535]),
        ("s32", [-(2**31), -1, 2**31 - 1]),
        ("u32", [0, 2**31, 2**32 - 1]),
        ("s64", [-(2**63), -1, 2**63 - 1]),
        ("u64", [0, 2**53 + 1, 2**64 - 1]),
        ("f32", [0.5, -1.25, math.inf, 16777216.0]),
        ("f64", [0.1, -math.inf, 5e-324]),
        ("char", ["a", "é", "\ud7ff", "\ue000", "😀", "\U0010ffff", "\0"]),
        ("string", ["", "plain", "ä€😀", "a\0b", "x" * 100_000]),
        ("bytes", [b"", b"\x00\xff", bytes(1 << 20)]),
        ("numbers", [[], [0, 2**32 - 1], list(range(1000))]),
        ("words", [[], ["", "ä", "zz"]]),
        ("nested_list", [[[True, False], [], [False]]]),
        ("color", list(Color)),
        ("colors", [[], [Color.BLUE, Color.RED]]),
        ("rights", [Rights(0), Rights.WRITE, Rights.READ | Rights.RUN_IT]),
        ("point", [Point(-1, 0.5)]),
        ("points", [[Point(1, 2.0), Point(3, 4.0)]]),
        ("orders", [[Order(1, [Line("a", 2), Line("ß", 3)]), Order(2, [])]]),
        ("tuple", [(1, "one"), (255, "")]),
        ("shape", [ShapeCircle(0.1), ShapeSquare(2**32 - 1), ShapeNone()]),
        ("option", [None, 0, 7]),
        ("nested_option", [None, Some(None), Some(7)]),
        ("results", [[Ok(1), Err("no"), Ok(2**32 - 1)]]),
        ("bare", [[Ok(None), Err(None)]]),
        ("map", [{}, {"one": 1, "ä": 2}]),
    ],
)
def test_values_come_back(instance: bind.Instance, function: str, samples: list[Any]) -> None:
    call = getattr(values, f"echo_{function}")
    for sample in samples:
        back = call(instance, sample)
        assert back == sample
        assert type(back) is type(sample)


def test_not_a_number_comes_back(instance: bind.Instance) -> None:
    assert math.isnan(values.echo_f32(instance, math.nan))
    assert math.isnan(values.echo_f64(instance, math.nan))


def test_functions_without_values(instance: bind.Instance) -> None:
    assert values.nop(instance) is None
    assert values.many(instance, *range(2**32 - 17, 2**32)) == sum(range(2**32 - 17, 2**32))


def test_other_forms_are_accepted(instance: bind.Instance) -> None:
    assert values.echo_f64(instance, 3) == 3.0
    assert values.echo_u8(instance, True) == 1
    for buffer in (
        bytearray(b"ab"),
        memoryview(b"ab"),
        array("B", b"ab"),
        memoryview(b"a_b_")[::2].tobytes(),
    ):
        assert values.echo_bytes(instance, buffer) == b"ab"
    for numbers in (
        array("I", [1, 2]),
        memoryview(array("I", [1, 2])),
        (1, 2),
        range(1, 3),
        UserList([1, 2]),
    ):
        assert values.echo_numbers(instance, numbers) == [1, 2]
    # Another item type is read number by number.
    assert values.echo_numbers(instance, array("q", [1, 2])) == [1, 2]


def test_classes_must_be_plain() -> None:
    class Number(int):
        __match_args__ = ("value",)

    with pytest.raises(TypeError, match="`Number` must be a dataclass without `__new__`"):
        bind.record(Number, {"value": bind.U8})
    with pytest.raises(TypeError, match="`Number` must be a dataclass without `__new__`"):
        bind.variant({"number": (Number, None)})
    with pytest.raises(TypeError, match="`Point` has 2 fields where WIT has 1"):
        bind.record(Point, {"x": bind.S32})
    with pytest.raises(TypeError, match="`Color` has 3 members where WIT has 1"):
        bind.enumeration(Color, ["red"])


def test_views(instance: bind.Instance) -> None:
    view = values.echo_floats(instance, array("d", [0.5, 1.5]))
    assert isinstance(view, memoryview)
    assert (view.format, view.tolist()) == ("d", [0.5, 1.5])
    assert values.echo_floats(instance, []).tolist() == []


def test_errors_are_raised(instance: bind.Instance) -> None:
    assert values.divide(instance, 7, 2) == 3
    with pytest.raises(values.DivideError, match=r"^division by zero$") as caught:
        values.divide(instance, 7, 0)
    assert caught.value.payload == "division by zero"
    assert values.divide(instance, 4, 2) == 2


def test_bits_that_do_not_count_are_ignored(instance: bind.Instance) -> None:
    assert values.wide_u8(instance) == 0xFF
    assert values.wide_rights(instance) == Rights.READ | Rights.WRITE | Rights.RUN_IT


class Fraction:
    def __index__(self) -> int:
        return 300


@pytest.mark.parametrize(
    ("function", "value", "error", "message"),
    [
        ("bool", 1, TypeError, "`echo-bool`: `value` must be a bool, not int"),
        ("u8", 256, OverflowError, "`value` is 256, which does not fit u8 (0 to 255)"),
        ("u8", Fraction(), OverflowError, "`value` is 300, which does not fit u8"),
        ("u8", "1", TypeError, "`value` must be an int that fits u8, not str"),
        ("u8", 1.0, TypeError, "must be an int that fits u8, not float"),
        ("s8", -129, OverflowError, "is -129, which does not fit s8 (-128 to 127)"),
        ("u64", -1, OverflowError, "is -1, which does not fit u64"),
        ("u64", 2**64, OverflowError, "which does not fit u64"),
        ("s64", 2**63, OverflowError, "which does not fit s64"),
        ("s64", 10**100, OverflowError, "is a large int, which does not fit s64"),
        ("f64", "1", TypeError, "must be a float, not str"),
        ("f64", 10**400, OverflowError, "is an int that is too large for a float"),
        ("char", "", ValueError, "must be one character, not 0"),
        ("char", "ab", ValueError, "must be one character, not 2"),
        ("char", "\ud800", ValueError, "is a lone surrogate"),
        ("char", 65, TypeError, "must be a str of one character, not int"),
        ("string", b"a", TypeError, "must be a str, not bytes"),
        ("string", "ab\udfff", ValueError, "has a lone surrogate at index 2"),
        ("bytes", "a", TypeError, "must be bytes, not str"),
        ("bytes", [1], TypeError, "must be bytes, not list"),
        ("bytes", memoryview(b"abcd")[::2], BufferError, ""),
        ("numbers", 1, TypeError, "must be a list, not int"),
        ("numbers", [1, 2, -3], OverflowError, "`value[2]` is -3"),
        ("words", "text", TypeError, "must be a list, not str"),
        ("words", ["a", 1], TypeError, "`value[1]` must be a str, not int"),
        ("nested_list", [[], [True, 2]], TypeError, "`value[1][1]` must be a bool, not int"),
        ("color", 0, TypeError, "must be a Color, not int"),
        ("rights", 1, TypeError, "must be a Rights, not int"),
        ("point", (1, 2.0), TypeError, "must be a Point, not tuple"),
        ("point", Point(1, None), TypeError, "`value.y_axis` must be a float, not NoneType"),
        (
            "orders",
            [Order(1, []), Order(2, [Line("a", 1), Line("b", 999)])],
            OverflowError,
            "`echo-orders`: `value[1].lines[1].qty` is 999",
        ),
        ("tuple", [1, "a"], TypeError, "must be a tuple of 2 elements, not list"),
        ("tuple", (1,), TypeError, "must be a tuple of 2 elements, not of 1"),
        ("tuple", (1, 2), TypeError, "`value[1]` must be a str"),
        ("shape", 1, TypeError, "must be one of ShapeCircle, ShapeSquare or ShapeNone, not int"),
        ("shape", ShapeSquare(-1), OverflowError, "`value.value` is -1"),
        ("option", "x", TypeError, "must be an int that fits u32, not str"),
        ("nested_option", 7, TypeError, "must be Some or None, not int"),
        ("nested_option", Some("x"), TypeError, "`value.value` must be an int"),
        ("results", [1], TypeError, "`value[0]` must be Ok or Err, not int"),
        ("results", [Err(1)], TypeError, "`value[0].value` must be a str"),
        ("bare", [Ok(1)], TypeError, "`value[0].value` must be None, not int"),
        ("map", [], TypeError, "must be a dict, not list"),
        ("map", {"a": "b"}, TypeError, "`value['a']` must be an int"),
        ("map", {1: 1}, TypeError, "`value[1]` must be a str"),
    ],
)
def test_what_does_not_fit_is_refused(
    instance: bind.Instance, function: str, value: object, error: type[Exception], message: str
) -> None:
    call = getattr(values, f"echo_{function}")
    with pytest.raises(error) as caught:
        call(instance, value)
    assert message in str(caught.value)
    # The guest was not entered, so the instance is as good as before.
    assert values.add(instance, 1, 2) == 3


def test_the_number_of_arguments_is_checked(instance: bind.Instance) -> None:
    with pytest.raises(TypeError, match="`add` takes 2 arguments, not 1"):
        values.add(instance, 1)
    with pytest.raises(TypeError, match="`add` needs an instance"):
        values.add()
    with pytest.raises(TypeError, match="`add` is called on an instance, not on int"):
        values.add(1, 2, 3)


def test_lists_that_change_while_they_are_read(instance: bind.Instance) -> None:
    numbers: list[Any] = [1, 2, 3]

    class Shrinks:
        def __index__(self) -> int:
            numbers.clear()
            return 1

    numbers.insert(0, Shrinks())
    with pytest.raises(IndexError):
        values.echo_numbers(instance, numbers)
    grows: list[Any] = [1]

    class Grows:
        def __index__(self) -> int:
            grows.append(1)
            return 1

    grows.append(Grows())
    with pytest.raises(ValueError, match="changed its length"):
        values.echo_numbers(instance, grows)


def test_errors_of_attributes_say_where(instance: bind.Instance) -> None:
    class Broken(Point):
        __slots__ = ()

        @property
        def x(self) -> int:  # type: ignore[override]
            raise KeyError("x")

    with pytest.raises(KeyError) as caught:
        values.echo_point(instance, Broken.__new__(Broken))
    assert caught.value.__notes__ == ["while `value.x` of `echo-point` was read"]


@pytest.mark.parametrize("function", ["bad_string", "bad_pointer", "bad_char", "bad_color"])
def test_values_that_no_component_may_give_are_traps(
    values_component: witgen_runtime.Component, function: str
) -> None:
    instance = values.WORLD.load(values_component, ())
    with pytest.raises(witgen_runtime.Trap):
        getattr(values, function)(instance)
    with pytest.raises(witgen_runtime.InstanceError, match="has ended with a trap"):
        values.nop(instance)
