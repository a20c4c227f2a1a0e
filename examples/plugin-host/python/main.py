"""An application whose plugins are components, each with grants of its own, and which outlives all that they do.

`main.py FOLDER` looks for `NAME.wasm` with its grants, `NAME.toml`.
Each line that it reads, a width and a strength, goes to all of them; what has changed since is loaded again.
"""

import sys
from pathlib import Path

from bindings import filters
from plugin import Loaded, Stamp, first_line, stamp

IMAGE = bytes([0, 50, 100, 150, 200, 250])


def main(folder: Path) -> None:
    """Run until there is nothing more to read."""
    plugins: dict[str, tuple[Stamp, Loaded | None]] = {}
    for line in sys.stdin:
        try:
            width, strength = map(int, line.split())
        except ValueError:
            say(f"give a width and a strength, not `{line.strip()}`")
            continue
        refresh(folder, plugins)
        for name, (_, plugin) in sorted(plugins.items()):
            if plugin is not None:
                say(f"{name}: {plugin.apply(IMAGE, filters.Options(width, strength))}")


def refresh(folder: Path, plugins: dict[str, tuple[Stamp, Loaded | None]]) -> None:
    """Load what is new or has changed; a version that cannot be loaded leaves the one before it."""
    found = {path.stem: path for path in sorted(folder.glob("*.wasm"))}
    for name in plugins.keys() - found.keys():
        del plugins[name]
    for name, path in found.items():
        known, plugin = plugins.get(name, (None, None))
        now = stamp(path)
        if now == known:
            continue
        try:
            plugin = Loaded(path, say)
        except Exception as reason:
            say(f"{name}: not loaded: {first_line(reason)}")
        plugins[name] = now, plugin


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
