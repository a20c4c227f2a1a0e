"""Checks of values that leave the component.

componentize-py ends the instance when a value does not fit its type, so it must never see
one. Each check takes a value and the words for where it stands, and returns the value to
pass on: the same one unless another form was accepted, such as a `bytearray` for bytes.

What componentize-py has no form of its own for goes through it in another one, maps for
example. The check of such a value makes that form, and `received` of the check undoes it.
"""

import operator
from array import array
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, NoReturn, SupportsIndex, TypeAlias, TypeVar

from .loading import MAP_DEPTH
from .values import Err, Ok, Some

__all__ = [
    "Check",
    "Receive",
    "boolean",
    "char",
    "enumeration",
    "f32",
    "f64",
    "flags",
    "list_of",
    "list_of_numbers",
    "map_of",
    "mismatch",
    "octets",
    "option_of",
    "received",
    "record",
    "result_of",
    "s8",
    "s16",
    "s32",
    "s64",
    "signed_octets",
    "some_of",
    "string",
    "tuple_of",
    "u8",
    "u16",
    "u32",
    "u64",
    "variant",
]

Check: TypeAlias = Callable[[Any, str], Any]
Receive: TypeAlias = Callable[[Any], Any]

C = TypeVar("C", bound=Callable[..., Any])


class _TwoWays:
    """The check of values that have another form on their way through componentize-py."""

    __slots__ = ("check", "received")

    def __init__(self, check: Check, received: Receive) -> None:
        self.check = check
        self.received = received

    def __call__(self, value: Any, where: str) -> Any:
        return self.check(value, where)


def received(check: Check | None) -> Receive | None:
    """Return what makes our form of a value that came in; none where nothing is to do.

    It may change the value itself, which nobody else has.
    """
    return getattr(check, "received", None)


def mismatch(value: object, where: str, wanted: str) -> NoReturn:
    """Raise what is said of a value of another type."""
    raise TypeError(f"{where} must be {wanted}, not {type(value).__name__}")


def _locate(error: Exception, where: str) -> None:
    """Add to an error where in a value it was found.

    The message tells, since the traceback that the component prints has no notes.
    """
    if type(error) in (TypeError, ValueError, OverflowError) and len(error.args) == 1:
        error.args = (f"{error.args[0]}, {where}",)
    else:
        error.add_note(where)


def _integer(name: str, low: int, high: int) -> Callable[[int, str], int]:
    def check(value: int, where: str) -> int:
        if type(value) is not int:
            if not isinstance(value, SupportsIndex):
                mismatch(value, where, f"an int that fits {name}")
            value = operator.index(value)
        if low <= value <= high:
            return value
        raise OverflowError(
            f"{where} is {value}, which does not fit {name} ({low} to {high})"
        )

    return check


u8 = _integer("u8", 0, 2**8 - 1)
u16 = _integer("u16", 0, 2**16 - 1)
u32 = _integer("u32", 0, 2**32 - 1)
u64 = _integer("u64", 0, 2**64 - 1)
s8 = _integer("s8", -(2**7), 2**7 - 1)
s16 = _integer("s16", -(2**15), 2**15 - 1)
s32 = _integer("s32", -(2**31), 2**31 - 1)
s64 = _integer("s64", -(2**63), 2**63 - 1)


def f64(value: float, where: str) -> float:
    """Check a float; an int is accepted."""
    if isinstance(value, float):
        return value
    if not isinstance(value, int):
        mismatch(value, where, "a float")
    try:
        return float(value)
    except OverflowError:
        raise OverflowError(
            f"{where} is an int that is too large for a float"
        ) from None


f32 = f64


def boolean(value: bool, where: str) -> bool:
    """Check a bool; nothing else is taken for its truth."""
    if not isinstance(value, bool):
        mismatch(value, where, "a bool")
    return value


def string(value: str, where: str) -> str:
    """Check a text, which must have a form in UTF-8."""
    if not isinstance(value, str):
        mismatch(value, where, "a str")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError(
                f"{where} has a lone surrogate at index {error.start}"
            ) from None
    return value


