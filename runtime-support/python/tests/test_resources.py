"""Tests of handles and of resources that an application implements."""

import gc
import sys
import types
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from witgen_guest import (
    Handle,
    Implemented,
    Resource,
    giving,
    list_of,
    method,
    resource,
    u32,
)


class Counter(Resource):
    """A handle to a counter."""


def made(drops: list[int]) -> Counter:
    """Return a handle as the run time of componentize-py makes it."""
    counter = Counter.__new__(Counter)
    counter.handle = 7
    counter.finalizer = weakref.finalize(counter, drops.append, 7)
    return counter


def with_close(counter: Counter) -> None:
    counter.close()


def with_block(counter: Counter) -> None:
    with counter as same:
        assert same is counter


@pytest.mark.parametrize("drop", [with_close, with_block])
def test_closed_handle_is_dropped_once_and_refused(
    drop: Callable[[Counter], None],
) -> None:
    drops: list[int] = []
    counter = made(drops)
    drop(counter)
    counter.close()
    gc.collect()
    assert drops == [7]
    with pytest.raises(ValueError, match="`c` is a Counter that was closed or given"):
        Handle(Counter)(counter, "`c`")


def test_forgotten_handle_is_dropped() -> None:
    drops: list[int] = []
    counter = made(drops)
    del counter
    gc.collect()
    assert drops == [7]


def test_moved_handle_is_refused_and_not_dropped() -> None:
    drops: list[int] = []
    counter = made(drops)
    assert Handle(Counter)(counter, "`c`") is counter
    counter.finalizer.detach()  # what componentize-py does to an own handle
    with pytest.raises(ValueError, match="given away"):
        Handle(Counter)(counter, "`c`")
    counter.close()
    assert drops == []


def test_handle_is_given_once_in_a_call() -> None:
    left, right = made([]), made([])
    check = Handle(Counter)
    give = giving(list_of(check.own))
    lend = giving(list_of(check))
    assert give([left, right], "`c`") == [left, right]
    assert lend([left, left], "`c`") == [left, left]
    for repeated in ([left, left], [left, right, left]):
        with pytest.raises(ValueError, match="given away and used twice in one call"):
            give(repeated, "`c`")

    @giving
    def both(first: Counter, second: Counter) -> None:
        check(first, "`first`")
        check.own(second, "`second`")

    both(left, right)
    with pytest.raises(ValueError, match="`second` is a Counter that is given away"):
        both(left, left)
    both(right, left)


def test_other_object_is_no_handle() -> None:
    with pytest.raises(TypeError, match="`c` must be a Counter, not int"):
        Handle(Counter)(1, "`c`")


def test_resource_without_constructor_is_not_made() -> None:
    with pytest.raises(TypeError, match="`Counter` has no constructor"):
        Counter()


class Own:
    """What an application implements."""

    __slots__ = ("count",)

    def __init__(self, start: int) -> None:
        """Start with a number."""
        self.count = start

    def value(self) -> int:
        """Return the count."""
        return self.count

    @staticmethod
    def merge(left: "Own", right: "Own") -> "Own":
        """Add two."""
        return Own(left.count + right.count)


def application(cls: type | None = Own) -> types.ModuleType:
    app = types.ModuleType("app")
    setattr(app, "Store", type("Store", (), {"Counter": cls} if cls else {}))
    return app


def adapted(app: types.ModuleType) -> tuple[Implemented, Any]:
    check = Implemented("Counter")
    resource(
        app,
        "Store",
        "the interface `a:b/store`",
        "a_b_store_of_a_test",
        "Counter",
        "Counter",
        check,
        method("constructor", "__init__", kind="constructor"),
        method("value", "value", ok=u32, params=[None]),
        method("merge", "merge", ok=check, params=[check, check], kind="static"),
    )
    return check, sys.modules["a_b_store_of_a_test"].Counter


def test_shim_stands_for_an_object_of_the_application() -> None:
    check, shim = adapted(application())
    left, right = shim(1), shim(2)
    merged = shim.merge(left, right)
    assert type(merged) is shim
    assert merged.value() == 3
    assert left.value() == 1
    wrapped: Any = check(Own(4), "the result")
    assert wrapped.value() == 4


def test_object_of_the_application_lives_as_long_as_its_handle() -> None:
    class Watched(Own):
        """An object that can be watched."""

        __slots__ = ("__weakref__",)

    drops: list[int] = []
    check, _ = adapted(application(Watched))
    target = Watched(1)
    watched = weakref.ref(target)
    shim: Any = check(target, "the result")
    shim.finalizer = weakref.finalize(shim, drops.append, 7)
    del target
    gc.collect()
    assert watched() is not None
    shim.finalizer.detach()  # what componentize-py does when a handle comes back
    back: Any = check.received(shim)
    assert back is watched()
    del back, shim
    gc.collect()
    assert watched() is None
    assert drops == []  # its owner dropped the handle


def test_method_called_finalizer_is_called_by_that_name() -> None:
    class Named(Own):
        """An object with a method that has a name of the run time."""

        def finalizer_(self) -> int:
            """Return the count."""
            return self.count

    check = Implemented("Counter")
    methods = [
        method("constructor", "__init__", kind="constructor"),
        method("finalizer", "finalizer_", ok=u32, params=[None]),
    ]
    names = ["Store", "the interface", "a_b_named_of_a_test", "Counter", "Counter"]
    resource(application(Named), *names, check, *methods)  # type: ignore[arg-type]
    shim = sys.modules["a_b_named_of_a_test"].Counter(3)
    drops: list[int] = []
    shim.finalizer = weakref.finalize(shim, drops.append, 7)
    assert shim.finalizer() == 3
    shim.finalizer.detach()
    assert drops == []


def test_object_that_is_no_resource_is_refused() -> None:
    check, _ = adapted(application())
    with pytest.raises(TypeError, match="the result must be a Counter, not str"):
        check("x", "the result")


def test_class_or_method_that_is_missing_is_named() -> None:
    with pytest.raises(TypeError, match="`Store` of `app` has no class `Counter`"):
        adapted(application(None))
    with pytest.raises(TypeError, match="lacks `value`, `merge`"):
        adapted(application(type("Counter", (), {})))
