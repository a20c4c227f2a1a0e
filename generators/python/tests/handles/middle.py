"""Passes the resources of another component on."""

from bindings import exports, store, users


class Users(exports.Users):
    def look(self, counter: users.Counter) -> int:
        return counter.value() + 100

    def look_at_all(self, counters: list[users.Counter]) -> list[str]:
        return [f"{counter.value()}, {store.total(counters)}" for counter in counters]

    def exchange(self, counter: users.Counter) -> users.Counter:
        if counter.value() == 0:
            raise users.ExchangeError(counter)
        with counter:
            return users.Counter(counter.value() * 3)

    def unpack(self, pair: users.Pair) -> tuple[users.Counter, users.Counter]:
        return pair.left, pair.right
