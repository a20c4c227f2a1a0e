"""Uses what tools stumble over, and compares."""

from bindings import exports, handles, hidden, inner


class WitWorld(exports.WitWorld):
    def run(self) -> list[str]:
        with handles.Owner() as owner, handles.make() as token:
            with owner.handle_(token) as again:
                lent = handles.live()
            same = handles.same(token, owner.handle_(token))
            other = handles.same(token, handles.make())
            alive = handles.live()
            finalizer = owner.finalizer_()
            try:
                again.close()
                handles.same(again, token)
                refused = "nothing"
            except ValueError as error:
                refused = str(error)
        more = hidden.More.E | hidden.More.F
        shape = hidden.ShapeSquare(hidden.Union(7))
        steps: list[tuple[str, object, object]] = [
            ("color", hidden.echo_color(hidden.Color.GREEN), hidden.Color.GREEN),
            ("more", hidden.echo_more(more), more),
            ("shape", hidden.echo_shape(shape), shape),
            ("next", inner.next(inner.Color.RED), inner.Color.GREEN),
            ("next of the last", inner.next(inner.Color.GREEN), None),
            ("lent", lent, 1),
            ("same", same, True),
            ("other", other, False),
            ("alive", alive, 1),
            ("finalizer", finalizer, "fine"),
            ("refused", refused, "`token` is a Token that was closed or given away"),
            ("live", handles.live(), 0),
        ]
        return [
            f"{what}: got {got!r}, wanted {wanted!r}"
            for what, got, wanted in steps
            if got != wanted
        ]
