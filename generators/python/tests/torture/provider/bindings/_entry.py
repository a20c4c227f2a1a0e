"""Adapts an application to what the run time of componentize-py expects."""

from types import ModuleType

from . import _witgen
from .handles import _witgen_check_owner, _witgen_check_token
from .hidden import (
    Color,
    Enum_,
    Flag_,
    More,
    ShapeCircle,
    ShapeNone,
    ShapeSquare,
    Union,
    _witgen_check_color,
    _witgen_check_more,
    _witgen_check_shape,
)

__all__ = ["adapt"]


def adapt(app: ModuleType) -> dict[str, object]:
    """Return what componentize-py looks for, made of the classes of `app`."""
    _witgen.bind(
        "test_torture_hidden_1_2_3",
        {
            "Enum": Enum_,
            "Color": Color,
            "Flag": Flag_,
            "More": More,
            "Union": Union,
            "Shape_Circle": ShapeCircle,
            "Shape_Square": ShapeSquare,
            "Shape_None": ShapeNone,
        },
    )
    _witgen.resource(
        app,
        "Handles",
        "the interface `test:torture/handles@1.2.3`",
        "test_torture_handles_1_2_3",
        "Token",
        "Token",
        _witgen_check_token,
    )
    _witgen.resource(
        app,
        "Handles",
        "the interface `test:torture/handles@1.2.3`",
        "test_torture_handles_1_2_3",
        "Owner",
        "Owner",
        _witgen_check_owner,
        _witgen.method("constructor", "__init__", kind="constructor"),
        _witgen.method("finalizer", "finalizer_", ok=_witgen.string, params=[None]),
        _witgen.method(
            "handle",
            "handle_",
            ok=_witgen_check_token,
            params=[None, _witgen_check_token],
        ),
    )
    return {
        "TestTortureHidden123": _witgen.exported(
            app,
            "Hidden",
            "the interface `test:torture/hidden@1.2.3`",
            _witgen.method("echo_color", "echo_color", ok=_witgen_check_color),
            _witgen.method("echo_more", "echo_more", ok=_witgen_check_more),
            _witgen.method("echo_shape", "echo_shape", ok=_witgen_check_shape),
        ),
        "TestTortureHandles123": _witgen.exported(
            app,
            "Handles",
            "the interface `test:torture/handles@1.2.3`",
            _witgen.method("make", "make", ok=_witgen_check_token),
            _witgen.method(
                "same",
                "same",
                ok=_witgen.boolean,
                params=[_witgen_check_token, _witgen_check_token],
            ),
            _witgen.method("live", "live", ok=_witgen.u32),
        ),
        "Inner": _witgen.exported(
            app,
            "Inner",
            "the interface `inner`",
            _witgen.method("next", "next", ok=_witgen.option_of(_witgen_check_color)),
        ),
    }
