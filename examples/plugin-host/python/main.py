"""An application whose plugins are components, and which outlives all that they do."""

import sys
from pathlib import Path

from bindings import Imports, Plugin, filters
from witgen_runtime import Component, Trap

IMAGE = bytes([0, 50, 100, 150, 200, 250])
GRANTS = {
    "limits": {"memory": "64MiB", "deadline": "2s"},
    # The run times of Python, JavaScript and Go use both before a plugin does anything.
    "clocks": {"monotonic": True, "wall": True},
    "random": {"allow": True},
}


class Logger:
    """What a plugin logs goes to stdout, after its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def log(self, message: str) -> None:
        print(f"{self.name}: {message}")


def apply(
    name: str, component: Component, image: bytes, options: filters.Options
) -> bytes | None:
    """Run a plugin in an instance of its own; None when it has nothing to offer."""
    with Plugin.load(component, Imports(logger=Logger(name)), grants=GRANTS) as plugin:
        try:
            return plugin.filters.filter(image, options)
        except filters.FilterWitError as error:
            match error.payload:
                case filters.FilterErrorRagged(pixels):
                    print(f"{name}: {pixels} pixels are left over")
                case filters.FilterErrorUnsupported(reason):
                    print(f"{name}: cannot do it: {reason}")
        except Trap as trap:
            print(f"{name}: stopped ({trap.code})")
    return None


def main(paths: list[str]) -> None:
    """Apply every plugin, in turn."""
    # Deadlines need code that can be interrupted.
    plugins = {
        Path(path).stem: Component.load(path, interruptible=True) for path in paths
    }
    naughty = plugins.pop("naughty", None)
    if naughty is not None:
        for strength in range(3):
            apply("naughty", naughty, IMAGE, filters.Options(3, strength))
    for name, component in plugins.items():
        for options in (filters.Options(3, 100), filters.Options(4, 0)):
            result = apply(name, component, IMAGE, options)
            if result is not None:
                print(f"{name}: {list(result)}")


if __name__ == "__main__":
    main(sys.argv[1:])
