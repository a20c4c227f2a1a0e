"""Calls the component of `process-data`, whatever language it was written in."""

import sys

from bindings import ProcessData


def main(component: str) -> None:
    with ProcessData.load(component) as app:
        for text in ("one two  three\nfour", "", "naïve 🦀"):
            print(app.process_data(text))


if __name__ == "__main__":
    main(sys.argv[1])
