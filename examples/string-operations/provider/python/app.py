from bindings import exports


class Operations(exports.Operations):
    def reverse(self, s: str) -> str:
        return s[::-1]

    def word_count(self, s: str) -> int:
        return len(s.split())
