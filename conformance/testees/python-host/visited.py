"""Implements the store and its users for a visitor, which is a component."""

import gc
import sys

from bindings import Imports, Visitor, store, store_users

# What the run times of the guests use, and what they say when they trap.
GRANTS = {
    "clocks": {"monotonic": True, "wall": True},
    "random": {"allow": True},
    "stdio": {"stderr": True},
}


class Counter:
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


class Gate:
    def __init__(self, key: str) -> None:
        if key != "open":
            raise store.GateConstructorError(f"wrong key: {key}")

    def enter(self, visitor: store.Counter) -> store.Counter | None:
        return visitor if visitor.value() % 2 == 0 else None


class Store:
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
        gc.collect()
        return Counter.live


class StoreUsers:
    def look(self, counter: store.Counter) -> int:
        return counter.value()

    def look_at_all(self, counters: list[store.Counter]) -> list[str]:
        return [str(counter.value()) for counter in counters]

    def exchange(self, counter: store.Counter) -> store.Counter:
        if counter.value() % 2 == 1:
            raise store_users.ExchangeError(counter)
        return counter

    def unpack(self, pair: store.Pair) -> tuple[store.Counter, store.Counter]:
        return pair.left, pair.right


def main(component: str) -> None:
    imports = Imports(store=Store(), store_users=StoreUsers())
    with Visitor.load(component, imports, grants=GRANTS) as app:
        print(app.run(True))
        # Nothing is left of an earlier visit.
        print(app.run(True))
    gc.collect()
    print(Counter.live)


if __name__ == "__main__":
    main(sys.argv[1])
