"""Values that leave a component are passed on, converted or refused."""

import enum
from array import array
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pytest

import witgen_guest as w
from witgen_guest.checks import received


@dataclass(slots=True)
class Point:
    """A record."""

    x: int
    data: bytes


class Color(enum.Enum):
    """An enum."""

    RED = 0


@dataclass(slots=True)
class ShapeAt:
    """A case with a payload."""

    value: Point


@dataclass(slots=True)
class ShapeNone:
    """A case without one."""


POINT = w.record(Point, x=w.s8, data=w.octets)
SHAPE = w.variant("Shape", {ShapeAt: POINT, ShapeNone: None})


@pytest.mark.parametrize(
    ("check", "low", "high"),
    [
        (w.u8, 0, 255),
        (w.s8, -128, 127),
        (w.u16, 0, 65535),
        (w.s16, -32768, 32767),
        (w.u32, 0, 2**32 - 1),
        (w.s32, -(2**31), 2**31 - 1),
        (w.u64, 0, 2**64 - 1),
        (w.s64, -(2**63), 2**63 - 1),
    ],
)
def test_integers_are_kept_within_their_range(check: Any, low: int, high: int) -> None:
    assert (check(low, "v"), check(high, "v")) == (low, high)
    for value in (low - 1, high + 1):
        with pytest.raises(OverflowError, match=f"`v` is {value}, which does not fit"):
            check(value, "`v`")
    for wrong in (1.0, "1", None):
        with pytest.raises(TypeError, match="must be an int"):
            check(wrong, "`v`")


def test_int_is_taken_for_a_float_and_a_text_is_not() -> None:
    result = w.f64(3, "v")
    assert (result, type(result)) == (3.0, float)
    with pytest.raises(TypeError, match="`v` must be a float, not str"):
        w.f32("3", "`v`")  # type: ignore[arg-type]
    with pytest.raises(OverflowError, match="too large"):
        w.f64(10**400, "`v`")


def test_only_a_bool_is_a_bool() -> None:
    assert w.boolean(True, "v") is True
    with pytest.raises(TypeError, match="not int"):
        w.boolean(1, "v")  # type: ignore[arg-type]


def test_text_needs_a_form_in_utf8() -> None:
    assert w.string("a\0ñ😀", "v") == "a\0ñ😀"
    with pytest.raises(ValueError, match="lone surrogate at index 1"):
        w.string("a\udc00", "v")
    with pytest.raises(TypeError, match="must be a str, not bytes"):
        w.string(b"a", "v")  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", "ab", "\ud800"])
def test_char_is_one_scalar_value(value: str) -> None:
    assert w.char("😀", "v") == "😀"
    with pytest.raises(ValueError, match="one character|lone surrogate"):
        w.char(value, "v")


@pytest.mark.parametrize(
    "value", [b"ab", bytearray(b"ab"), memoryview(b"ab"), array("B", b"ab")]
)
def test_every_buffer_is_taken_for_bytes(value: Any) -> None:
    result = w.octets(value, "v")
    assert (result, type(result)) == (b"ab", bytes)


@pytest.mark.parametrize("value", ["ab", [97], 2, None])
def test_what_is_no_buffer_is_not_taken_for_bytes(value: Any) -> None:
    with pytest.raises(TypeError, match="must be bytes"):
        w.octets(value, "v")


def test_list_is_passed_on_as_it_is() -> None:
    value = [1, 2]
    for check in (w.list_of(w.u8), w.list_of_numbers(w.u8, "B")):
        assert check(value, "v") is value
        assert check((1, 2), "v") == [1, 2]
        assert check(range(2), "v") == [0, 1]
        assert check(array("B", [1]), "v") == [1]


@pytest.mark.parametrize("check", [w.list_of(w.u8), w.list_of_numbers(w.u8, "B")])
def test_wrong_element_is_found_by_its_index(check: Any) -> None:
    with pytest.raises(OverflowError, match="300") as found:
        check([1, 300], "`v`")
    assert str(found.value).endswith(", at index 1 of `v`")
    with pytest.raises(TypeError):
        check([1, "2"], "`v`")


