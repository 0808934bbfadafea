"""`python -m benchmarks.dedupe_without PART ARGUMENT...`: the command line with a part of the engine left out."""

import sys
from collections.abc import Callable

from kg.cli.main import main
from linkers.records import clustering, learning, searching


def _pairs_of_words() -> None:
    searching.LARGE = sys.maxsize


def _even_steps() -> None:
    learning.STEPS = 1


def _density() -> None:
    clustering.DENSITY, clustering._LEAST = 1e-9, 0.5


PARTS: dict[str, Callable[[], None]] = {
    "search by pairs of words": _pairs_of_words,
    "even steps of bins": _even_steps,
    "density of clusters (chained from .5 on)": _density,
}

if __name__ == "__main__":
    PARTS[sys.argv.pop(1)]()
    main()
