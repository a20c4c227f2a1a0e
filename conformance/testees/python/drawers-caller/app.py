"""Uses both drawers, and compares."""

from bindings import exports, left, right


class WitWorld(exports.WitWorld):
    def run(self) -> list[str]:
        pen, book = left.Thing("pen", 2), right.Thing("book", 800)
        steps = [
            ("left.take", left.take(), None),
            ("right.take", right.take(), None),
            ("left.put", left.put(pen), None),
            ("right.take", right.take(), None),
            ("right.put", right.put(book), None),
            ("right.put", right.put(right.Thing("box", 1)), book),
            ("left.take", left.take(), pen),
            ("left.take", left.take(), None),
            ("right.take", right.take(), right.Thing("box", 1)),
        ]
        return [
            f"{what}: got {got!r}, wanted {wanted!r}"
            for what, got, wanted in steps
            if got != wanted
        ]
