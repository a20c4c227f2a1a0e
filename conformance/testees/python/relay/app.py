"""Hands every call and every resource on to the next component."""

from typing import Self

from bindings import exported_store, exports, records, store


class Records(exports.Records):
    def echo_point(self, value: records.Point) -> records.Point:
        return records.echo_point(value)

    def echo_person(self, value: records.Person) -> records.Person:
        return records.echo_person(value)

    def echo_people(self, value: list[records.Person]) -> list[records.Person]:
        return records.echo_people(value)

    def echo_wide(self, value: records.Wide) -> records.Wide:
        return records.echo_wide(value)

    def echo_place(self, value: records.Place) -> records.Place:
        return records.echo_place(value)

    def swap(self, left: records.Wide, right: records.Wide) -> list[records.Wide]:
        return records.swap(left, right)


class Counter(exported_store.Counter):
    """A counter of the next component, as one of ours."""

    def __init__(self, start: int) -> None:
        self.next = store.Counter(start)

    @classmethod
    def of(cls, counter: store.Counter) -> Self:
        """Make one of ours of a handle of theirs."""
        ours = cls.__new__(cls)
        ours.next = counter
        return ours

    def add(self, number: int) -> int:
        return self.next.add(number)

    def value(self) -> int:
        return self.next.value()

    def checked(self, number: int) -> int:
        try:
            return self.next.checked(number)
        except store.CounterCheckedError as error:
            raise exported_store.CounterCheckedError(error.payload) from None

    @staticmethod
    def merge(
        left: exported_store.Counter, right: exported_store.Counter
    ) -> exported_store.Counter:
        return Counter.of(store.Counter.merge(theirs(left), theirs(right)))

    @staticmethod
    def parse(text: str) -> exported_store.Counter:
        try:
            return Counter.of(store.Counter.parse(text))
        except store.CounterParseError as error:
            raise exported_store.CounterParseError(error.payload) from None

    def close_(self) -> None:
        self.next.close_()

    def list_(self) -> list[int]:
        return self.next.list_()


def theirs(counter: exported_store.Counter) -> store.Counter:
    """Return the handle inside of one of ours."""
    assert isinstance(counter, Counter)
    return counter.next


def their_pair(pair: exported_store.Pair) -> store.Pair:
    return store.Pair(theirs(pair.left), theirs(pair.right), pair.name)


class Gate(exported_store.Gate):
    def __init__(self, key: str) -> None:
        try:
            self.next = store.Gate(key)
        except store.GateConstructorError as error:
            raise exported_store.GateConstructorError(error.payload) from None

    def enter(self, visitor: exported_store.Counter) -> exported_store.Counter | None:
        entered = self.next.enter(theirs(visitor))
        return None if entered is None else Counter.of(entered)


class Store(exports.Store):
    Counter = Counter
    Gate = Gate

    def make(self, start: int) -> exported_store.Counter:
        try:
            return Counter.of(store.make(start))
        except store.MakeError as error:
            raise exported_store.MakeError(error.payload) from None

    def total(self, counters: list[exported_store.Counter]) -> int:
        return store.total([theirs(counter) for counter in counters])

    def swap(self, pair: exported_store.Pair) -> exported_store.Pair:
        swapped = store.swap(their_pair(pair))
        left, right = Counter.of(swapped.left), Counter.of(swapped.right)
        return exported_store.Pair(left, right, swapped.name)

    def pick(self, either: exported_store.Either) -> exported_store.Counter:
        try:
            return Counter.of(store.pick(their_either(either)))
        except store.PickError as error:
            raise exported_store.PickError(error.payload) from None

    def several(self, count: int) -> list[tuple[int, exported_store.Counter]]:
        return [
            (number, Counter.of(counter)) for number, counter in store.several(count)
        ]

    def live(self) -> int:
        return store.live()


def their_either(either: exported_store.Either) -> store.Either:
    match either:
        case exported_store.EitherOne(counter):
            return store.EitherOne(theirs(counter))
        case exported_store.EitherTwo(pair):
            return store.EitherTwo(their_pair(pair))
        case exported_store.EitherNone():
            return store.EitherNone()
