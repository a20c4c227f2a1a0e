"""The interface `test:torture/handles@1.2.3`."""

from __future__ import annotations

from collections.abc import Callable

from . import _witgen

__all__ = ["Owner", "Token", "live", "make", "same"]


class Token(_witgen.Resource):
    """Nothing but a handle."""


class Owner(_witgen.Resource):
    """The resource `owner`."""

    def __init__(self) -> None:
        _witgen_call_owner_constructor(self)

    def finalizer_(self) -> str:
        return _witgen_call_owner_finalizer(_witgen_check_owner(self, "`self`"))

    def handle_(self, token: Token) -> Token:
        return _witgen_call_owner_handle(
            _witgen_check_owner(self, "`self`"),
            _witgen_check_token(token, "`token`"),
        )


_witgen_check_token = _witgen.Handle(Token)
_witgen_call_owner_constructor: Callable[..., None] = _witgen.imported(
    "imports.test_torture_handles_1_2_3",
    "__init__",
    "Owner",
)
_witgen_call_owner_finalizer: Callable[..., str] = _witgen.imported(
    "imports.test_torture_handles_1_2_3",
    "finalizer",
    "Owner",
)
_witgen_call_owner_handle: Callable[..., Token] = _witgen.imported(
    "imports.test_torture_handles_1_2_3",
    "handle",
    "Owner",
)
_witgen_check_owner = _witgen.Handle(Owner)
_witgen_call_make: Callable[..., Token] = _witgen.imported(
    "imports.test_torture_handles_1_2_3",
    "make",
)
_witgen_call_same: Callable[..., bool] = _witgen.imported(
    "imports.test_torture_handles_1_2_3",
    "same",
)
_witgen_call_live: Callable[..., int] = _witgen.imported(
    "imports.test_torture_handles_1_2_3",
    "live",
)


def make() -> Token:
    return _witgen_call_make()


@_witgen.giving
def same(token: Token, other: Token) -> bool:
    return _witgen_call_same(
        _witgen_check_token(token, "`token`"),
        _witgen_check_token.own(other, "`other`"),
    )


def live() -> int:
    return _witgen_call_live()
