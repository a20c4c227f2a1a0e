"""Calls every function of the provider and compares."""

from collections.abc import Callable
from math import inf, nan
from typing import Any, TypeVar

from bindings import (
    Err,
    Ok,
    Some,
    WitError,
    enums,
    exports,
    flag_sets,
    inner,
    lists,
    options,
    params,
    records,
    renamed,
    results,
    scalars,
    shared_1_0_0,
    shared_1_1_0,
    shared_2_0_0,
    tuples,
    variants,
)

T = TypeVar("T")

POINT = records.Point(-(2**31), 2**31 - 1)
PERSON = records.Person("Ada Løvelace", 36, POINT, ["", "Countess", "🧮"])
WIDE = records.Wide(
    a=255,
    b=65535,
    c=2**32 - 1,
    d=2**64 - 1,
    e=-128,
    f=-32768,
    g=-(2**31),
    h=-(2**63),
    i=1.5,
    j=-0.1,
    k="🐍",
    l=True,
    m="text",
    n=b"\x00\xff",
    o=POINT,
)
SETTINGS = options.Settings("name", 2**64 - 1)
SHAPES: list[variants.Shape] = [
    variants.ShapeCircle(0.5),
    variants.ShapeRectangle((1, 2**32 - 1)),
    variants.ShapeLabel("name"),
    variants.ShapeEmpty(),
]
PLAIN: list[variants.Plain] = [variants.PlainYes(), variants.PlainNo()]
NESTED: list[Some[int | None] | None] = [None, Some(None), Some(7)]
RESULTS: list[Ok[float] | Err[results.Failure]] = [
    Ok(0.5),
    Err(results.Failure.MISSING),
    Ok(-0.0),
]
BARE: list[Ok[None] | Err[None]] = [Ok(None), Err(None)]
FULL = ~flag_sets.Full(0)
LONG = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255, "end")


class Comparison:
    """Collects what came back different."""

    def __init__(self) -> None:
        self.differences: list[str] = []

    def same(self, what: str, got: object, wanted: object) -> None:
        # The texts tell 1 from True, and nan from nothing else.
        if repr(got) != repr(wanted):
            self.differences.append(f"{what}: got {got!r}, wanted {wanted!r}")

    def echoes(self, function: Callable[[T], object], *values: T) -> None:
        for value in values:
            self.same(function.__name__, function(value), value)

    def fails(
        self, what: str, call: Callable[[], object], wanted: WitError[Any]
    ) -> None:
        try:
            got = call()
        except WitError as error:
            got = error
        self.same(what, got, wanted)

    def refuses(
        self, function: Callable[[Any], object], value: object, wanted: str
    ) -> None:
        """Want an error that begins with `wanted`, raised before anything is sent."""
        try:
            got: object = function(value)
        except (TypeError, ValueError, OverflowError) as error:
            got = f"{type(error).__name__}: {error}"
        if not str(got).startswith(wanted):
            self.same(function.__name__, got, wanted)


class WitWorld(exports.WitWorld):
    def run(self) -> list[str]:
        comparison = Comparison()
        for part in (
            compare_scalars,
            compare_lists,
            compare_aggregates,
            compare_options,
            compare_results,
            compare_params,
            compare_misfits,
        ):
            part(comparison)
        comparison.same("depth", inner.depth(), 2)
        comparison.same("renamed", renamed(), 42)
        return comparison.differences


