from bindings import exports


class WitWorld(exports.WitWorld):
    def greet(self, name: str) -> str:
        return f"Hello, {name}!"
