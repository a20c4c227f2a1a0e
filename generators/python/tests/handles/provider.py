"""Implements resources."""

from bindings import exports, store, users

live = 0


class Counter(store.Counter):
    def __init__(self, start: int) -> None:
        global live
        live += 1
        self.count = start
        self.finalizer = "mine"

    def __del__(self) -> None:
        global live
        live -= 1

    def add(self, number: int) -> int:
        self.count += number
        return self.count

    def value(self) -> int:
        return self.count

    def checked(self, number: int) -> int:
        if number > 9:
            raise store.CounterCheckedError(f"{number} is large")
        return number

    @staticmethod
    def merge(left: store.Counter, right: store.Counter) -> store.Counter:
        return Counter(left.value() + right.value())

    @staticmethod
    def parse(text: str) -> store.Counter:
        if not text.isdigit():
            raise store.CounterParseError(f"no number: {text}")
        return Counter(int(text))

    def close_(self) -> None:
        self.count = 0

    def list_(self) -> list[int]:
        return list(range(self.count))


class Gate(store.Gate):
    def __init__(self, key: str) -> None:
        if key != "open":
            raise store.GateConstructorError("wrong key")

    def enter(self, visitor: store.Counter) -> store.Counter | None:
        return visitor if visitor.value() > 2 else None


class Store(exports.Store):
    Counter = Counter
    Gate = Gate

    def make(self, start: int) -> store.Counter:
        if start > 1000:
            raise store.MakeError("too large")
        return Counter(start)

    def total(self, counters: list[store.Counter]) -> int:
        return sum(counter.value() for counter in counters)

    def swap(self, pair: store.Pair) -> store.Pair:
        assert isinstance(pair.left, Counter)
        return store.Pair(pair.right, pair.left, pair.name[::-1])

    def pick(self, either: store.Either) -> store.Counter:
        match either:
            case store.EitherOne(counter):
                return counter
            case store.EitherTwo(pair):
                return pair.right
            case store.EitherNone():
                raise store.PickError("none")

    def several(self, count: int) -> list[tuple[int, store.Counter]]:
        return [(index, Counter(index)) for index in range(count)]

    def live(self) -> int:
        return live


class Users(exports.Users):
    def look(self, counter: users.Counter) -> int:
        return counter.value()

    def look_at_all(self, counters: list[users.Counter]) -> list[str]:
        return [str(counter.value()) for counter in counters]

    def exchange(self, counter: users.Counter) -> users.Counter:
        if counter.value() == 0:
            raise users.ExchangeError(counter)
        return Counter(counter.value() * 2)

    def unpack(self, pair: users.Pair) -> tuple[users.Counter, users.Counter]:
        return pair.left, pair.right
