"""Uses every function of the store and of its users."""

import gc
from collections.abc import Callable

from bindings import WitError, exports, store, store_users
from bindings.store import Counter


class Visit:
    """Collects what was wrong."""

    def __init__(self, drops: bool) -> None:
        self.drops = drops
        self.wrong: list[str] = []

    def same(self, what: str, got: object, wanted: object) -> None:
        if got != wanted:
            self.wrong.append(f"{what}: got {got!r}, wanted {wanted!r}")

    def live(self, what: str, wanted: int) -> None:
        if self.drops:
            gc.collect()
            self.same(f"live {what}", store.live(), wanted)

    def fails(
        self,
        what: str,
        call: Callable[[], object],
        wanted: type[WitError[str]],
        text: str,
    ) -> None:
        try:
            got: object = call()
        except WitError as error:
            got = (type(error), error.payload)
        self.same(what, got, (wanted, text))

    def refuses(self, what: str, call: Callable[[], object]) -> None:
        try:
            got = call()
        except ValueError:
            return
        self.wrong.append(f"{what}: got {got!r}, wanted a ValueError")


class WitWorld(exports.WitWorld):
    def run(self, drops: bool) -> list[str]:
        visit = Visit(drops)
        for part in (
            use_one_counter,
            use_statics,
            use_gates,
            use_aggregates,
            use_after_the_end,
            use_the_users,
            clean_up,
        ):
            part(visit)
            visit.live(f"after {part.__name__}", 0)
        return visit.wrong


def use_one_counter(visit: Visit) -> None:
    with Counter(3) as counter:
        visit.same("add", counter.add(4), 7)
        visit.same("value", counter.value(), 7)
        visit.same("checked", counter.checked(100), 107)
        visit.fails(
            "checked",
            lambda: counter.checked(101),
            store.CounterCheckedError,
            "too large: 101",
        )
        counter.close_()
        visit.same("value after close", counter.value(), 0)
        visit.same("list", counter.list_(), [3, 7, 107, 0])
        visit.live("with one", 1)


def use_statics(visit: Visit) -> None:
    left, right = Counter(1), Counter.parse("2")
    merged = Counter.merge(left, right)
    visit.same("merge", merged.value(), 3)
    visit.same("left of merge", left.value(), 1)
    visit.live("merged", 2)
    visit.fails(
        "parse", lambda: Counter.parse("x"), store.CounterParseError, "not a number: x"
    )


def use_gates(visit: Visit) -> None:
    visit.fails(
        "gate",
        lambda: store.Gate("shut"),
        store.GateConstructorError,
        "wrong key: shut",
    )
    with store.Gate("open") as gate:
        entered = gate.enter(Counter(4))
        assert entered is not None
        visit.same("enter", entered.value(), 4)
        visit.same("enter odd", gate.enter(Counter(5)), None)
        visit.live("entered", 1)


def use_aggregates(visit: Visit) -> None:
    visit.same("make", store.make(1000).value(), 1000)
    visit.fails("make", lambda: store.make(1001), store.MakeError, "too large: 1001")
    with Counter(1) as one, Counter(2) as two:
        visit.same("total", store.total([one, two, one]), 4)
        visit.same("total of none", store.total([]), 0)
    pair = store.swap(store.Pair(Counter(1), Counter(2), "both"))
    numbers = (pair.left.value(), pair.right.value(), pair.name)
    visit.same("swap", numbers, (2, 1, "both"))
    visit.live("swapped", 2)
    with store.pick(store.EitherTwo(pair)) as left:
        visit.same("pick two", left.value(), 2)
        visit.live("picked", 1)
    with store.pick(store.EitherOne(Counter(7))) as picked:
        visit.same("pick one", picked.value(), 7)
    visit.fails(
        "pick none",
        lambda: store.pick(store.EitherNone()),
        store.PickError,
        "nothing to pick",
    )
    several = store.several(3)
    visit.live("several", 3)
    visit.same(
        "several",
        [(number, counter.value()) for number, counter in several],
        [(0, 0), (1, 1), (2, 2)],
    )


def use_after_the_end(visit: Visit) -> None:
    closed = Counter(1)
    closed.close()
    closed.close()
    visit.refuses("closed", closed.value)
    visit.refuses("closed in a list", lambda: store.total([closed]))
    visit.refuses("closed given away", lambda: store.pick(store.EitherOne(closed)))
    left, moved = Counter(1), Counter(2)
    with Counter.merge(left, moved):
        visit.refuses("moved", moved.value)
        visit.refuses("moved again", lambda: Counter.merge(left, moved))
    moved.close()
    visit.refuses("given twice", lambda: store.swap(store.Pair(left, left, "one")))
    visit.same("left lives on", left.value(), 1)


def use_the_users(visit: Visit) -> None:
    with Counter(8) as even, Counter(9) as odd:
        visit.same("look", store_users.look(even), 8)
        visit.same(
            "look at all", store_users.look_at_all([even, odd, even]), ["8", "9", "8"]
        )
    with store_users.exchange(Counter(8)) as counter:
        visit.same("exchange", counter.value(), 8)
    try:
        store_users.exchange(Counter(9))
    except store_users.ExchangeError as error:
        visit.same("exchange odd", error.payload.value(), 9)
    else:
        visit.wrong.append("exchange odd: wanted an error")
    left, right = store_users.unpack(store_users.Pair(Counter(1), Counter(2), ""))
    visit.same("unpack", (left.value(), right.value()), (1, 2))
    visit.live("unpacked", 2)


def clean_up(visit: Visit) -> None:
    kept = [Counter(number) for number in range(100)]
    visit.live("kept", 100)
    for counter in kept[:40]:
        counter.close()
    visit.live("some closed", 60)
    del counter, kept[40:90]
    visit.live("some deleted", 10)
    try:
        with Counter(1):
            raise KeyError
    except KeyError:
        visit.live("left by an exception", 10)
