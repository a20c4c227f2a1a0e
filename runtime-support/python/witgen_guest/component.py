"""The seam to componentize-py, whose names stand here and nowhere else.

At build time componentize-py imports the application, then looks up the classes of all
types in the modules that it made from the WIT. Ours are put there before, so its run time
makes and reads values of the classes that the application sees, and nothing is copied.
"""

import dataclasses
import functools
import importlib
import inspect
import sys
import types
import weakref
from collections.abc import Callable
from operator import attrgetter
from typing import Any, NoReturn

from .checks import Check, Receive, received
from .loading import WORLD, find, place
from .resources import Implemented, Shim, giving
from .values import Err, Ok, Some, WitError

__all__ = ["bind", "exported", "imported", "method", "resource"]

try:
    _types: types.ModuleType | None = importlib.import_module("componentize_py_types")
except ImportError:
    # Not in a component: somebody tests an application, or reads its documentation.
    _types = None
else:
    for _class in (Ok, Err, Some):
        setattr(_types, _class.__name__, _class)


def _spelled(place: object, name: str) -> str | None:
    """Return how componentize-py spells `name`: with an underscore behind a keyword."""
    return next((word for word in (name, f"{name}_") if word in vars(place)), None)


def _call_import(index: int, args: list[Any]) -> Any:
    """Call as componentize-py does, which knows no constructor that may fail."""
    runtime = importlib.import_module("componentize_py_runtime")
    result = runtime.call_import(index, args)
    if isinstance(result, Err):
        raise result
    return result.value if isinstance(result, Ok) else result


_CONSTRUCTOR = "__init__"


def _left_out(name: str) -> Callable[..., Any]:
    def missing(*_: object) -> NoReturn:
        raise RuntimeError(
            f"the imported function `{name}` was left out of the component, "
            "since no source of the application mentions it"
        )

    return missing


def imported(
    path: str,
    name: str,
    cls: str = "",
    ok: Check | None = None,
    err: Check | None = None,
) -> Callable[..., Any]:
    """Return the imported function `name` of the module `path`; an empty one is the world.

    With `cls` it is a function of that resource: `__init__` is the constructor. The checks
    are those of results that come in another form.
    """
    if _types is None:

        def unavailable(*_: object) -> NoReturn:
            raise RuntimeError(
                f"the imported function `{name}` works inside a component only"
            )

        return unavailable
    owner: Any = find(path)
    if owner is not None and cls:
        owner = getattr(owner, _spelled(owner, cls) or "", None)
    spelled = None if owner is None else _spelled(owner, name)
    if spelled is None and not cls:
        return _left_out(name)
    function: Any = vars(owner)[spelled] if spelled else None
    is_static = isinstance(function, classmethod)
    if is_static:
        function = function.__func__
    if not isinstance(function, types.FunctionType):
        raise ImportError(
            f"componentize-py made no function `{name}` in `{path or WORLD}`"
        )
    # A type called `err` hides `Err` from the functions of its module.
    names = {**function.__globals__, "Err": Err, "Ok": Ok}
    if cls and name == _CONSTRUCTOR:
        runtime = types.SimpleNamespace(call_import=_call_import)
        names["componentize_py_runtime"] = runtime
    names["weakref"] = weakref
    found = types.FunctionType(function.__code__, names, name)
    call = functools.partial(found, None) if is_static else found
    return _receiving(call, received(ok), received(err))


def _receiving(
    call: Callable[..., Any], ok: Receive | None, err: Receive | None
) -> Callable[..., Any]:
    if ok is None and err is None:
        return call

    def receiving(*args: Any) -> Any:
        try:
            result = call(*args)
        except Err as error:
            if err is not None:
                error.value = err(error.value)
            raise
        return result if ok is None else ok(result)

    return receiving


def bind(name: str, classes: dict[str, type]) -> None:
    """Make componentize-py use `classes` for the types of an interface, or of the world.

    The name of an interface whose two sides have different classes says which one is meant.
    """
    paths = [f"imports.{name}", f"exports.{name}"] if name else [""]
    if name.startswith(("imports.", "exports.")):
        paths = [name]
    modules = [module for path in paths if (module := find(path)) is not None]
    for spelling, cls in classes.items():
        found = False
        for module in modules:
            spelled = _spelled(module, spelling)
            if spelled is None:
                continue
            found = True
            _alias_fields(cls, getattr(module, spelled))
            setattr(module, spelled, cls)
        if not found:
            raise ImportError(
                f"componentize-py made no class `{spelling}` for `{name or WORLD}`"
            )


def _alias_fields(ours: type, theirs: type) -> None:
    """Let componentize-py read the fields of `ours` by the names that it gives them."""
    if not dataclasses.is_dataclass(ours) or not dataclasses.is_dataclass(theirs):
        return
    for mine, other in zip(
        dataclasses.fields(ours), dataclasses.fields(theirs), strict=True
    ):
        if mine.name != other.name:
            setattr(ours, other.name, property(attrgetter(mine.name)))


@dataclasses.dataclass(frozen=True, slots=True)
class Method:
    """A function that an application implements: its names, and the checks of its values."""

    theirs: str
    ours: str
    params: list[Receive | None]
    kind: str
    gives: bool
    ok: Check | None
    error: type[WitError[Any]] | None
    err: Check | None


