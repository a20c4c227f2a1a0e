"""Gives what does not fit."""

from typing import NoReturn, cast

from bindings import exports, misfits


class Misfits(exports.Misfits):
    def byte(self) -> int:
        return 300

    def small(self) -> int:
        return -129

    def short(self) -> int:
        return cast(int, 0.5)

    def count(self) -> int:
        return -1

    def difference(self) -> int:
        return 2**31

    def huge(self) -> int:
        return 2**64

    def deep(self) -> int:
        return 2**63

    def real(self) -> float:
        return cast(float, "0.5")

    def truth(self) -> bool:
        return cast(bool, 1)

    def letter(self) -> str:
        return "ab"

    def half(self) -> str:
        return "\ud83e"

    def text(self) -> str:
        return "a\udd80"

    def which(self) -> misfits.Level:
        return cast(misfits.Level, "middle")

    def marked(self) -> misfits.Marks:
        return cast(misfits.Marks, misfits.Level.LOW)

    def place(self) -> misfits.Dot:
        return misfits.Dot(1, 65536)

    def radius(self) -> misfits.Shape:
        return misfits.ShapeCircle(-1)

    def points(self) -> misfits.Shape:
        return misfits.ShapePath([misfits.Dot(1, 2), misfits.Dot(128, 0)])

    def unknown(self) -> misfits.Shape:
        return cast(misfits.Shape, misfits.Dot(1, 2))

    def octets(self) -> bytes:
        return cast(bytes, [1, 256])

    def numbers(self) -> list[int]:
        return [1, -32769]

    def maybe(self) -> int | None:
        return 256

    def pair(self) -> tuple[int, str]:
        return (0, cast(str, None))

    def succeeds(self) -> int:
        return 256

    def fails(self) -> NoReturn:
        raise misfits.FailsError(256)
