from bindings import exports, operations

TEXT = "Hello WebAssembly Component Model"


class Run(exports.Run):
    def run(self) -> None:
        print(f"Original: {TEXT}")
        print(f"Reversed: {operations.reverse(TEXT)}")
        print(f"Words: {operations.word_count(TEXT)}")
