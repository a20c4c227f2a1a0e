"""What Python components made with witgen import.

Generated bindings carry a copy of this package as `_witgen`, so they need nothing else.
It runs in the CPython of componentize-py and, for unit tests of an application, in others.
"""

from .checks import (
    boolean,
    char,
    enumeration,
    f32,
    f64,
    flags,
    list_of,
    list_of_numbers,
    octets,
    option_of,
    record,
    result_of,
    s8,
    s16,
    s32,
    s64,
    some_of,
    string,
    tuple_of,
    u8,
    u16,
    u32,
    u64,
    variant,
)
from .component import bind, exported, imported, method, resource
from .deprecation import deprecated
from .resources import Handle, Implemented, Resource, giving
from .values import Err, Ok, Some, WitError

__all__ = [
    "Err",
    "Handle",
    "Implemented",
    "Ok",
    "Resource",
    "Some",
    "WitError",
    "bind",
    "boolean",
    "char",
    "deprecated",
    "enumeration",
    "exported",
    "f32",
    "f64",
    "flags",
    "giving",
    "imported",
    "list_of",
    "list_of_numbers",
    "method",
    "octets",
    "option_of",
    "record",
    "resource",
    "result_of",
    "s8",
    "s16",
    "s32",
    "s64",
    "some_of",
    "string",
    "tuple_of",
    "u8",
    "u16",
    "u32",
    "u64",
    "variant",
]
