"""What a component of the world `test:torture/consumer@1.2.3` implements."""

from ._world import WitWorld

__all__ = ["WitWorld"]
