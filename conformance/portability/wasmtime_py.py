"""Runs a component of the examples as somebody would who knows wasmtime-py and nothing of witgen.

Its arguments are the component, a cache configuration, what to do, and for a command the folder that it reads.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from wasmtime import Config, Engine, Store, WasiConfig
from wasmtime.component import Component, Instance, Linker, Record, Variant

IMAGE = bytes([0, 50, 100, 150, 200, 250])


def main(path: str, cache: str, story: str, texts: str | None = None) -> None:
    """Instantiate the component and do what is asked for."""
    config = Config()
    config.cache = cache
    # Components hold whole interpreters, and this program runs them for a moment.
    config.cranelift_opt_level = "none"
    engine = Engine(config)
    component = Component.from_file(engine, path)
    linker = Linker(engine)
    linker.add_wasip2()
    if story == "plugin":
        with linker.root() as root, root.add_instance("example:plugins/logger") as log:
            log.add_func("log", lambda _store, message: print(message, flush=True))
    store = Store(engine)
    store.set_wasi(wasi(texts))
    instance = linker.instantiate(store, component)
    if story == "plugin":
        plugin(function(store, instance, "example:plugins/filters", "filter"))
    else:
        exports = component.type.exports(engine)
        run = next(name for name in exports if name.startswith("wasi:cli/run@"))
        outcome = function(store, instance, run, "run")()
        assert isinstance(outcome, Variant) and outcome.tag == "ok", outcome


def wasi(texts: str | None) -> WasiConfig:
    """Return what the component gets of this machine."""
    config = WasiConfig()
    config.inherit_stdin()
    config.inherit_stdout()
    config.inherit_stderr()
    if texts is not None:
        config.env = [("TITLE", "Texts")]
        config.preopen_dir(texts, "/texts", fs_mutable=False)
    return config


def plugin(filter_image: Callable[..., object]) -> None:
    """Call the plugin, in vain the second time for some of them."""
    options = Record()
    options.width, options.strength = 3, 100
    print(*filter_image(IMAGE, options))
    options.width, options.strength = 4, 0
    result = filter_image(IMAGE, options)
    # A result whose cases have types that are easily told apart comes as the value alone.
    if not isinstance(result, bytes):
        print("ragged" if isinstance(result, int) else "unsupported", result)


def function(store: Store, instance: Instance, *path: str) -> Callable[..., object]:
    """Return an exported function."""
    index = None
    for name in path:
        index = instance.get_export_index(store, name, index)
        assert index is not None, name
    found = instance.get_func(store, index)
    assert found is not None, path

    def call(*arguments: object) -> object:
        result = found(store, *arguments)
        found.post_return(store)
        return result

    return call


if __name__ == "__main__":
    main(*sys.argv[1:])
