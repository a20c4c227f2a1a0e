"""The operations, on wasmtime-py, with its dynamic values."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["operations"]


def operations(path: str) -> tuple[dict[str, str], dict[str, object]]:
    """Return what is measured, and what it uses."""
    from wasmtime import Engine, Store
    from wasmtime.component import Component, Linker, Record

    engine = Engine()
    component = Component.from_file(engine, path)
    linker = Linker(engine)
    with linker.root() as root, root.add_instance("witgen:bench/host") as host:
        host.add_func("scalar", lambda _store, left, right: left + right)
        host.add_func("text", lambda _store, value: value)
        host.add_func("swap", lambda _store, text, data: (text, data))
    store = Store(engine)
    instance = linker.instantiate(store, component)
    calls = instance.get_export_index(store, "witgen:bench/calls")
    assert calls is not None

    def bound(name: str) -> Callable[..., object]:
        index = instance.get_export_index(store, name, calls)
        assert index is not None, name
        function = instance.get_func(store, index)
        assert function is not None, name

        def run(*arguments: object) -> object:
            result = function(store, *arguments)
            function.post_return(store)
            return result

        return run

    def record(index: int) -> Record:
        row = Record()
        row.id, row.name, row.score = index, f"name-{index}", index * 0.5  # type: ignore[attr-defined]
        return row

    def fresh() -> object:
        return linker.instantiate(Store(engine), component)

    names = {
        "nop": "nop",
        "add": "add",
        "echo_string": "echo-string",
        "echo_bytes": "echo-bytes",
        "echo_numbers": "echo-numbers",
        "echo_rows": "echo-rows",
        "echo_shape": "echo-shape",
        "echo_option": "echo-option",
        "divide": "divide",
        "call_scalar": "call-scalar",
        "call_swap": "call-swap",
    }
    used: dict[str, object] = {name: bound(function) for name, function in names.items()}
    used |= {
        "data": bytes(1 << 20),
        "fresh": fresh,
        "numbers": list(range(100_000)),
        "rows": [record(index) for index in range(1000)],
        "small": bytes(10),
        "text10": "x" * 10,
        "text1k": "x" * 1000,
        "text100k": "x" * 100_000,
    }
    return {
        "nop": "nop()",
        "add": "add(1, 2)",
        "string 10 B": "echo_string(text10)",
        "string 1 kB": "echo_string(text1k)",
        "string 100 kB": "echo_string(text100k)",
        "bytes 1 MiB": "echo_bytes(data)",
        "list<u32> 100k": "echo_numbers(numbers)",
        "1000 records": "echo_rows(rows)",
        "variant": "echo_shape(0.5)",
        "option": "echo_option(5)",
        "result ok": "divide(7, 2)",
        "result raised": "divide(7, 0)",
        "import scalar": "call_scalar(1, 2)",
        "import string + bytes 10 B": "call_swap(text10, small)",
        "import string + bytes 1 MiB": "call_swap(text10, data)",
        "instantiate": "fresh()",
    }, used
