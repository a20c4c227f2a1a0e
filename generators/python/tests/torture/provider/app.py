"""Implements what tools stumble over."""

from bindings import exports, handles, hidden, inner


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


class Inner(exports.Inner):
    def next(self, value: inner.Color) -> inner.Color | None:
        return inner.Color.GREEN if value is inner.Color.RED else None
