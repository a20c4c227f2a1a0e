"""Uses resources in every way; `middle` and any `store` can be composed with it."""

import gc
from collections.abc import Callable

from bindings import exports, store, users
from bindings.store import Counter


def failed(action: Callable[[], object]) -> str:
    try:
        return f"no error: {action()!r}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class WitWorld(exports.WitWorld):
    def run(self) -> list[str]:
        out: list[str] = []
        with Counter(3) as counter:
            out.append(f"add {counter.add(4)} {counter.value()} {counter.list_()}")
            out.append(f"live {store.live()}")
            out.append(f"checked {counter.checked(5)}")
            out.append(failed(lambda: counter.checked(50)))
            out.append(
                f"look {users.look(counter)} {users.look_at_all([counter, counter])}"
            )
        out.append(f"closed, live {store.live()}")
        out.append(failed(lambda: counter.value()))
        counter.close()
        out.append(failed(lambda: store.total([counter])))
        left, right = Counter(1), Counter.parse("2")
        out.append(failed(lambda: Counter.parse("x")))
        merged = Counter.merge(left, right)
        out.append(f"merged {merged.value()} left {left.value()} live {store.live()}")
        out.append(failed(lambda: right.value()))
        out.append(failed(lambda: Counter.merge(left, right)))
        out.append(failed(lambda: store.make(2000)))
        pair = store.swap(store.Pair(left, merged, "ab"))
        out.append(f"swapped {pair.left.value()} {pair.right.value()} {pair.name}")
        out.append(failed(lambda: left.value()))
        out.append(f"total {store.total([pair.left, pair.right])}")
        picked = store.pick(store.EitherTwo(pair))
        out.append(f"picked {picked.value()} live {store.live()}")
        out.append(failed(lambda: store.pick(store.EitherNone())))
        out.append(f"picked again {store.pick(store.EitherOne(picked)).value()}")
        gc.collect()
        out.append(f"live {store.live()}")
        out.append(failed(lambda: store.Gate("x")))
        gate = store.Gate("open")
        entered = gate.enter(Counter(5))
        assert entered is not None
        out.append(f"entered {entered.value()} {gate.enter(Counter(1))}")
        made = store.several(3)
        out.append(f"several {[(i, c.value()) for i, c in made]} live {store.live()}")
        out.append(f"exchanged {users.exchange(Counter(7)).value()}")
        try:
            users.exchange(Counter(0))
        except users.ExchangeError as error:
            out.append(f"refused {error.payload.value()}")
        one, two = users.unpack(users.Pair(Counter(8), Counter(9), ""))
        out.append(f"unpacked {one.value()} {two.value()}")
        entered.close_()
        out.append(f"emptied {entered.value()}")
        del made, one, two, entered
        gc.collect()
        out.append(f"live {store.live()}")
        for index in range(3000):
            with Counter(index) as counter:
                counter.add(1)
            Counter(index)
        out.append(f"live {store.live()}")
        out.append(failed(lambda: store.total(["x"])))  # type: ignore[list-item]
        return out
