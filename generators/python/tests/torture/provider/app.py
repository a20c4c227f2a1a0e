"""Implements what tools stumble over."""

import math

from bindings import (
    Err,
    Ok,
    ReadError,
    exports,
    forms,
    handles,
    hidden,
    inner,
)


class Hidden(exports.Hidden):
    def echo_color(self, value: hidden.Color) -> hidden.Color:
        return value

    def echo_more(self, value: hidden.More) -> hidden.More:
        return value

    def echo_shape(self, value: hidden.Shape) -> hidden.Shape:
        return value


class Token(handles.Token):
    live = 0

    def __init__(self) -> None:
        Token.live += 1

    def __del__(self) -> None:
        Token.live -= 1


class Owner(handles.Owner):
    def __init__(self) -> None:
        pass

    def finalizer_(self) -> str:
        return "fine"

    def handle_(self, token: handles.Token) -> handles.Token:
        return token


class Handles(exports.Handles):
    Token = Token
    Owner = Owner

    def make(self) -> handles.Token:
        return Token()

    def same(self, token: handles.Token, other: handles.Token) -> bool:
        return token is other

    def live(self) -> int:
        return Token.live


class Keeper(forms.Keeper):
    def __init__(self, start: dict[str, int]) -> None:
        self.start = start

    def all(self) -> list[dict[str, int]]:
        return [self.start, {}]


class Forms(exports.Forms):
    Keeper = Keeper

    def echo(self, value: forms.Content) -> forms.Content:
        return value

    def flip(
        self, value: Ok[forms.Table] | Err[dict[str, int]]
    ) -> Ok[dict[str, int]] | Err[forms.Table] | None:
        match value:
            case Ok(table):
                return Err(table)
            case Err(numbers):
                return Ok(numbers)

    def check(self, value: dict[int, list[int]]) -> dict[int, forms.Table]:
        if not value:
            raise forms.CheckError({"empty": -1})
        return {key: forms.Table({"row": row}, None) for key, row in value.items()}

    def count(self, tokens: dict[str, handles.Token]) -> dict[str, handles.Token]:
        return {name: token for name, token in tokens.items() if name != "gone"}


class Inner(exports.Inner):
    def next(self, value: inner.Color) -> inner.Color | None:
        return inner.Color.GREEN if value is inner.Color.RED else None


class WitWorld(exports.WitWorld):
    def exp(self, power: float) -> float:
        return math.exp2(power)

    def read(self, length: int) -> bytes:
        if length > 3:
            raise ReadError(f"{length} is too much")
        return bytes(range(length))
