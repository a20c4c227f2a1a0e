"""What goes wrong between a program and a component, apart from errors that WIT declares."""

__all__ = ["Error", "InstanceError", "LinkError", "LoadError", "Trap"]


class Error(Exception):
    """The base of all errors of this package."""


class LoadError(Error):
    """The component is damaged, is none, or was precompiled for something else."""


class LinkError(Error):
    """The component does not fit the bindings, or needs what nobody provides."""


class InstanceError(Error):
    """The instance cannot be called: it is running, was closed, or ended with a trap before."""


class Trap(Error):
    """The component was stopped. Its instance is over; others live on.

    An exception that a function of the host raised is the `__cause__`.
    """

    code: str
    """What stopped it, for programs: `unreachable`, `stack-overflow`, `memory` (an access
    outside of it), `table`, `arithmetic`, `fuel`, `deadline`, `memory-limit`, `handle-limit`,
    `host` (an exception of the host) or `trap`."""

    frames: tuple[str, ...]
    """The functions of the component that were running, the innermost first."""

    def __init__(self, message: str, code: str = "trap", frames: tuple[str, ...] = ()) -> None:
        """Make a trap with the frames of the component."""
        super().__init__(message)
        self.code = code
        self.frames = frames

    def __str__(self) -> str:
        """Return the message and the frames."""
        lines = [str(self.args[0])]
        lines += [f"  in {frame}" for frame in self.frames[:_MOST]]
        if len(self.frames) > _MOST:
            lines.append(f"  and {len(self.frames) - _MOST} more")
        return "\n".join(lines)


_MOST = 20
