"""Gives back what it gets, in each type of WIT."""

from typing import TypeAlias

from bindings import (
    Err,
    Ok,
    Some,
    Tagged,
    enums,
    exports,
    failures,
    flag_sets,
    options,
    params,
    records,
    results,
    shared_1_0_0,
    shared_1_1_0,
    shared_2_0_0,
    store,
    variants,
)

Long: TypeAlias = tuple[
    int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, int, str
]  # fmt: skip


class Scalars(exports.Scalars):
    def echo_bool(self, value: bool) -> bool:
        return value

    def echo_u8(self, value: int) -> int:
        return value

    def echo_u16(self, value: int) -> int:
        return value

    def echo_u32(self, value: int) -> int:
        return value

    def echo_u64(self, value: int) -> int:
        return value

    def echo_s8(self, value: int) -> int:
        return value

    def echo_s16(self, value: int) -> int:
        return value

    def echo_s32(self, value: int) -> int:
        return value

    def echo_s64(self, value: int) -> int:
        return value

    def echo_f32(self, value: float) -> float:
        return value

    def echo_f64(self, value: float) -> float:
        return value

    def echo_char(self, value: str) -> str:
        return value

    def echo_string(self, value: str) -> str:
        return value


class Lists(exports.Lists):
    def echo_bytes(self, value: bytes) -> bytes:
        return value

    def echo_u16s(self, value: list[int]) -> list[int]:
        return value

    def echo_s64s(self, value: list[int]) -> list[int]:
        return value

    def echo_f64s(self, value: list[float]) -> list[float]:
        return value

    def echo_bools(self, value: list[bool]) -> list[bool]:
        return value

    def echo_chars(self, value: list[str]) -> list[str]:
        return value

    def echo_strings(self, value: list[str]) -> list[str]:
        return value

    def echo_nested(self, value: list[list[str]]) -> list[list[str]]:
        return value


class Records(exports.Records):
    def echo_point(self, value: records.Point) -> records.Point:
        return value

    def echo_person(self, value: records.Person) -> records.Person:
        return value

    def echo_people(self, value: list[records.Person]) -> list[records.Person]:
        return value

    def echo_wide(self, value: records.Wide) -> records.Wide:
        return value

    def echo_place(self, value: records.Place) -> records.Place:
        return value

    def swap(self, left: records.Wide, right: records.Wide) -> list[records.Wide]:
        return [right, left]


class Enums(exports.Enums):
    def echo_suit(self, value: enums.Suit) -> enums.Suit:
        return value

    def echo_suits(self, value: list[enums.Suit]) -> list[enums.Suit]:
        return value


class Options(exports.Options):
    def echo_u32(self, value: int | None) -> int | None:
        return value

    def echo_string(self, value: str | None) -> str | None:
        return value

    def echo_settings(self, value: options.Settings) -> options.Settings:
        return value

    def echo_optional_settings(
        self, value: options.Settings | None
    ) -> options.Settings | None:
        return value

    def echo_list(self, value: list[str | None]) -> list[str | None]:
        return value

    def echo_nested(self, value: Some[int | None] | None) -> Some[int | None] | None:
        return value


class Results(exports.Results):
    def divide(self, left: int, right: int) -> int:
        if right == 0:
            raise results.DivideError("division by zero")
        return left // right

    def find(self, name: str) -> str:
        if not name:
            raise results.FindError(results.Failure.DENIED)
        return f"{name} found"

    def check(self, text: str) -> None:
        if text:
            raise results.CheckError(results.Report(len(text.encode()), text))

    def attempt(self, works: bool) -> None:
        if not works:
            raise results.AttemptError

    def produce(self, works: bool) -> list[str]:
        if not works:
            raise results.ProduceError
        return ["a", "", "c"]

    def echo_result(self, value: Ok[int] | Err[str]) -> int:
        match value:
            case Ok(number):
                return number
            case Err(message):
                raise results.EchoResultError(message)

    def echo_results(
        self, value: list[Ok[float] | Err[results.Failure]]
    ) -> list[Ok[float] | Err[results.Failure]]:
        return value

    def echo_bare(
        self, value: list[Ok[None] | Err[None]]
    ) -> list[Ok[None] | Err[None]]:
        return value

    def echo_nested(
        self, value: Ok[Ok[int] | Err[str]] | Err[float]
    ) -> Ok[int] | Err[str]:
        match value:
            case Ok(inner):
                return inner
            case Err(number):
                raise results.EchoNestedError(number)


