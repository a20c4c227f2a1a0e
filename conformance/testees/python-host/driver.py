"""Takes the steps of scripts: moves counters between numbered slots, in two instances of one component."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from bindings import Driven, Err, Ok, WitError, store, store_users
from bindings.store import Counter, Gate
from serving import REFUSALS, Said, trapped
from witgen_runtime import InstanceError, Trap

# What interpreters need to start.
GRANTS = {
    "clocks": {"monotonic": True, "wall": True},
    "random": {"allow": True},
    "stdio": {"stderr": True},
}


class Session:
    """An instance and what it has in its slots. Steps are its methods."""

    def __init__(self, component: str) -> None:
        self.app = Driven.load(component, grants=GRANTS)
        self.store = self.app.store
        self.users = self.app.store_users
        self.slots: dict[int, Counter] = {}
        self.other: Session | None = None

    def put(self, slot: int, counter: Counter) -> None:
        before = self.slots.pop(slot, None)
        if before is not None:
            before.close()
        self.slots[slot] = counter

    def take_pair(self, left: int, right: int, name: str = "") -> store.Pair:
        return store.Pair(self.slots.pop(left), self.slots.pop(right), name)

    def create(self, slot: int, start: int) -> None:
        self.put(slot, Counter(self.store, start))

    def add(self, slot: int, number: int) -> int:
        return self.slots[slot].add(number)

    def value(self, slot: int) -> int:
        return self.slots[slot].value()

    def checked(self, slot: int, number: int) -> object:
        return result(lambda: self.slots[slot].checked(number))

    def close(self, slot: int) -> None:
        self.slots[slot].close_()

    def history(self, slot: int) -> list[int]:
        return self.slots[slot].list_()

    def merge(self, left: int, right: int, to: int) -> None:
        merged = Counter.merge(self.store, self.slots[left], self.slots.pop(right))
        self.put(to, merged)

    def parse(self, text: str, to: int) -> object:
        return result(lambda: self.put(to, Counter.parse(self.store, text)))

    def enter(self, key: str, slot: int) -> object:
        def entered() -> bool:
            with Gate(self.store, key) as gate:
                back = gate.enter(self.slots.pop(slot))
            if back is not None:
                self.put(slot, back)
            return back is not None

        return result(entered)

    def make(self, start: int, to: int) -> object:
        return result(lambda: self.put(to, self.store.make(start)))

    def total(self, slots: list[int]) -> int:
        return self.store.total([self.slots[slot] for slot in slots])

    def swap(self, left: int, right: int, name: str) -> str:
        pair = self.store.swap(self.take_pair(left, right, name))
        self.put(left, pair.left)
        self.put(right, pair.right)
        return pair.name

    def pick(self, to: int, either: store.Either) -> object:
        return result(lambda: self.put(to, self.store.pick(either)))

    def pick_one(self, slot: int) -> object:
        return self.pick(slot, store.EitherOne(self.slots.pop(slot)))

    def pick_two(self, left: int, right: int) -> object:
        return self.pick(left, store.EitherTwo(self.take_pair(left, right)))

    def pick_none(self) -> object:
        return self.pick(0, store.EitherNone())

    def several(self, count: int, first: int) -> list[int]:
        made = self.store.several(count)
        for slot, (_, counter) in enumerate(made, first):
            self.put(slot, counter)
        return [number for number, _ in made]

    def look(self, slot: int) -> int:
        return self.users.look(self.slots[slot])

    def look_at_all(self, slots: list[int]) -> list[str]:
        return self.users.look_at_all([self.slots[slot] for slot in slots])

    def exchange(self, slot: int) -> bool:
        try:
            self.put(slot, self.users.exchange(self.slots.pop(slot)))
        except store_users.ExchangeError as error:
            self.put(slot, error.payload)
            return False
        return True

    def unpack(self, left: int, right: int) -> None:
        first, second = self.users.unpack(self.take_pair(left, right))
        self.put(left, first)
        self.put(right, second)

    def release(self, slot: int) -> None:
        self.slots.pop(slot).close()

    def live(self) -> int:
        return self.store.live()

    def crash(self, message: str) -> None:
        self.app.fail(message)

    def drop(self, slot: int) -> None:
        self.slots[slot].close()

    def give(self, slot: int) -> None:
        self.give_counter(self.slots[slot])

    def give_counter(self, counter: Counter) -> None:
        with Gate(self.store, "open") as gate:
            back = gate.enter(counter)
        if back is not None:
            back.close()

    def give_twice(self, slot: int) -> None:
        counter = self.slots[slot]
        self.store.swap(store.Pair(counter, counter, ""))

    def lend_and_give(self, slot: int) -> None:
        counter = self.slots[slot]
        Counter.merge(self.store, counter, counter)

    def of_other(self, slot: int) -> Counter:
        assert self.other is not None
        return self.other.slots[slot]

    def lend_of_other(self, slot: int) -> None:
        self.store.total([self.of_other(slot)])

    def give_of_other(self, slot: int) -> None:
        self.give_counter(self.of_other(slot))

    def lend_gate(self) -> None:
        with Gate(self.store, "open") as gate:
            self.store.total([gate])  # type: ignore[list-item]

    def give_gate(self) -> None:
        with Gate(self.store, "open") as gate:
            self.give_counter(gate)  # type: ignore[arg-type]


def result(call: Callable[[], object]) -> Ok[object] | Err[object]:
    """Return a result as a value, which other failures are not."""
    try:
        return Ok(call())
    except WitError as error:
        return Err(error.payload)


def wave(value: object) -> str:
    """Return a value as WAVE."""
    match value:
        case Ok(None):
            return "ok"
        case Ok(inner):
            return f"ok({wave(inner)})"
        case Err(inner):
            return f"err({wave(inner)})"
        case list():
            return f"[{', '.join(map(wave, value))}]"
    return json.dumps(value)


def take(step: Callable[..., object], args: list[Any], said: Said) -> dict[str, str]:
    """Take a step; what is no error of the bindings ends the program."""
    try:
        value = step(*args)
    except Trap as trap:
        return {"ended": "trap", "text": trapped(trap, said)}
    except InstanceError as error:
        return {"ended": "over", "text": str(error)}
    except REFUSALS as error:
        # Errors of the bindings say where.
        if "`" not in str(error):
            raise
        return {"ended": "refused", "text": str(error)}
    return {"ended": "well"} if value is None else {"ended": "well", "value": wave(value)}


def main(component: str) -> None:
    said = Said()
    sessions: dict[bool, Session] = {}
    for line in sys.stdin:
        if line == "begin\n":
            sessions = {}
            answer = {"ended": "well"}
        else:
            request = json.loads(line.removeprefix("step "))
            other: bool = request["other"]
            if other not in sessions:
                sessions[other] = Session(component)
            session = sessions[other]
            session.other = sessions.get(not other)
            step = getattr(session, request["name"].replace("-", "_"))
            answer = take(step, request["args"], said)
        said.pass_on()
        print(json.dumps(answer), flush=True)


main(sys.argv[1])
