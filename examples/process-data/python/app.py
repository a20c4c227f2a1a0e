from bindings import exports


class WitWorld(exports.WitWorld):
    def process_data(self, input: str) -> str:
        return f"Processed {len(input.split())} words"
