"""Calls every function of the provider and compares."""

from bindings import exports, maps


class WitWorld(exports.WitWorld):
    def run(self) -> list[str]:
        wrong: list[str] = []

        def same(what: str, got: object, wanted: object) -> None:
            if got != wanted:
                wrong.append(f"{what}: got {got!r}, wanted {wanted!r}")

        large = {str(number): number for number in range(1000)}
        for numbers in [{}, {"": 0}, {"one": 1, "ärger": 2**32 - 1}, large]:
            same("echo-map", maps.echo_map(numbers), numbers)
            scores = maps.Scores(numbers)
            same("echo-scores", maps.echo_scores(scores), scores)
            same("the map that was sent", scores.by_name, numbers)
        nested: dict[int, list[str]] = {0: [], 7: ["a", ""], 255: ["b"]}
        same("echo-nested", maps.echo_nested(nested), nested)
        try:
            maps.echo_nested({256: []})
            wrong.append("echo-nested: 256 is no `u8`")
        except OverflowError as error:
            told = (
                "a key is 256, which does not fit u8 (0 to 255), at key 256 of `value`"
            )
            same("message", str(error), told)
        return wrong
