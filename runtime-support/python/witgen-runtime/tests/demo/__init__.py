"""Bindings for programs that load components of the world `demo:app/app`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any, Self

from witgen_runtime import Component, Err, Ok, Some, WitError, bind

from . import api, host
from .api import Api
from .host import Host

__all__ = ["App", "Err", "Imports", "Ok", "Some", "WitError", "api", "host"]


@dataclass(slots=True)
class Imports:
    """What a component of the world `demo:app/app` is given."""

    host: Host


class App:
    """A running component of the world `demo:app/app`."""

    __slots__ = ("_witgen_instance", "api")

    api: Api

    def __init__(self, _witgen_instance: bind.Instance, /) -> None:
        """Wrap an instance; use `load`."""
        self._witgen_instance = _witgen_instance
        self.api = Api(_witgen_instance)

    @classmethod
    def load(
        cls,
        component: Component | str | PathLike[str] | bytes,
        imports: Imports,
        *,
        grants: str | PathLike[str] | Mapping[str, Mapping[str, Any]] | None = None,
        interruptible: bool = False,
    ) -> Self:
        """Instantiate a component, which is compiled first unless it is a `Component`.

        Raises:
            LoadError: when it is no component
            LinkError: when it does not fit this world
        """
        return cls(
            _witgen_world.load(
                component,
                (imports.host,),
                grants=grants,
                interruptible=interruptible,
            ),
        )

    def close(self) -> None:
        """End the instance."""
        self._witgen_instance.close()

    def __enter__(self) -> Self:
        """Return the instance, which ends with the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the instance."""
        self.close()


_witgen_world = bind.World(
    "demo:app/app",
    imports=[host._witgen_import],
    exports=[api._witgen_export],
)
