"""Imports and resources, through the sample package that generated ones look like."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import demo
import pytest
import witgen_runtime
from demo.api import Counter


class Sink:
    made = 0
    closed: list[str]

    def __init__(self, name: str) -> None:
        if name == "refuse":
            raise RuntimeError("no such sink")
        self.name = name
        self.total = 0
        type(self).made += 1

    def put(self, value: int) -> int:
        self.total += value
        return self.total

    @staticmethod
    def count() -> int:
        return 1000

    def close(self) -> None:
        Sink.closed.append(self.name)


class Host:
    Sink = Sink

    def __init__(self) -> None:
        self.logged: list[str] = []
        self.app: demo.App | None = None

    def log(self, message: str) -> None:
        self.logged.append(message)

    def add(self, left: int, right: int) -> int:
        if left == 13:
            raise ArithmeticError("thirteen")
        if left == 14:
            return "fourteen"  # type: ignore[return-value]
        if left == 15:
            assert self.app
            return self.app.api.add(1, 1)
        if left == 16:
            raise KeyboardInterrupt
        return left + right

    def lookup(self, key: str) -> str:
        if key == "missing":
            raise demo.host.LookupError_("no such key")
        if key == "odd":
            raise demo.host.LookupError_(7)  # type: ignore[arg-type]
        return key.upper()

    def swap(self, text: str, data: bytes) -> tuple[str, bytes]:
        return data.decode(), text.encode()


@pytest.fixture
def host() -> Host:
    Sink.closed = []
    return Host()


@pytest.fixture
def app(demo_component: witgen_runtime.Component, host: Host) -> Iterator[demo.App]:
    with demo.App.load(demo_component, demo.Imports(host)) as app:
        host.app = app
        yield app


def test_imports_are_called(app: demo.App, host: Host) -> None:
    app.api.log("grüße")
    assert host.logged == ["grüße"]
    assert app.api.add(2, 3) == 5
    assert app.api.swap("a", b"b") == ("b", b"a")
    assert app.api.lookup("key") == "KEY"


def test_errors_of_imports_reach_the_component(app: demo.App) -> None:
    with pytest.raises(demo.api.LookupError_, match=r"^no such key$"):
        app.api.lookup("missing")
    assert app.api.lookup("key") == "KEY"


@pytest.mark.parametrize(
    ("left", "cause", "message"),
    [
        (13, ArithmeticError, "thirteen"),
        (14, TypeError, "`demo:app/host.add`: `result` must be an int that fits u32, not str"),
        (15, witgen_runtime.InstanceError, "a function that it has imported cannot call it"),
    ],
)
def test_other_exceptions_of_imports_are_traps(
    app: demo.App, left: int, cause: type[Exception], message: str
) -> None:
    with pytest.raises(witgen_runtime.Trap, match="`demo:app/host.add` raised") as caught:
        app.api.add(left, 0)
    assert isinstance(caught.value.__cause__, cause)
    assert message in str(caught.value.__cause__)
    assert caught.value.__cause__.__traceback__ or left != 13
    assert caught.value.code == "host"
    with pytest.raises(witgen_runtime.InstanceError, match="has ended with a trap"):
        app.api.add(1, 1)


def test_a_payload_that_does_not_fit_is_a_trap(app: demo.App) -> None:
    with pytest.raises(witgen_runtime.Trap) as caught:
        app.api.lookup("odd")
    assert "`LookupError_.payload` must be a str, not int" in str(caught.value.__cause__)


def test_signals_stay_what_they_are(app: demo.App) -> None:
    with pytest.raises(KeyboardInterrupt):
        app.api.add(16, 0)


def test_a_component_owns_objects_and_drops_them_once(app: demo.App) -> None:
    assert app.api.use_sink("first", 5) == 1005
    assert Sink.closed == ["first"]
    assert app._witgen_instance.objects == 0


def test_objects_are_lent(app: demo.App) -> None:
    sink = Sink("lent")
    assert app.api.fill(sink, 3) == 3
    assert app.api.fill(sink, 4) == 7
    assert Sink.closed == []
    assert app._witgen_instance.objects == 0


def test_objects_come_back_as_they_are(app: demo.App) -> None:
    sink = Sink("back")
    assert app.api.pass_(sink) is sink
    assert Sink.closed == []
    assert app._witgen_instance.objects == 0


def test_what_a_component_still_owns_is_closed_with_it(app: demo.App) -> None:
    app.api.keep(Sink("kept"))
    assert app._witgen_instance.objects == 1
    app.close()
    assert Sink.closed == ["kept"]
    app.close()
    assert Sink.closed == ["kept"]


def test_objects_of_another_class_are_refused(app: demo.App) -> None:
    with pytest.raises(TypeError, match="`demo:app/api.fill`: `sink` must be a Sink, not str"):
        app.api.fill("x", 1)  # type: ignore[arg-type]
    assert app.api.add(1, 1) == 2


def test_a_constructor_that_raises_is_a_trap(app: demo.App) -> None:
    with pytest.raises(witgen_runtime.Trap) as caught:
        app.api.use_sink("refuse", 1)
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_resources_are_dropped_once(app: demo.App) -> None:
    counter = Counter(app.api, 7)
    assert (counter.value(), counter.add(3), app.api.live()) == (7, 10, 1)
    with Counter(app.api, 1) as other:
        assert app.api.live() == 2
        assert other.value() == 1
    assert app.api.live() == 1
    counter.close()
    assert app.api.live() == 0
    counter.close()
    assert app.api.live() == 0


def test_the_garbage_collector_drops_resources(app: demo.App) -> None:
    counter = Counter(app.api, 7)
    assert app.api.live() == 1
    del counter
    assert app._witgen_instance.pending_drops == 1
    assert app.api.live() == 0
    assert app._witgen_instance.pending_drops == 0


def test_closed_and_moved_resources_cannot_be_used(app: demo.App) -> None:
    left, right = Counter(app.api, 1), Counter(app.api, 2)
    assert Counter.merge(app.api, left, right) == 3
    for use in (right.value, lambda: app.api.total([left, right]), lambda: app.api.shuffle([right])):
        with pytest.raises(ValueError, match="is a counter that was closed or given away|is a Counter that"):
            use()
    left.close()
    with pytest.raises(ValueError, match="`self` is a Counter that was closed or given away"):
        left.value()
    assert app.api.live() == 0


def test_one_call_cannot_lend_and_give_away(app: demo.App) -> None:
    one, two = Counter(app.api, 1), Counter(app.api, 2)
    with pytest.raises(ValueError, match=r"`counters\[1\]` is a counter that this call already gives away"):
        app.api.shuffle([one, one])
    with pytest.raises(ValueError, match="`right` is a counter that is still lent"):
        Counter.merge(app.api, one, one)
    # Neither call took anything.
    assert app.api.total([one, two, one]) == 4
    again = app.api.shuffle([two, one])
    assert [counter.value() for counter in again] == [2, 1]
    assert all(type(counter) is Counter for counter in again)
    assert app.api.live() == 2


def test_resources_of_another_instance_are_refused(
    app: demo.App, demo_component: witgen_runtime.Component, host: Host
) -> None:
    with demo.App.load(demo_component, demo.Imports(host)) as other:
        counter = Counter(other.api, 1)
        with pytest.raises(ValueError, match=r"`counters\[0\]` is a counter of another instance"):
            app.api.total([counter])
        with pytest.raises(TypeError, match=r"`counters\[0\]` must be a Counter, not int"):
            app.api.total([1])  # type: ignore[list-item]
        assert other.api.live() == 1
    with pytest.raises(witgen_runtime.InstanceError, match="was closed"):
        counter.value()
    counter.close()


def test_an_unfinished_constructor_leaves_no_handle(app: demo.App) -> None:
    with pytest.raises(OverflowError, match="`demo:app/api.counter`: `start` is -1"):
        Counter(app.api, -1)
    with pytest.raises(ValueError, match="closed or given away"):
        Counter.__new__(Counter).value()
    assert app.api.live() == 0


def test_a_resource_takes_over_its_own_kind_alone(app: demo.App) -> None:
    class Other(witgen_runtime.Resource):
        pass

    counter = Counter(app.api, 1)
    with pytest.raises(TypeError, match="a Other cannot take over a Counter"):
        Other(counter)
    assert counter.value() == 1


def test_missing_functions_are_found_at_once(demo_component: witgen_runtime.Component) -> None:
    class Poor:
        Sink = Sink
        log = add = lookup = Host.log

    with pytest.raises(TypeError, match="the implementation of `demo:app/host` has no `swap`"):
        demo.App.load(demo_component, demo.Imports(Poor()))  # type: ignore[arg-type]


def test_cycles_through_an_instance_are_collected(demo_component: witgen_runtime.Component) -> None:
    Sink.closed = []
    host = Host()
    app = demo.App.load(demo_component, demo.Imports(host))
    host.app = app
    sink = Sink("cycle")
    sink.counter = Counter(app.api, 1)  # type: ignore[attr-defined]
    app.api.keep(sink)
    instance = weakref.ref(app._witgen_instance)
    del app, host, sink
    gc.collect()
    gc.collect()
    assert instance() is None


def test_a_thousand_calls_keep_nothing(app: demo.App) -> None:
    for index in range(1000):
        app.api.use_sink("again", 1)
        app.api.pass_(Sink("back"))
        Counter(app.api, index).close()
        with pytest.raises(OverflowError):
            app.api.fill(Sink("bad"), -1)
    assert app._witgen_instance.objects == 0
    assert app.api.live() == 0