class Failures(exports.Failures):
    def number(self, value: Ok[int] | Err[int]) -> int:
        if isinstance(value, Err):
            raise failures.NumberError(value.value)
        return value.value

    def real(self, value: Ok[int] | Err[float]) -> int:
        if isinstance(value, Err):
            raise failures.RealError(value.value)
        return value.value

    def truth(self, value: Ok[int] | Err[bool]) -> int:
        if isinstance(value, Err):
            raise failures.TruthError(value.value)
        return value.value

    def letter(self, value: Ok[int] | Err[str]) -> int:
        if isinstance(value, Err):
            raise failures.LetterError(value.value)
        return value.value

    def text(self, value: Ok[int] | Err[str]) -> int:
        if isinstance(value, Err):
            raise failures.TextError(value.value)
        return value.value

    def octets(self, value: Ok[int] | Err[bytes]) -> int:
        if isinstance(value, Err):
            raise failures.OctetsError(value.value)
        return value.value

    def texts(self, value: Ok[int] | Err[list[str]]) -> int:
        if isinstance(value, Err):
            raise failures.TextsError(value.value)
        return value.value

    def both(self, value: Ok[int] | Err[tuple[int, str]]) -> int:
        if isinstance(value, Err):
            raise failures.BothError(value.value)
        return value.value

    def details(self, value: Ok[int] | Err[failures.Report]) -> int:
        if isinstance(value, Err):
            raise failures.DetailsError(value.value)
        return value.value

    def why(self, value: Ok[int] | Err[failures.Reason]) -> int:
        if isinstance(value, Err):
            raise failures.WhyError(value.value)
        return value.value

    def which(self, value: Ok[int] | Err[failures.Failure]) -> int:
        if isinstance(value, Err):
            raise failures.WhichError(value.value)
        return value.value

    def lacking(self, value: Ok[int] | Err[failures.Rights]) -> int:
        if isinstance(value, Err):
            raise failures.LackingError(value.value)
        return value.value

    def perhaps(self, value: Ok[int] | Err[str | None]) -> int:
        if isinstance(value, Err):
            raise failures.PerhapsError(value.value)
        return value.value

    def nested(self, value: Ok[int] | Err[Ok[int] | Err[str]]) -> int:
        if isinstance(value, Err):
            raise failures.NestedError(value.value)
        return value.value

    def bare(self, value: Ok[int] | Err[None]) -> int:
        if isinstance(value, Err):
            raise failures.BareError
        return value.value

    def nothing(self, value: Ok[None] | Err[None]) -> None:
        if isinstance(value, Err):
            raise failures.NothingError

    def only(self, value: Ok[None] | Err[str]) -> None:
        if isinstance(value, Err):
            raise failures.OnlyError(value.value)


class Variants(exports.Variants):
    def echo_shape(self, value: variants.Shape) -> variants.Shape:
        return value

    def echo_shapes(self, value: list[variants.Shape]) -> list[variants.Shape]:
        return value

    def echo_plain(self, value: variants.Plain) -> variants.Plain:
        return value


class FlagSets(exports.FlagSets):
    def echo_permissions(self, value: flag_sets.Permissions) -> flag_sets.Permissions:
        return value

    def echo_nine(self, value: flag_sets.Nine) -> flag_sets.Nine:
        return value

    def echo_full(self, value: list[flag_sets.Full]) -> list[flag_sets.Full]:
        return value


class Tuples(exports.Tuples):
    def echo_pair(self, value: tuple[int, str]) -> tuple[int, str]:
        return value

    def echo_single(self, value: tuple[int]) -> tuple[int]:
        return value

    def echo_list(
        self, value: list[tuple[int, int, str]]
    ) -> list[tuple[int, int, str]]:
        return value

    def echo_long(self, value: Long | None) -> Long | None:
        return value