def method(
    theirs: str,
    ours: str,
    ok: Check | None = None,
    error: type[WitError[Any]] | None = None,
    err: Check | None = None,
    params: list[Check | None] | None = None,
    kind: str = "",
    gives: bool = False,
) -> Method:
    """Describe a method; `error` is the class that it raises where its result is a `result`.

    The checks in `params` are those of values that come in another form. The `kind` says
    whether it is the `constructor` of a resource, a `static` function or another. One that
    `gives` could have the same handle in its result twice.
    """
    receives = [received(check) for check in params or []]
    return Method(theirs, ours, receives, kind, gives, ok, error, err)


def exported(
    app: types.ModuleType, name: str, what: str, *methods: Method
) -> Callable[[], object]:
    """Adapt the class `name` of `app`, which implements `what`, to componentize-py.

    One instance serves every call. It is made here, at build time, and so are all complaints:
    a component without one of its functions is never made.
    """
    cls = _class_of(app, name, what)
    missing = [method.ours for method in methods if not _implements(cls, method.ours)]
    if missing:
        names = ", ".join(f"`{method}`" for method in missing)
        raise TypeError(
            f"the class `{name}` of `{app.__name__}` lacks {names} of {what}"
        )
    instance = cls()
    adapted = types.SimpleNamespace()
    for method in methods:
        function = _adapted(getattr(instance, method.ours), method)
        # componentize-py puts an underscore behind what is a keyword, and WIT names have none.
        setattr(adapted, method.theirs, function)
        setattr(adapted, f"{method.theirs}_", function)
        # What a world itself exports has this prefix until the component is done.
        setattr(adapted, f"witgen_{method.theirs}", function)
    return lambda: adapted


def resource(
    app: types.ModuleType,
    owner: str,
    what: str,
    module_name: str,
    theirs: str,
    ours: str,
    check: Implemented,
    *methods: Method,
) -> None:
    """Adapt the class `ours` inside the class `owner` of `app`, which implements a resource.

    componentize-py looks for the class `theirs` in a module called `module_name`.
    """
    cls = getattr(_class_of(app, owner, what), ours, None)
    if not inspect.isclass(cls):
        raise TypeError(
            f"the class `{owner}` of `{app.__name__}` has no class `{ours}`, which implements "
            f"a resource of {what}; write `class {ours}` inside of it"
        )
    missing = [
        method.ours
        for method in methods
        if method.kind != "constructor" and not _implements(cls, method.ours)
    ]
    if missing:
        names = ", ".join(f"`{method}`" for method in missing)
        raise TypeError(f"the class `{ours}` in `{owner}` lacks {names} of {what}")
    namespace: dict[str, Any] = {}
    for method in methods:
        name, function = _resource_function(cls, method)
        if name == "finalizer":
            name = "_witgen_finalizer"
        namespace[name] = function
        namespace[f"{name}_"] = function
    check.cls = cls
    check.shim = type(theirs, (Shim,), namespace)
    name = place(f"exports.{module_name}").removeprefix("exports.")
    module = sys.modules.setdefault(name, types.ModuleType(name))
    setattr(module, theirs, check.shim)
    setattr(module, f"{theirs}_", check.shim)


def _resource_function(cls: type, method: Method) -> tuple[str, Any]:
    if method.kind == "constructor":
        make = _adapted(cls, method)

        def construct(self: Shim, *args: Any) -> None:
            self._witgen_target = make(*args)

        return _CONSTRUCTOR, construct
    if method.kind == "static":
        return method.theirs, staticmethod(_adapted(getattr(cls, method.ours), method))

    def call(target: object, *args: Any) -> Any:
        return getattr(target, method.ours)(*args)

    adapted = _adapted(call, method)

    def run(self: Shim, *args: Any) -> Any:
        return adapted(self._witgen_target, *args)

    return method.theirs, run


def _class_of(app: types.ModuleType, name: str, what: str) -> type:
    cls = getattr(app, name, None)
    if not inspect.isclass(cls):
        raise TypeError(
            f"`{app.__name__}` has no class `{name}`, which implements {what}; "
            f"write `class {name}(exports.{name})` there"
        )
    return cls


def _implements(cls: type, name: str) -> bool:
    function = getattr(cls, name, None)
    return callable(function) and not getattr(function, "__isabstractmethod__", False)


def _adapted(function: Callable[..., Any], method: Method) -> Callable[..., Any]:
    ok, error_class, err = method.ok, method.error, method.err
    if ok is not None and method.gives:
        ok = giving(ok)
    where = f"the result of `{method.ours}`"
    payload = f"the payload of the error of `{method.ours}`"

    def finished(result: Any) -> Any:
        if method.kind == "constructor":
            return result
        return None if ok is None else ok(result, where)

    def lifted(args: tuple[Any, ...]) -> tuple[Any, ...]:
        if not method.params:
            return args
        pairs = zip(args, method.params, strict=True)
        return tuple(arg if receive is None else receive(arg) for arg, receive in pairs)

    def plain(*args: Any) -> Any:
        return finished(function(*lifted(args)))

    if error_class is None:
        return plain

    def raising(*args: Any) -> Any:
        try:
            result = function(*lifted(args))
        except error_class as error:
            raise Err(None if err is None else err(error.payload, payload)) from None
        return finished(result)

    return raising