def char(value: str, where: str) -> str:
    """Check a single character."""
    if not isinstance(value, str):
        mismatch(value, where, "a str of one character")
    if len(value) != 1:
        raise ValueError(f"{where} must be one character, not {len(value)}")
    return string(value, where)


def octets(value: Any, where: str) -> bytes:
    """Check bytes; everything with the buffer protocol is accepted."""
    if isinstance(value, bytes):
        return value
    try:
        view = memoryview(value)
    except TypeError:
        view = None
    if view is None:
        mismatch(value, where, "bytes")
    return view.tobytes()


def _from_octets(value: bytes) -> list[int]:
    return memoryview(value).cast("b").tolist()


def _to_octets(value: Any, where: str) -> bytes:
    elements = _elements(value, where)
    numbers = _array("b", elements)
    if numbers is None:
        numbers = array("b", _signed(elements, where))
    return numbers.tobytes()


# componentize-py takes and gives bytes here, too.
signed_octets = _TwoWays(_to_octets, _from_octets)


def _elements(value: Any, where: str) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, (str, bytes)) or not isinstance(
        value, (Sequence, array, memoryview)
    ):
        mismatch(value, where, "a list")
    return list(value)


def _array(code: str, elements: list[Any]) -> "array[Any] | None":
    """Return the array of the elements, or none where one of them does not fit."""
    try:
        return array(code, elements)
    except (TypeError, OverflowError):
        return None


def list_of(element: Check) -> Check:
    """Make the check of a list; another sequence is accepted."""

    def check(value: Any, where: str) -> list[Any]:
        elements = _elements(value, where)
        changed = False
        checked: list[Any] = []
        try:
            for item in elements:
                result = element(item, "an element")
                changed = changed or result is not item
                checked.append(result)
        except (TypeError, ValueError, OverflowError) as error:
            _locate(error, f"at index {len(checked)} of {where}")
            raise
        return checked if changed else elements

    receive = received(element)
    if receive is None:
        return check
    return _TwoWays(check, lambda value: [receive(item) for item in value])


_signed = list_of(s8)


def list_of_numbers(element: Check, code: str) -> Check:
    """Make the check of a list of numbers with an `array` type code; buffers are accepted."""
    slow = list_of(element)

    def check(value: Any, where: str) -> Any:
        elements = _elements(value, where)
        numbers = _array(code, elements)
        if numbers is None:
            return slow(elements, where)
        return numbers.tolist() if code == "d" else elements

    return check


def tuple_of(*elements: Check) -> Callable[[Any, str], tuple[Any, ...]]:
    """Make the check of a tuple."""

    def check(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, tuple) or len(value) != len(elements):
            raise TypeError(f"{where} must be a tuple of {len(elements)} elements")
        index = 0
        checked: list[Any] = []
        try:
            for index, element in enumerate(elements):
                checked.append(element(value[index], "an element"))
        except (TypeError, ValueError, OverflowError) as error:
            _locate(error, f"at index {index} of {where}")
            raise
        return tuple(checked)

    receives = [received(element) for element in elements]
    if not any(receives):
        return check

    def receive(value: tuple[Any, ...]) -> tuple[Any, ...]:
        pairs = zip(value, receives, strict=True)
        return tuple(
            item if convert is None else convert(item) for item, convert in pairs
        )

    return _TwoWays(check, receive)


def map_of(key: Check, value: Check) -> Check:
    """Make the check of a map; a list of its entries stands for it in componentize-py."""
    convert = received(value)
    depth = range(MAP_DEPTH)

    def check(entries: Any, where: str) -> list[Any]:
        if not isinstance(entries, Mapping):
            mismatch(entries, where, "a dict")
        checked: list[Any] = []
        name: Any = None
        try:
            for name, item in entries.items():
                entry: tuple[Any, ...] = (key(name, "a key"), value(item, "a value"))
                for _ in depth:
                    entry = (entry,)
                checked.append(entry)
        except (TypeError, ValueError, OverflowError) as error:
            _locate(error, f"at key {name!r} of {where}")
            raise
        return checked

    def receive(entries: list[Any]) -> dict[Any, Any]:
        for _ in depth:
            entries = [entry for (entry,) in entries]
        if convert is None:
            return dict(entries)
        return {name: convert(item) for name, item in entries}

    return _TwoWays(check, receive)


