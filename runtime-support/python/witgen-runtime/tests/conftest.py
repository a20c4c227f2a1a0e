"""What the tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import witgen_runtime

COMPONENTS = Path(os.environ["WITGEN_TEST_COMPONENTS"])
"""The components of `components`, in the binary format: `tests/python.rs` makes them."""


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the cache of the user out of it."""
    witgen_runtime.configure(cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def demo_component(_cache: None) -> witgen_runtime.Component:
    """Compile the component of the sample world."""
    return witgen_runtime.Component.load(COMPONENTS / "demo.wasm")


@pytest.fixture(scope="session")
def values_component(_cache: None) -> witgen_runtime.Component:
    """Compile the component that gives back what it gets."""
    return witgen_runtime.Component.load(COMPONENTS / "values.wasm")