@pytest.mark.parametrize("value", ["ab", b"ab", {1}, {1: 2}, 3, None, iter([1])])
def test_what_is_no_sequence_of_values_is_no_list(value: Any) -> None:
    for check in (w.list_of(w.string), w.list_of_numbers(w.u8, "B")):
        with pytest.raises(TypeError, match="must be a list"):
            check(value, "v")


def test_ints_in_a_list_of_floats_become_floats() -> None:
    result = w.list_of_numbers(w.f64, "d")([1, 2.5], "v")
    assert [type(item) for item in result] == [float, float]


def test_record_is_copied_only_where_a_field_changes() -> None:
    same = Point(1, b"a")
    assert POINT(same, "v") is same
    other = Point(1, bytearray(b"a"))  # type: ignore[arg-type]
    changed = POINT(other, "v")
    assert changed == Point(1, b"a")
    assert isinstance(other.data, bytearray)


def test_place_in_an_error_of_the_user_is_a_note() -> None:
    class Odd(ValueError):
        """An error with arguments of its own."""

    class Number:
        def __index__(self) -> int:
            raise Odd(1, 2)

    with pytest.raises(Odd) as found:
        w.list_of(w.u8)([Number()], "`v`")
    assert found.value.args == (1, 2)
    assert found.value.__notes__ == ["at index 0 of `v`"]


def test_error_of_a_number_has_no_other_error_behind_it() -> None:
    with pytest.raises(OverflowError) as found:
        w.list_of_numbers(w.u8, "B")([256], "`v`")
    assert found.value.__context__ is None


def test_wrong_field_is_named_from_the_inside_out() -> None:
    check = w.list_of(POINT)
    with pytest.raises(OverflowError, match=r"`Point\.x` is 200") as found:
        check([Point(1, b""), Point(200, b"")], "`v`")
    assert str(found.value).endswith(", in an element, at index 1 of `v`")


def test_record_may_have_any_field_name() -> None:
    @dataclass
    class Odd:
        cls: int

    assert w.record(Odd, cls=w.u8)(Odd(1), "v") == Odd(1)


def test_variant_takes_its_cases_and_nothing_else() -> None:
    for value in (ShapeNone(), ShapeAt(Point(1, b""))):
        assert SHAPE(value, "v") is value
    with pytest.raises(TypeError, match="must be a case of Shape, not Point"):
        SHAPE(Point(1, b""), "v")
    with pytest.raises(OverflowError):
        SHAPE(ShapeAt(Point(999, b"")), "v")


def test_enum_takes_members_and_not_their_values() -> None:
    assert w.enumeration(Color)(Color.RED, "v") is Color.RED
    with pytest.raises(TypeError, match="must be a Color, not int"):
        w.enumeration(Color)(0, "v")


def test_nested_options_keep_their_levels() -> None:
    check = w.some_of(w.option_of(w.u8))
    for value in (None, w.Some(None), w.Some(3)):
        assert check(value, "v") == value
    with pytest.raises(TypeError, match="Some or None"):
        check(3, "v")
    with pytest.raises(OverflowError):
        check(w.Some(300), "v")


def test_results_check_the_payload_of_their_side() -> None:
    check = w.result_of(w.u8, None)
    for value in (w.Ok(3), w.Err(None)):
        assert check(value, "v") == value
    with pytest.raises(OverflowError):
        check(w.Ok(300), "v")
    with pytest.raises(TypeError, match="must be None"):
        check(w.Err("x"), "v")
    with pytest.raises(TypeError, match="Ok or Err"):
        check(3, "v")


def test_tuple_has_its_length() -> None:
    check = w.tuple_of(w.u8, w.string)
    assert check((1, "a"), "v") == (1, "a")
    for value in ((1,), (1, "a", 2), [1, "a"]):
        with pytest.raises(TypeError, match="tuple of 2 elements"):
            check(value, "v")
    with pytest.raises(TypeError) as found:
        check((1, 2), "`v`")
    assert str(found.value).endswith(", at index 1 of `v`")


SCORES = w.map_of(w.string, w.u8)