def option_of(some: Check) -> Check:
    """Make the check of an option."""

    def check(value: Any, where: str) -> Any:
        return None if value is None else some(value, where)

    receive = received(some)
    if receive is None:
        return check
    return _TwoWays(check, lambda value: None if value is None else receive(value))


def some_of(some: Check) -> Check:
    """Make the check of an option whose payload is an option."""

    def check(value: Any, where: str) -> Some[Any] | None:
        if value is None:
            return None
        if not isinstance(value, Some):
            mismatch(value, where, "Some or None")
        payload = some(value.value, where)
        return value if payload is value.value else Some(payload)

    return _carrying(check, {Some: some})


def result_of(ok: Check | None, err: Check | None) -> Check:
    """Make the check of a result that is not the whole result of a function."""

    def check(value: Any, where: str) -> Ok[Any] | Err[Any]:
        if isinstance(value, Ok):
            payload = _payload(ok, value.value, where)
            return value if payload is value.value else Ok(payload)
        if isinstance(value, Err):
            payload = _payload(err, value.value, where)
            return value if payload is value.value else Err(payload)
        mismatch(value, where, "Ok or Err")

    return _carrying(check, {Ok: ok, Err: err})


def _carrying(check: Check, payloads: Mapping[type, Check | None]) -> Check:
    """Add to the check of a value with a payload how that is received, by class."""
    receives = {cls: received(payload) for cls, payload in payloads.items()}
    if not any(receives.values()):
        return check

    def receive(value: Any) -> Any:
        convert = receives.get(type(value))
        if convert is not None:
            value.value = convert(value.value)
        return value

    return _TwoWays(check, receive)


def _payload(check: Check | None, value: Any, where: str) -> Any:
    if check is not None:
        return check(value, where)
    if value is not None:
        mismatch(value, where, "None")
    return None


def record(cls: type, /, **fields: Check) -> Check:
    """Make the check of a record, given the check of each field in order."""
    name = cls.__name__

    def check(value: Any, where: str) -> Any:
        if not isinstance(value, cls):
            mismatch(value, where, f"a {name}")
        changed = False
        checked: list[Any] = []
        field = ""
        try:
            for field, check_field in fields.items():
                item = getattr(value, field)
                result = check_field(item, f"`{name}.{field}`")
                changed = changed or result is not item
                checked.append(result)
        except (TypeError, ValueError, OverflowError) as error:
            _locate(error, f"in {where}")
            raise
        return cls(*checked) if changed else value

    converts = [(field, received(check)) for field, check in fields.items()]
    receives = [(field, convert) for field, convert in converts if convert is not None]
    if not receives:
        return check

    def receive(value: Any) -> Any:
        for field, convert in receives:
            setattr(value, field, convert(getattr(value, field)))
        return value

    return _TwoWays(check, receive)


def variant(name: str, cases: dict[type, Check | None]) -> Check:
    """Make the check of a variant, given the check of each case's payload."""

    def check(value: Any, where: str) -> Any:
        cls = type(value)
        if cls not in cases:
            mismatch(value, where, f"a case of {name}")
        check_payload = cases[cls]
        if check_payload is None:
            return value
        payload = check_payload(value.value, f"the value of {cls.__name__} in {where}")
        return value if payload is value.value else cls(payload)

    return _carrying(check, cases)


def enumeration(cls: type[Enum]) -> Check:
    """Make the check of an enum."""

    def check(value: Any, where: str) -> Any:
        if not isinstance(value, cls):
            mismatch(value, where, f"a {cls.__name__}")
        return value

    return check


flags = enumeration
