"""Grants of a program, from a TOML file or from a dict."""

import os
from collections.abc import Mapping
from typing import Any, TypeAlias

__all__ = ["Grants", "read"]

Grants: TypeAlias = Mapping[str, Mapping[str, Any]] | str | os.PathLike[str] | None


def read(grants: Grants) -> dict[str, dict[str, Any]] | None:
    """Return grants as tables; None grants nothing."""
    if grants is None:
        return None
    if isinstance(grants, Mapping):
        return {section: dict(table) for section, table in grants.items()}
    # Only programs with a file pay for the parser.
    import tomllib

    with open(grants, "rb") as file:
        return tomllib.load(file)
