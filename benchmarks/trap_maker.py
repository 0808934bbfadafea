"""Names of one type, some written twice and some that only look as if they were; the same for a seed.

Traps are pairs of names that are two things: one holds the other ("Prince", "Prince Royce"), or they differ in a number
("Part 12", "Part 21").
"""

import random
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks.name_maker import SHORT, NameMaker, misspelt, vocabulary

_SHARES = {"again": 0.2, "containment": 0.1, "digits": 0.1}
_NUMBERED = ("Part", "Volume", "Episode", "Session", "Chapter")


@dataclass(frozen=True, slots=True)
class NamesWithTraps:
    """data: record_id, name. gold: record_id, cluster_id. traps: left_id, right_id, kind, of names that are two things."""

    data: Path
    gold: Path
    traps: pl.DataFrame


def write_names(count: int, folder: Path, seed: int = 5) -> NamesWithTraps:
    """Write names.csv and clusters.csv: of the names a fifth once more with one slip, and traps for a fifth."""
    draw = random.Random(seed)
    _, words = vocabulary()
    first = round(count / (1 + sum(_SHARES.values())))
    names = [(name, str(number)) for number, name in enumerate(NameMaker(seed).make(first))]
    traps: list[tuple[int, int, str]] = []
    for kind, share in _SHARES.items():
        for place in draw.sample(range(first), round(share * first)):
            base, cluster = names[place]
            if kind == "again" and len(base) > SHORT:
                names.append((misspelt(base, 1, draw), cluster))
            elif kind == "containment":
                traps.append((place, len(names), kind))
                names.append((f"{base} {draw.choice(words).capitalize()}", f"{kind} {place}"))
            elif kind == "digits":
                word, number = draw.choice(_NUMBERED), draw.randrange(12, 99)
                other = int(str(number)[::-1]) if number % 11 and number % 10 else number + 1
                traps.append((len(names), len(names) + 1, kind))
                names += [(f"{base} {word} {each}", f"{kind} {place} {each}") for each in (number, other)]
    names = names[:count]
    order = list(range(len(names)))
    draw.shuffle(order)
    number_of = {place: number for number, place in enumerate(order)}
    rows = [(str(number), *names[place]) for number, place in enumerate(order)]
    frame = pl.DataFrame(rows, schema=["record_id", "name", "cluster_id"], orient="row")
    folder.mkdir(parents=True, exist_ok=True)
    data, gold = folder / "names.csv", folder / "clusters.csv"
    frame.select("record_id", "name").write_csv(data)
    frame.select("record_id", "cluster_id").write_csv(gold)
    pairs = [(str(number_of[a]), str(number_of[b]), kind) for a, b, kind in traps if a in number_of and b in number_of]
    return NamesWithTraps(data, gold, pl.DataFrame(pairs, schema=["left_id", "right_id", "kind"], orient="row"))
