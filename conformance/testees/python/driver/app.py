"""Moves counters between numbered slots, step by step."""

from bindings import exports, fail, steps, store, store_users
from bindings.store import Counter

SLOTS: dict[int, Counter] = {}


def put(slot: int, counter: Counter) -> None:
    before = SLOTS.pop(slot, None)
    if before is not None:
        before.close()
    SLOTS[slot] = counter


def take_pair(left: int, right: int, name: str = "") -> store.Pair:
    return store.Pair(SLOTS.pop(left), SLOTS.pop(right), name)


class Steps(exports.Steps):
    def create(self, slot: int, start: int) -> None:
        put(slot, Counter(start))

    def add(self, slot: int, number: int) -> int:
        return SLOTS[slot].add(number)

    def value(self, slot: int) -> int:
        return SLOTS[slot].value()

    def checked(self, slot: int, number: int) -> int:
        try:
            return SLOTS[slot].checked(number)
        except store.CounterCheckedError as error:
            raise steps.CheckedError(error.payload) from None

    def close(self, slot: int) -> None:
        SLOTS[slot].close_()

    def history(self, slot: int) -> list[int]:
        return SLOTS[slot].list_()

    def merge(self, left: int, right: int, to: int) -> None:
        put(to, Counter.merge(SLOTS[left], SLOTS.pop(right)))

    def parse(self, text: str, to: int) -> None:
        try:
            put(to, Counter.parse(text))
        except store.CounterParseError as error:
            raise steps.ParseError(error.payload) from None

    def enter(self, key: str, slot: int) -> bool:
        try:
            gate = store.Gate(key)
        except store.GateConstructorError as error:
            raise steps.EnterError(error.payload) from None
        with gate:
            back = gate.enter(SLOTS.pop(slot))
        if back is not None:
            put(slot, back)
        return back is not None

    def make(self, start: int, to: int) -> None:
        try:
            put(to, store.make(start))
        except store.MakeError as error:
            raise steps.MakeError(error.payload) from None

    def total(self, slots: list[int]) -> int:
        return store.total([SLOTS[slot] for slot in slots])

    def swap(self, left: int, right: int, name: str) -> str:
        pair = store.swap(take_pair(left, right, name))
        put(left, pair.left)
        put(right, pair.right)
        return pair.name

    def pick_one(self, slot: int) -> None:
        try:
            put(slot, store.pick(store.EitherOne(SLOTS.pop(slot))))
        except store.PickError as error:
            raise steps.PickOneError(error.payload) from None

    def pick_two(self, left: int, right: int) -> None:
        try:
            put(left, store.pick(store.EitherTwo(take_pair(left, right))))
        except store.PickError as error:
            raise steps.PickTwoError(error.payload) from None

    def pick_none(self) -> None:
        try:
            store.pick(store.EitherNone()).close()
        except store.PickError as error:
            raise steps.PickNoneError(error.payload) from None

    def several(self, count: int, first: int) -> list[int]:
        made = store.several(count)
        for slot, (_, counter) in enumerate(made, first):
            put(slot, counter)
        return [number for number, _ in made]

    def look(self, slot: int) -> int:
        return store_users.look(SLOTS[slot])

    def look_at_all(self, slots: list[int]) -> list[str]:
        return store_users.look_at_all([SLOTS[slot] for slot in slots])

    def exchange(self, slot: int) -> bool:
        try:
            put(slot, store_users.exchange(SLOTS.pop(slot)))
        except store_users.ExchangeError as error:
            put(slot, error.payload)
            return False
        return True

    def unpack(self, left: int, right: int) -> None:
        first, second = store_users.unpack(take_pair(left, right))
        put(left, first)
        put(right, second)

    def release(self, slot: int) -> None:
        SLOTS.pop(slot).close()

    def live(self) -> int:
        return store.live()

    def crash(self, message: str) -> None:
        fail(message)