def compare_misfits(comparison: Comparison) -> None:
    refuses = comparison.refuses
    refuses(
        scalars.echo_bool,
        1,
        "TypeError: `value` must be a bool, not int",
    )
    refuses(
        scalars.echo_u8,
        256,
        "OverflowError: `value` is 256, which does not fit u8",
    )
    refuses(scalars.echo_u8, 0.5, "TypeError: `value` must be an int")
    refuses(scalars.echo_u16, -1, "OverflowError: `value` is -1")
    refuses(scalars.echo_u32, 2**32, "OverflowError: `value` is 4294967296")
    refuses(scalars.echo_u64, 2**64, "OverflowError: `value` is 1844")
    refuses(scalars.echo_s8, 128, "OverflowError: `value` is 128")
    refuses(scalars.echo_s16, -32769, "OverflowError: `value` is -32769")
    refuses(scalars.echo_s32, 2**31, "OverflowError: `value` is 2147483648")
    refuses(scalars.echo_s64, 2**63, "OverflowError: `value` is 9223")
    refuses(scalars.echo_f64, "1", "TypeError: `value` must be a float")
    refuses(scalars.echo_char, "ab", "ValueError: `value` must be one")
    refuses(scalars.echo_char, "\ud800", "ValueError: `value` has a lone")
    refuses(scalars.echo_string, "a\ud800", "ValueError: `value` has a")
    refuses(enums.echo_suit, "hearts", "TypeError: `value` must be a Suit")
    refuses(flag_sets.echo_nine, 1, "TypeError: `value` must be a Nine")
    refuses(variants.echo_plain, SHAPES[0], "TypeError: `value` must be a")
    refuses(records.echo_point, (1, 2), "TypeError: `value` must be a Point")
    refuses(lists.echo_u16s, [1, 65536], "OverflowError: an element is 65536")
    refuses(lists.echo_bytes, "text", "TypeError: `value` must be bytes")
    refuses(tuples.echo_pair, (1,), "TypeError: `value` must be a tuple")
    refuses(options.echo_u32, -1, "OverflowError: `value` is -1")


def compare_scalars(comparison: Comparison) -> None:
    comparison.echoes(scalars.echo_bool, True, False)
    comparison.echoes(scalars.echo_u8, 0, 2**8 - 1)
    comparison.echoes(scalars.echo_u16, 0, 2**16 - 1)
    comparison.echoes(scalars.echo_u32, 0, 2**31, 2**32 - 1)
    comparison.echoes(scalars.echo_u64, 0, 2**53 + 1, 2**63, 2**64 - 1)
    comparison.echoes(scalars.echo_s8, -(2**7), -1, 2**7 - 1)
    comparison.echoes(scalars.echo_s16, -(2**15), -1, 2**15 - 1)
    comparison.echoes(scalars.echo_s32, -(2**31), -1, 2**31 - 1)
    comparison.echoes(scalars.echo_s64, -(2**63), -1, 2**53 + 1, 2**63 - 1)
    comparison.echoes(scalars.echo_f32, 0.0, -0.0, 1.5, inf, -inf, nan)
    comparison.echoes(scalars.echo_f64, 0.0, -0.0, 0.1, 5e-324, inf, -inf, nan)
    comparison.echoes(scalars.echo_char, "a", "\0", "é", "\ud7ff", "\ue000", "🦀")
    comparison.echoes(scalars.echo_string, "", "plain", "ÄÖÜ\0€", "🦀🐍", "x" * 100_000)


def compare_lists(comparison: Comparison) -> None:
    comparison.echoes(lists.echo_bytes, b"", bytes(range(256)))
    comparison.echoes(lists.echo_u16s, [], [0, 1, 2**16 - 1])
    comparison.echoes(lists.echo_s64s, [], [-(2**63), 0, 2**63 - 1])
    comparison.echoes(lists.echo_f64s, [], [0.1, -0.0, inf])
    comparison.echoes(lists.echo_bools, [], [True, False, True])
    comparison.echoes(lists.echo_chars, [], ["a", "é", "🦀"])
    comparison.echoes(lists.echo_strings, [], ["", "a", "🦀"])
    comparison.echoes(lists.echo_nested, [], [[], [""], ["a", "b"]])