def test_map_goes_through_as_a_list_of_its_entries() -> None:
    sent = SCORES({"a": 1, "b": 255}, "`m`")
    assert sent == [(("a", 1),), (("b", 255),)]
    receive = received(SCORES)
    assert receive is not None
    assert receive(sent) == {"a": 1, "b": 255}
    assert SCORES({}, "`m`") == []
    assert receive([]) == {}


def test_last_of_two_entries_with_one_key_counts() -> None:
    receive = received(SCORES)
    assert receive is not None
    assert receive([(("a", 1),), (("b", 2),), (("a", 3),)]) == {"a": 3, "b": 2}


def test_every_mapping_is_taken_for_a_map_and_nothing_else() -> None:
    assert SCORES(MappingProxyType({"a": 1}), "`m`") == [(("a", 1),)]
    for value in ([], [("a", 1)], "a", None):
        with pytest.raises(TypeError, match="`m` must be a dict, not "):
            SCORES(value, "`m`")


def test_wrong_entry_of_a_map_is_found_by_its_key() -> None:
    with pytest.raises(OverflowError, match="a value is 256") as caught:
        SCORES({"a": 1, "b": 256}, "`m`")
    assert str(caught.value).endswith(", at key 'b' of `m`")
    with pytest.raises(TypeError, match="a key must be a str, not int") as found:
        SCORES({1: 1}, "`m`")
    assert str(found.value).endswith(", at key 1 of `m`")


def test_list_of_signed_bytes_goes_through_as_bytes() -> None:
    receive = received(w.signed_octets)
    assert receive is not None
    for value in ([-128, -1, 0, 127], array("b", [-128, -1, 0, 127])):
        sent = w.signed_octets(value, "`v`")
        assert sent == b"\x80\xff\x00\x7f"
        assert receive(sent) == [-128, -1, 0, 127]
    with pytest.raises(OverflowError, match="an element is 128") as caught:
        w.signed_octets([0, 128], "`v`")
    assert str(caught.value).endswith(", at index 1 of `v`")
    with pytest.raises(TypeError, match="`v` must be a list, not bytes"):
        w.signed_octets(b"a", "`v`")


@dataclass(slots=True)
class Team:
    """A record with a map, the second of its fields."""

    name: str
    scores: dict[str, int]


TEAM = w.record(Team, name=w.string, scores=SCORES)


@dataclass(slots=True)
class GroupOf:
    """A case with such a record."""

    value: Team


@pytest.mark.parametrize(
    ("check", "wrap"),
    [
        (TEAM, lambda team: team),
        (w.list_of(TEAM), lambda team: [team]),
        (w.tuple_of(w.u8, TEAM), lambda team: (1, team)),
        (w.option_of(TEAM), lambda team: team),
        (w.some_of(w.option_of(TEAM)), w.Some),
        (w.result_of(TEAM, None), w.Ok),
        (w.result_of(None, TEAM), w.Err),
        (w.map_of(w.u8, TEAM), lambda team: {7: team}),
        (w.variant("Group", {GroupOf: TEAM}), GroupOf),
    ],
)
def test_maps_inside_of_values_go_through(check: Any, wrap: Any) -> None:
    value = wrap(Team("x", {"a": 1}))
    sent = check(value, "`v`")
    assert "(('a', 1),)" in repr(sent)
    assert value == wrap(Team("x", {"a": 1}))
    receive = received(check)
    assert receive is not None
    assert receive(sent) == value


def test_absent_payloads_come_in_as_they_are() -> None:
    for check, value in [
        (w.option_of(TEAM), None),
        (w.some_of(w.option_of(TEAM)), w.Some(None)),
        (w.result_of(TEAM, None), w.Err(None)),
    ]:
        receive = received(check)
        assert receive is not None
        assert receive(check(value, "`v`")) == value


def test_values_of_one_form_are_received_as_they_are() -> None:
    checks = [w.u8, POINT, SHAPE, w.list_of(POINT), w.tuple_of(w.u8, POINT)]
    assert [received(check) for check in checks] == [None] * len(checks)
    assert received(None) is None
