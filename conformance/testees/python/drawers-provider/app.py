"""One interface under several names."""

from bindings import exports, left, right


class Left(exports.Left):
    def __init__(self) -> None:
        self.thing: left.Thing | None = None

    def put(self, thing: left.Thing) -> left.Thing | None:
        before, self.thing = self.thing, thing
        return before

    def take(self) -> left.Thing | None:
        before, self.thing = self.thing, None
        return before


class Right(exports.Right):
    def __init__(self) -> None:
        self.thing: right.Thing | None = None

    def put(self, thing: right.Thing) -> right.Thing | None:
        before, self.thing = self.thing, thing
        return before

    def take(self) -> right.Thing | None:
        before, self.thing = self.thing, None
        return before
