"""Uses what tools stumble over, and compares."""

from bindings import (
    Err,
    Ok,
    ReadError,
    exp,
    exports,
    forms,
    handles,
    hidden,
    inner,
    read,
)

CONTENTS: list[forms.Content] = [
    forms.ContentTable(forms.Table({"a": [-128, 127], "": []}, {"ä": True})),
    forms.ContentTable(forms.Table({}, None)),
    forms.ContentSigned([-1, 0, 1]),
    forms.ContentAliased([-1, 0, 1]),
    forms.ContentPairs([(1, 2), (1, 3)]),
    forms.ContentWrapped([((1, 2),), ((1, 3),)]),
    forms.ContentNothing(),
]


TABLE = forms.Table({"row": [1, -1]}, {"x": False})


def failure() -> object:
    """Return what `check` says of an empty map."""
    try:
        return forms.check({})
    except forms.CheckError as error:
        return error.payload


def unread() -> object:
    """Return what `read` says of too much."""
    try:
        return read(4)
    except ReadError as error:
        return error.payload


def kept() -> list[str]:
    """Return the names of tokens that come back, and how many there are then."""
    named = {name: handles.make() for name in ["a", "gone", "z"]}
    back = forms.count(named)
    names = [*sorted(back), str(handles.live())]
    for token in back.values():
        token.close()
    return names


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
            ("kept", kept(), ["a", "z", "2"]),
            ("live", handles.live(), 0),
            *((f"echo {value}", forms.echo(value), value) for value in CONTENTS),
            ("flip", forms.flip(Ok(TABLE)), Err(TABLE)),
            ("flip back", forms.flip(Err({"n": -5})), Ok({"n": -5})),
            ("check", forms.check({7: [-7]}), {7: forms.Table({"row": [-7]}, None)}),
            ("failure", failure(), {"empty": -1}),
            ("exp", exp(10.0), 1024.0),
            ("read", read(3), b"\x00\x01\x02"),
            ("unread", unread(), "4 is too much"),
            ("keeper", forms.Keeper({"x": 1}).all(), [{"x": 1}, {}]),
        ]
        return [
            f"{what}: got {got!r}, wanted {wanted!r}"
            for what, got, wanted in steps
            if got != wanted
        ]