def compare_aggregates(comparison: Comparison) -> None:
    comparison.echoes(records.echo_point, POINT, records.Point(0, 0))
    comparison.echoes(records.echo_person, PERSON)
    comparison.echoes(records.echo_people, [], [PERSON, PERSON])
    comparison.echoes(records.echo_wide, WIDE)
    comparison.echoes(records.echo_place, records.Place(1, 2))
    small = records.Wide(0, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0, "a", False, "", b"", POINT)
    comparison.same("swap", records.swap(WIDE, small), [small, WIDE])
    comparison.echoes(enums.echo_suit, *enums.Suit)
    comparison.echoes(enums.echo_suits, [], list(enums.Suit))
    permissions = flag_sets.Permissions
    comparison.echoes(
        flag_sets.echo_permissions,
        permissions(0),
        permissions.READ | permissions.RUN_IT,
        ~permissions(0),
    )
    comparison.echoes(flag_sets.echo_nine, flag_sets.Nine.I, ~flag_sets.Nine(0))
    comparison.echoes(flag_sets.echo_full, [], [FULL, flag_sets.Full.B31])
    comparison.echoes(variants.echo_shape, *SHAPES)
    comparison.echoes(variants.echo_shapes, [], SHAPES)
    comparison.echoes(variants.echo_plain, *PLAIN)
    comparison.echoes(tuples.echo_pair, (2**32 - 1, "pair"))
    comparison.echoes(tuples.echo_single, (255,))
    comparison.echoes(tuples.echo_list, [], [(1, 2**64 - 1, "a"), (2, 0, "")])
    comparison.echoes(tuples.echo_long, None, LONG)
    comparison.echoes(shared_1_0_0.echo, shared_1_0_0.Item(2**32 - 1))
    comparison.echoes(shared_1_1_0.echo, shared_1_1_0.Item("x"))
    comparison.echoes(shared_2_0_0.echo, shared_2_0_0.Item(2**64 - 1, "newer"))


def compare_options(comparison: Comparison) -> None:
    comparison.echoes(options.echo_u32, None, 0, 2**32 - 1)
    comparison.echoes(options.echo_string, None, "", "some")
    comparison.echoes(options.echo_settings, SETTINGS, options.Settings(None, None))
    comparison.echoes(options.echo_optional_settings, None, SETTINGS)
    comparison.echoes(options.echo_list, [], [None, "", "a"])
    comparison.echoes(options.echo_nested, *NESTED)


def compare_results(comparison: Comparison) -> None:
    comparison.same("divide", results.divide(7, 2), 3)
    comparison.fails(
        "divide",
        lambda: results.divide(1, 0),
        results.DivideError("division by zero"),
    )
    comparison.same("find", results.find("it"), "it found")
    comparison.fails(
        "find", lambda: results.find(""), results.FindError(results.Failure.DENIED)
    )
    results.check("")
    comparison.fails(
        "check",
        lambda: results.check("bäd"),
        results.CheckError(results.Report(4, "bäd")),
    )
    results.attempt(True)
    comparison.fails("attempt", lambda: results.attempt(False), results.AttemptError())
    comparison.same("produce", results.produce(True), ["a", "", "c"])
    comparison.fails("produce", lambda: results.produce(False), results.ProduceError())
    comparison.same("echo_result", results.echo_result(Ok(2**64 - 1)), 2**64 - 1)
    comparison.fails(
        "echo_result",
        lambda: results.echo_result(Err("no")),
        results.EchoResultError("no"),
    )
    comparison.echoes(results.echo_results, [], RESULTS)
    comparison.echoes(results.echo_bare, [], BARE)
    comparison.same("echo_nested", results.echo_nested(Ok(Ok(255))), Ok(255))
    comparison.same("echo_nested", results.echo_nested(Ok(Err("in"))), Err("in"))
    comparison.fails(
        "echo_nested",
        lambda: results.echo_nested(Err(0.25)),
        results.EchoNestedError(0.25),
    )


def compare_params(comparison: Comparison) -> None:
    numbers = (255, 65535, 2**32 - 1, 2**64 - 1, -128, -32768, -(2**31), -(2**63))
    others = (0.5, -1.5, "🦀", True, "text", b"\x01\x02\xff")
    texts = [*map(str, numbers), "0.5", "-1.5", "🦀", "true", "text", "258"]
    comparison.same("sixteen", params.sixteen(*numbers, *others), ",".join(texts))
    comparison.same(
        "seventeen", params.seventeen(*numbers, *others, 9), ",".join([*texts, "9"])
    )
    comparison.same("forty", params.forty(*range(40)), sum(range(40)))
    figure = variants.ShapeCircle(2.5)
    comparison.same(
        "several",
        params.several(POINT, SETTINGS, figure),
        (POINT, SETTINGS, figure),
    )
    params.nothing()
