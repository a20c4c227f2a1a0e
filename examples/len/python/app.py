from bindings import exports


class Len(exports.Len):
    def len(self, s: str) -> int:
        return len(s)
