"""Music records with errors, and which of them are one; the same for a seed.

A population of tracks (title, artist, album, year, length) of the vocabulary of `name_maker`, each in 1.6 records on
average; the records after the first lose and swap words, letters and cells.
"""

import random
from collections.abc import Callable
from pathlib import Path

import polars as pl

from benchmarks.name_maker import misspelt, swapped, vocabulary, without_a_word

RECORDS_AN_ENTITY = 1.6
_COPIES = ((0, 0.62), (1, 0.24), (2, 0.09), (3, 0.05))  # further records: .57 on average, and one always


class RecordMaker:
    """Makes the records of tracks. Albums hold about ten tracks, artists about three albums."""

    def __init__(self, seed: int = 3) -> None:
        self._draw = random.Random(seed)
        self._names, self._words = vocabulary()
        self._draw.shuffle(self._names)
        self._draw.shuffle(self._words)

    def make(self, records: int) -> pl.DataFrame:
        """Return record_id, cluster_id, title, artist, album, year, length of so many records, in mixed order."""
        rows: list[tuple[str, ...]] = []
        track = 0
        while len(rows) < records:
            if track % 30 == 0:
                artist = f"{self._of(self._names)} {self._of(self._names)}"
            if track % 10 == 0:
                album, year = self._title((1, 2, 3)), self._draw.randrange(1960, 2025)
            entity = (self._title((2, 3, 4)), artist, album, str(year), str(self._draw.randrange(60, 600)))
            rows.append((str(track), *entity))
            copies = self._draw.choices([count for count, _ in _COPIES], [share for _, share in _COPIES])[0]
            rows += [(str(track), *self._with_errors(entity)) for _ in range(copies)]
            track += 1
        self._draw.shuffle(rows)
        frame = pl.DataFrame(
            rows[:records], schema=["cluster_id", "title", "artist", "album", "year", "length"], orient="row"
        )
        return frame.with_columns(pl.int_range(pl.len()).cast(pl.String).alias("record_id")).select(
            "record_id", *frame.columns
        )

    def _of(self, parts: list[str]) -> str:
        return parts[int(len(parts) * self._draw.random() ** 2)]

    def _title(self, counts: tuple[int, ...]) -> str:
        return " ".join(self._of(self._words) for _ in range(self._draw.choice(counts))).capitalize()

    def _with_errors(self, entity: tuple[str, str, str, str, str]) -> list[str]:
        """Return a copy: each text with a slip (.3), a lost (.1) or a swapped word (.1), each cell but the title empty (.1)."""
        cells = [self._slipped(text) for text in entity[:3]]
        cells += [entity[3], str(int(entity[4]) + self._draw.choice((-1, 0, 0, 0, 1)))]
        return [cells[0], *(cell if self._draw.random() > 0.1 else "" for cell in cells[1:])]

    def _slipped(self, text: str) -> str:
        chance = self._draw.random()
        kinds: list[tuple[float, bool, Callable[[], str]]] = [
            (0.3, True, lambda: misspelt(text, 1, self._draw)),
            (0.4, len(text.split()) > 1, lambda: without_a_word(text, self._draw)),
            (0.5, len(text.split()) > 1, lambda: swapped(text, self._draw)),
        ]
        for bound, possible, make in kinds:
            if chance < bound:
                return make() if possible else text
        return text


def write_records(records: int, folder: Path, seed: int = 3) -> tuple[Path, Path]:
    """Write records.csv and clusters.csv; returns their paths."""
    frame = RecordMaker(seed).make(records)
    folder.mkdir(parents=True, exist_ok=True)
    data, gold = folder / "records.csv", folder / "clusters.csv"
    frame.drop("cluster_id").write_csv(data)
    frame.select("record_id", "cluster_id").write_csv(gold)
    return data, gold
