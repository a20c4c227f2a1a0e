"""Uses the resources of a store that is a component, rightly and wrongly."""

import gc
import sys
from collections.abc import Callable

from bindings import Imports, Provider, WitError, store
from bindings.store import Counter, Gate
from witgen_runtime import InstanceError, Trap


def same(what: str, got: object, wanted: object) -> None:
    if got != wanted:
        print(f"{what}: got {got!r}, wanted {wanted!r}")


def raises(what: str, kind: type[Exception], words: str, call: Callable[[], object]) -> None:
    try:
        got = call()
    except kind as error:
        text = error.payload if isinstance(error, WitError) else str(error)
        if words not in text:
            print(f"{what}: {text!r} lacks {words!r}")
        return
    print(f"{what}: got {got!r}, wanted {kind.__name__}")


def visit(api: store.Store, other: store.Store) -> None:
    with Counter(api, 3) as counter:
        same("value", counter.value(), 3)
        same("add", counter.add(4), 7)
        same("checked", counter.checked(1), 8)
        raises("checked", store.CounterCheckedError, "too large: 101", lambda: counter.checked(101))
        counter.close_()
        same("list", counter.list_(), [3, 7, 8, 0])
        raises("range", OverflowError, "`number` is -1", lambda: counter.add(-1))
        raises("type", TypeError, "`counters[1]`", lambda: api.total([counter, "no"]))  # type: ignore[list-item]
        raises("stranger", ValueError, "counters[0]", lambda: other.total([counter]))
        merged = Counter.merge(api, counter, Counter(api, 5))
        same("merge", merged.value(), 5)
    raises("closed", ValueError, "closed", lambda: counter.value())
    same("parse", Counter.parse(api, "42").value(), 42)
    raises("parse", store.CounterParseError, "not a number: x", lambda: Counter.parse(api, "x"))

    raises("gate", store.GateConstructorError, "wrong key: shut", lambda: Gate(api, "shut"))
    gate = Gate(api, "open")
    even = gate.enter(Counter(api, 2))
    same("enter", even and even.value(), 2)
    odd = Counter(api, 1)
    same("enter", gate.enter(odd), None)
    raises("moved", ValueError, "given away", lambda: odd.value())

    left, right = Counter(api, 1), Counter(api, 2)
    pair = api.swap(store.Pair(left, right, "pair"))
    same("swap", (pair.left.value(), pair.right.value(), pair.name), (2, 1, "pair"))
    raises("twice", ValueError, "", lambda: api.swap(store.Pair(merged, merged, "one")))
    same("alive", merged.value(), 5)
    same("pick", api.pick(store.EitherTwo(pair)).value(), 2)
    raises("pick", store.PickError, "nothing to pick", lambda: api.pick(store.EitherNone()))
    same("several", [(n, c.value()) for n, c in api.several(3)], [(0, 0), (1, 1), (2, 2)])
    raises("make", store.MakeError, "too large: 1001", lambda: api.make(1001))
    same("total", api.total([merged, Counter(api, 7)]), 12)


class Unused:
    """The world imports an interface for one of its types; no component calls it."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        return lambda *values: values[0]


def main(component: str) -> None:
    imports = Imports(records=Unused())  # type: ignore[arg-type]
    with Provider.load(component, imports) as app, Provider.load(component, imports) as other:
        visit(app.store, other.store)
        gc.collect()
        same("renamed", app.renamed(), 42)
        same("live", app.store.live(), 0)
        raises("trap", Trap, "", lambda: app.fail("boom"))
        raises("over", InstanceError, "", lambda: app.renamed())
        same("sibling", other.renamed(), 42)
    print("done")


if __name__ == "__main__":
    main(sys.argv[1])
