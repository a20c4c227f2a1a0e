"""The native part: see `witgen_runtime` for what programs use, `witgen_runtime.bind` for generated modules.

Where the Python type of a `Type` depends on more than type checkers see, it is `Any`:
generated modules annotate their functions.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, Flag
from os import PathLike
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeAlias, TypeVar, final, overload

from ._values import WitError

_T = TypeVar("_T")
_K = TypeVar("_K")
_V = TypeVar("_V")
_R = TypeVar("_R", bound=Resource)

__version__: Final[str]

WASMTIME_VERSION: Final[str]
"""The version of wasmtime, which precompiled components depend on."""

_Bytes: TypeAlias = bytes | bytearray | memoryview

def configure(
    *,
    cache: str | PathLike[str] | None = None,
    cache_bytes: int = ...,
    cache_enabled: bool = True,
    signals_based_traps: bool = False,
) -> None:
    """Change what holds for all components of the process.

    Compiled components are cached in `cache`, by default in `$WITGEN_CACHE_DIR/host` or in
    `~/.cache/witgen/cache/host`; the oldest go when there are more than `cache_bytes`.

    `signals_based_traps` makes code that uses much memory up to 1.6 times faster.
    It is off because `faulthandler.enable()` after the first component would then turn every
    trap into the end of the process: with it, enable faulthandler before.

    Raises:
        RuntimeError: when a component was loaded before
    """

@final
class Component:
    """A component, compiled to machine code. It can be shared by threads and instances."""

    @staticmethod
    def load(
        source: str | PathLike[str] | _Bytes,
        /,
        *,
        interruptible: bool = False,
        metered: bool = False,
    ) -> Component:
        """Compile a component from a path or from bytes.

        `interruptible` lets Ctrl-C and deadlines stop it, and costs a few percent;
        `metered` lets it use up fuel, which costs more.

        Raises:
            LoadError: when it is no component
        """

    @staticmethod
    def load_precompiled(source: str | PathLike[str] | _Bytes, /) -> Component:
        """Load what `precompile` gave. It is native code: load only what you trust.

        Raises:
            LoadError: when it is for another version or another platform
        """

    def precompile(self) -> bytes:
        """Return the machine code, to ship it to machines that need not compile."""

    @property
    def imports(self) -> list[str]:
        """The names of what it imports."""

    @property
    def exports(self) -> list[str]:
        """The names of what it exports."""

class Resource:
    """A resource that a component implements.

    `close`, `with` or the garbage collector drop it, once; what the garbage collector finds is
    dropped with the next call of the instance. A resource that was closed, or given away as an
    own handle, raises `ValueError` when it is used.
    """

    def __init__(self, other: Resource, /) -> None:
        """Take over the handle of `other`: constructors of generated classes do that."""

    def close(self) -> None:
        """Drop the resource; when it was dropped or given away before, this does nothing."""

    def __enter__(self) -> Self:
        """Return the resource, which is dropped at the end of the block."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        """Drop the resource."""

@final
class Instance:
    """A running component. One thread may use it at a time."""

    def close(self) -> None:
        """End it: free its memory, and close the objects that it owns."""

    def __enter__(self) -> Self:
        """Return the instance, which ends with the block."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        """End it."""

    @property
    def objects(self) -> int:
        """How many handles to objects of Python the component has."""

    @property
    def pending_drops(self) -> int:
        """How many resources wait until the next call to be dropped."""

@final
class Type(Generic[_T]):
    """A type of WIT, whose values are `_T` in Python. Made once, used by all instances."""

@final
class ResourceType(Generic[_T]):
    """A resource of an interface, whose handles are `_T` in Python."""

BOOL: Final[Type[bool]]
S8: Final[Type[int]]
U8: Final[Type[int]]
S16: Final[Type[int]]
U16: Final[Type[int]]
S32: Final[Type[int]]
U32: Final[Type[int]]
S64: Final[Type[int]]
U64: Final[Type[int]]
F32: Final[Type[float]]
F64: Final[Type[float]]
CHAR: Final[Type[str]]
STRING: Final[Type[str]]

def record(class_: type[_T], fields: Mapping[str, Type[Any]], /) -> Type[_T]:
    """Make a record: the names and types of WIT for the fields of a dataclass, in their order.

    Objects that come out of a component are made without `__init__` and `__post_init__`.
    """

def tuple_of(*types: Type[Any]) -> Type[Any]:
    """Make a tuple."""

def variant(cases: Mapping[str, tuple[type, Type[Any] | None]], /) -> Type[Any]:
    """Make a variant: the name of each case, its class, and the type of the only field of that."""

def enumeration(class_: type[_Enum], names: Sequence[str], /) -> Type[_Enum]:
    """Make an enum: the names of WIT for the members of a class, in their order."""

def flags(class_: type[_Flag], names: Sequence[str], /) -> Type[_Flag]:
    """Make flags: the names of WIT for the members of a class, from bit 0 on."""

def list_of(element: Type[Any], /, *, view: bool = False) -> Type[Any]:
    """Make a list; `list_of(U8)` is bytes.

    With `view`, a list of numbers comes out of a component as a memoryview of them.
    """

def map_of(key: Type[_K], value: Type[_V], /) -> Type[dict[_K, _V]]:
    """Make a map."""

def option_of(some: Type[Any], /) -> Type[Any]:
    """Make an option. The present case of an option of an option is a `Some`."""

def result_of(ok: Type[Any] | None, err: Type[Any] | None, /) -> Type[Any]:
    """Make a result that is a value: `Ok` or `Err`."""

@overload
def raises(ok: None, err: Type[Any] | None, error: type[WitError[Any]], /) -> Type[None]: ...
@overload
def raises(ok: Type[_T], err: Type[Any] | None, error: type[WitError[Any]], /) -> Type[_T]:
    """Make the whole result of a function, whose failure is raised as an `error`."""

def own(resource: ResourceType[_T], /) -> Type[_T]:
    """Make a handle that changes hands."""

def borrow(resource: ResourceType[_T], /) -> Type[_T]:
    """Make a handle that is lent for the time of a call."""

@final
class Import:
    """An interface that a component imports, so that Python implements it."""

    def __init__(self, interface: str | None, /) -> None:
        """Declare it; None is for what the world itself imports."""

    def resource(self, name: str, attribute: str | None = None, /) -> ResourceType[Any]:
        """Declare a resource.

        `attribute` of the implementation is the class that has its constructor and static functions.
        When a component drops an object, its `close()` is called if it has one.
        """

    def function(
        self,
        name: str,
        attribute: str,
        params: Mapping[str, Type[Any]],
        result: Type[Any] | None,
        /,
    ) -> None:
        """Declare a function by its name in WIT, such as `[method]counter.add`.

        `attribute` is looked up on the implementation; on the class of the resource for a static
        function; on the object for a method; a constructor calls the class.
        """

@final
class Export:
    """An interface that a component exports, so that Python calls it."""

    def __init__(self, interface: str | None, /) -> None:
        """Declare it; None is for what the world itself exports."""

    def resource(self, name: str, class_: type[_R], /) -> ResourceType[_R]:
        """Declare a resource, whose handles are objects of `class_`."""

    @overload
    def function(
        self, name: str, params: Mapping[str, Type[Any]], result: None, /
    ) -> Callable[..., None]: ...
    @overload
    def function(self, name: str, params: Mapping[str, Type[Any]], result: Type[_T], /) -> Callable[..., _T]:
        """Declare a function by its name in WIT, and return it.

        It takes an instance and then the arguments, all by position; a method takes the resource
        alone instead of an instance.
        """

@final
class World:
    """What is between a program and its components."""

    def __init__(self, name: str, /, *, imports: Sequence[Import], exports: Sequence[Export]) -> None:
        """Declare it. An interface belongs to one world."""

    def load(
        self,
        component: Component | str | PathLike[str] | _Bytes,
        implementations: tuple[object, ...],
        /,
        *,
        grants: str | PathLike[str] | Mapping[str, Mapping[str, Any]] | None = None,
        interruptible: bool = False,
    ) -> Instance:
        """Instantiate a component, with an implementation for each import, in their order.

        `grants` are the sections of a grants file, or its path.

        Raises:
            ValueError: when a grant cannot be read
            LinkError: when the component does not fit; it says all that is wrong
            TypeError: when an implementation lacks a function
        """

_Enum = TypeVar("_Enum", bound=Enum)
_Flag = TypeVar("_Flag", bound=Flag)
