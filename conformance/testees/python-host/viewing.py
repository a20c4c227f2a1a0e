"""Takes lists of numbers as views."""

import sys
from array import array

from bindings import Imports, Provider

GRANTS = {"clocks": {"monotonic": True, "wall": True}, "random": {"allow": True}}


class Unused:
    """What the world imports for its types alone."""

    def __getattr__(self, name: str) -> object:
        return lambda *_: None


def main(component: str) -> None:
    imports = Imports(records=Unused())  # type: ignore[arg-type]
    with Provider.load(component, imports, grants=GRANTS) as app:
        shorts: memoryview = app.lists.echo_u16s(array("H", [0, 1, 65535]))
        print(shorts.format, shorts.readonly, shorts.tolist())
        print(app.lists.echo_s64s([-(2**63), 2**63 - 1]).tolist())
        print(app.lists.echo_f64s(array("d", [0.5, -0.0]))[1])
        print(app.lists.echo_u16s([]).tolist())
        # Nothing else is a view.
        print(app.lists.echo_bytes(b"ab"), app.lists.echo_bools([True]))


if __name__ == "__main__":
    main(sys.argv[1])