def text(*values: object) -> str:
    """Join the values as the interface wants it."""

    def one(value: object) -> str:
        match value:
            case bool():
                return str(value).lower()
            case float():
                return f"{value:.1f}"
            case bytes():
                return str(sum(value))
            case _:
                return str(value)

    return ",".join(map(one, values))


class Params(exports.Params):
    def sixteen(
        self,
        a: int,
        b: int,
        c: int,
        d: int,
        e: int,
        f: int,
        g: int,
        h: int,
        i: float,
        j: float,
        k: str,
        l: bool,
        m: str,
        n: bytes,
    ) -> str:
        return text(a, b, c, d, e, f, g, h, i, j, k, l, m, n)

    def seventeen(
        self,
        a: int,
        b: int,
        c: int,
        d: int,
        e: int,
        f: int,
        g: int,
        h: int,
        i: float,
        j: float,
        k: str,
        l: bool,
        m: str,
        n: bytes,
        o: int,
    ) -> str:
        return text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)

    def forty(self, *numbers: int) -> int:
        return sum(numbers)

    def several(
        self,
        point: params.Point,
        settings: params.Settings,
        figure: params.Figure,
    ) -> tuple[params.Point, params.Settings, params.Figure]:
        return point, settings, figure

    def nothing(self) -> None:
        pass


class Counter(store.Counter):
    live = 0

    def __init__(self, start: int) -> None:
        self.history = [start]
        Counter.live += 1

    def __del__(self) -> None:
        Counter.live -= 1

    def add(self, number: int) -> int:
        self.history.append(self.value() + number)
        return self.value()

    def value(self) -> int:
        return self.history[-1]

    def checked(self, number: int) -> int:
        if number > 100:
            raise store.CounterCheckedError(f"too large: {number}")
        return self.add(number)

    @staticmethod
    def merge(left: store.Counter, right: store.Counter) -> store.Counter:
        return Counter(left.value() + right.value())

    @staticmethod
    def parse(text: str) -> store.Counter:
        try:
            return Counter(int(text))
        except ValueError:
            raise store.CounterParseError(f"not a number: {text}") from None

    def close_(self) -> None:
        self.history.append(0)

    def list_(self) -> list[int]:
        return self.history


class Gate(store.Gate):
    def __init__(self, key: str) -> None:
        if key != "open":
            raise store.GateConstructorError(f"wrong key: {key}")

    def enter(self, visitor: store.Counter) -> store.Counter | None:
        return visitor if visitor.value() % 2 == 0 else None


class Store(exports.Store):
    Counter = Counter
    Gate = Gate

    def make(self, start: int) -> store.Counter:
        if start > 1000:
            raise store.MakeError(f"too large: {start}")
        return Counter(start)

    def total(self, counters: list[store.Counter]) -> int:
        return sum(counter.value() for counter in counters)

    def swap(self, pair: store.Pair) -> store.Pair:
        return store.Pair(pair.right, pair.left, pair.name)

    def pick(self, either: store.Either) -> store.Counter:
        match either:
            case store.EitherOne(counter):
                return counter
            case store.EitherTwo(pair):
                return pair.left
            case store.EitherNone():
                raise store.PickError("nothing to pick")

    def several(self, count: int) -> list[tuple[int, store.Counter]]:
        return [(number, Counter(number)) for number in range(count)]

    def live(self) -> int:
        return Counter.live


class Shared1_0_0(exports.Shared1_0_0):
    def echo(self, value: shared_1_0_0.Item) -> shared_1_0_0.Item:
        return value


class Shared1_1_0(exports.Shared1_1_0):
    def echo(self, value: shared_1_1_0.Item) -> shared_1_1_0.Item:
        return value


class Shared2_0_0(exports.Shared2_0_0):
    def echo(self, value: shared_2_0_0.Item) -> shared_2_0_0.Item:
        return value


class Inner(exports.Inner):
    def depth(self) -> int:
        return 2


class Inline(exports.Inline):
    def echo(self, value: str) -> str:
        return value


class WitWorld(exports.WitWorld):
    def echo_tagged(self, value: Tagged) -> Tagged:
        return value

    def fail(self, message: str) -> None:
        raise RuntimeError(message)

    def renamed(self) -> int:
        return 42
