"""The operations, on the Python host of witgen."""

from __future__ import annotations

from array import array

from witgen_runtime import Component, Some

import views
from bindings import Bench, Imports
from bindings.calls import Calls, Counter, DivideError, Row, ShapeCircle

__all__ = ["operations"]


class Host:
    """The interface that the component imports."""

    def scalar(self, left: int, right: int) -> int:
        """Add."""
        return left + right

    def text(self, value: str) -> str:
        """Give back."""
        return value

    def swap(self, text: str, data: bytes) -> tuple[str, bytes]:
        """Give back."""
        return text, data


def operations(path: str) -> tuple[dict[str, str], dict[str, object]]:
    """Return what is measured, and what it uses."""
    component = Component.load(path)
    imports = Imports(host=Host())
    calls = Bench.load(component, imports).calls
    numbers = list(range(100_000))
    used = {
        "Bench": Bench,
        "array": array("I", numbers),
        "calls": calls,
        "circle": ShapeCircle(0.5),
        "component": component,
        "counter": Counter(calls, 1),
        "data": bytes(1 << 20),
        "imports": imports,
        "numbers": numbers,
        "raised": raised,
        "resource": resource,
        "rows": [Row(index, f"name-{index}", index * 0.5) for index in range(1000)],
        "small": bytes(10),
        "some": Some(5),
        "text10": "x" * 10,
        "text1k": "x" * 1000,
        "text100k": "x" * 100_000,
        "views": views.Bench.load(component, views.Imports(host=Host())).calls,
    }
    return {
        "nop": "calls.nop()",
        "add": "calls.add(1, 2)",
        "string 10 B": "calls.echo_string(text10)",
        "string 1 kB": "calls.echo_string(text1k)",
        "string 100 kB": "calls.echo_string(text100k)",
        "bytes 1 MiB": "calls.echo_bytes(data)",
        "list<u32> 100k": "calls.echo_numbers(numbers)",
        "list<u32> 100k, memoryviews": "views.echo_numbers(array)",
        "1000 records": "calls.echo_rows(rows)",
        "variant": "calls.echo_shape(circle)",
        "option": "calls.echo_option(5)",
        "option<option>": "calls.echo_nested(some)",
        "result ok": "calls.divide(7, 2)",
        "result raised": "raised(calls)",
        "import scalar": "calls.call_scalar(1, 2)",
        "import string + bytes 10 B": "calls.call_swap(text10, small)",
        "import string + bytes 1 MiB": "calls.call_swap(text10, data)",
        "resource new, call, drop": "resource(calls)",
        "method call": "counter.value()",
        "instantiate": "Bench.load(component, imports)",
    }, used


def raised(calls: Calls) -> None:
    """Catch an error."""
    try:
        calls.divide(7, 0)
    except DivideError:
        pass


def resource(calls: Calls) -> None:
    """Make a resource, call it and drop it."""
    with Counter(calls, 7) as counter:
        counter.value()
