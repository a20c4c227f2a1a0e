"""Serves the long runs."""

import time

from bindings import SourceRow, exports, sessions, source


class Session(sessions.Session):
    live = 0

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[sessions.Row] = []
        self.fed = 0
        Session.live += 1

    def __del__(self) -> None:
        Session.live -= 1

    def feed(self, rows: list[sessions.Row]) -> int:
        self.rows = rows
        self.fed += len(rows)
        return self.fed

    def state(self) -> tuple[str, list[sessions.Row]]:
        return self.name, self.rows


class Sessions(exports.Sessions):
    Session = Session

    def live(self) -> int:
        return Session.live


class WitWorld(exports.WitWorld):
    def echo(self, text: str) -> str:
        return text

    def draw(self, size: int) -> int:
        text = source.text(size)
        data = source.bytes_(size)
        rows = source.rows(size // 100)
        numbers = sum(row.id + len(row.values) for row in rows)
        return len(text.encode()) + sum(data) + numbers

    def echo_rows(self, rows: list[SourceRow]) -> list[SourceRow]:
        return [source.Row(row.id, row.name, list(row.values)) for row in rows]

    def pause(self, microseconds: int) -> None:
        time.sleep(microseconds / 1_000_000)
