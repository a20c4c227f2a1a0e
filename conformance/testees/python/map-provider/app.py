"""Gives back what it gets."""

from bindings import exports, maps


class Maps(exports.Maps):
    def echo_map(self, value: dict[str, int]) -> dict[str, int]:
        return value

    def echo_scores(self, value: maps.Scores) -> maps.Scores:
        return value

    def echo_nested(self, value: dict[int, list[str]]) -> dict[int, list[str]]:
        return value
