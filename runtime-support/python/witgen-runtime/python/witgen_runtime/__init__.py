"""What Python programs made with witgen run components on.

Programs use the classes here; generated modules use `witgen_runtime.bind`.
"""

from ._errors import Error, InstanceError, LinkError, LoadError, Trap
from ._native import Component, Resource, __version__, configure
from ._values import Err, Ok, Some, WitError

__all__ = [
    "Component",
    "Err",
    "Error",
    "InstanceError",
    "LinkError",
    "LoadError",
    "Ok",
    "Resource",
    "Some",
    "Trap",
    "WitError",
    "__version__",
    "configure",
]
