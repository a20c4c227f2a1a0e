"""The seam to componentize-py, tried with modules like those that it makes."""

import importlib
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

import witgen_guest.component as component
from witgen_guest import (
    Err,
    Ok,
    WitError,
    bind,
    exported,
    imported,
    method,
    signed_octets,
    string,
    u8,
)


@pytest.fixture
def world() -> Iterator[types.ModuleType]:
    """Make a world with an interface as componentize-py does, and have it found."""
    source = """
from componentize_py_types import Err, Ok
from dataclasses import dataclass
class Err:
    pass
@dataclass
class Point:
    x: int
    class_: int
class None_:
    pass
def call(value):
    result = Ok(value) if value else hidden(value)
    if isinstance(result, Err):
        raise result
    return result.value
def class_():
    return 1
"""
    runtime = types.ModuleType("componentize_py_types")
    setattr(runtime, "Ok", Ok)
    setattr(runtime, "Err", Err)
    names = ["wit_world", "wit_world.imports", "wit_world.imports.types"]
    modules = {name: types.ModuleType(name) for name in names}
    vars(modules["wit_world"])["__path__"] = ["/world/wit_world"]
    sys.modules.update(modules, componentize_py_types=runtime)
    importlib.reload(component)
    made = modules["wit_world.imports.types"]
    exec(source, vars(made))
    setattr(made, "hidden", Err)
    yield made
    for name in [*names, "wit_world.exports", "componentize_py_types"]:
        sys.modules.pop(name, None)
    importlib.reload(component)


def test_class_is_put_in_place_with_the_names_of_its_fields(
    world: types.ModuleType,
) -> None:
    @dataclass(slots=True)
    class Ours:
        x: int
        kind: int

    component.bind("types", {"Point": Ours})
    assert vars(world)["Point"] is Ours
    assert getattr(Ours(1, 2), "class_") == 2


def test_keyword_has_an_underscore_there(world: types.ModuleType) -> None:
    class Nothing:
        pass

    component.bind("types", {"None": Nothing})
    assert vars(world)["None_"] is Nothing
    assert component.imported("imports.types", "class")() == 1


def test_type_called_err_does_not_hide_the_error(world: types.ModuleType) -> None:
    call = component.imported("imports.types", "call")
    vars(world)["hidden"] = Err
    assert call(3) == 3
    with pytest.raises(Err):
        component.imported("imports.types", "call")(0)


def test_what_componentize_py_did_not_make_is_named(world: types.ModuleType) -> None:
    with pytest.raises(ImportError, match="no class `Missing`"):
        component.bind("types", {"Missing": int})
    with pytest.raises(ImportError, match="no function `missing` in `imports.types`"):
        component.imported("imports.types", "missing", "Point")


def test_results_in_another_form_are_received(world: types.ModuleType) -> None:
    call = component.imported("imports.types", "call", ok=signed_octets)
    assert call(b"\xff") == [-1]
    with pytest.raises(Err) as caught:
        component.imported("imports.types", "call", err=signed_octets)(b"")
    assert caught.value.value == []


def test_function_that_was_left_out_says_so(world: types.ModuleType) -> None:
    missing = component.imported("imports.types", "missing")
    with pytest.raises(RuntimeError, match="`missing` was left out of the component"):
        missing()


def test_imports_say_that_they_need_a_component() -> None:
    function = imported("imports.types", "call")
    with pytest.raises(RuntimeError, match="`call` works inside a component only"):
        function(1)


class FailError(WitError[str]):
    """An error of a function."""


def app(**classes: type) -> types.ModuleType:
    """Make a module with an application."""
    module = types.ModuleType("app")
    vars(module).update(classes)
    return module


class Greeter:
    """An application."""

    made = 0

    def __init__(self) -> None:
        """Count the instances."""
        Greeter.made += 1

    def greet(self, name: str) -> Any:
        """Greet, or do something wrong."""
        match name:
            case "fail":
                raise FailError("no")
            case "raw":
                raise Err("raw")
            case "trap":
                raise KeyError(name)
            case "wrong":
                return 3
            case _:
                return f"Hello, {name}!"

    def class_(self) -> int:
        """Have a name that is a keyword."""
        return 300


def greeter() -> Any:
    """Adapt the application."""
    methods = [
        method("greet", "greet", ok=string, error=FailError, err=string),
        method("class", "class_", ok=u8),
    ]
    return exported(app(Greeter=Greeter), "Greeter", "the interface", *methods)


def test_one_instance_serves_every_call() -> None:
    before = Greeter.made
    factory = greeter()
    assert factory().greet("Ada") == "Hello, Ada!"
    assert factory() is factory()
    assert Greeter.made == before + 1


def test_error_of_the_function_becomes_what_componentize_py_wants() -> None:
    for name in ("fail", "raw"):
        with pytest.raises(Err):
            greeter()().greet(name)


def test_other_exceptions_and_bad_results_stay_exceptions() -> None:
    with pytest.raises(KeyError):
        greeter()().greet("trap")
    with pytest.raises(TypeError, match="the result of `greet` must be a str, not int"):
        greeter()().greet("wrong")
    for name in ("class", "class_"):
        with pytest.raises(OverflowError, match="the result of `class_` is 300"):
            getattr(greeter()(), name)()


def test_missing_class_and_missing_method_are_named() -> None:
    with pytest.raises(TypeError, match=r"`app` has no class `Greeter`.*the interface"):
        exported(app(), "Greeter", "the interface")
    wanted = method("leave", "leave")
    with pytest.raises(TypeError, match="lacks `leave` of the interface"):
        exported(app(Greeter=Greeter), "Greeter", "the interface", wanted)


def test_bind_without_a_component_names_what_is_missing() -> None:
    with pytest.raises(ImportError, match="made no class `Point`"):
        bind("types", {"Point": int})
