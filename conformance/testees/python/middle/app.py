"""Passes the resources of the store on."""

from bindings import exports, store_users


class StoreUsers(exports.StoreUsers):
    def look(self, counter: store_users.Counter) -> int:
        return counter.value()

    def look_at_all(self, counters: list[store_users.Counter]) -> list[str]:
        return [str(counter.value()) for counter in counters]

    def exchange(self, counter: store_users.Counter) -> store_users.Counter:
        if counter.value() % 2 == 1:
            raise store_users.ExchangeError(counter)
        return counter

    def unpack(
        self, pair: store_users.Pair
    ) -> tuple[store_users.Counter, store_users.Counter]:
        return pair.left, pair.right
