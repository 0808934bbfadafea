"""An invented population of acts in two sources, with slips of writing, gaps and namesakes; seeded."""

import random
from collections.abc import Iterator

_FIRST = (
    "Ada", "Bela", "Cora", "Dario", "Edda", "Fenno", "Gita", "Hugo", "Iris", "Juno", "Kaspar", "Lena", "Milo", "Nora",
    "Otto", "Pia", "Quin", "Rosa", "Sven", "Tilda",
)  # fmt: skip
_LAST = (
    "Marlowe", "Quill", "Brandt", "Harrow", "Finch", "Sorrel", "Vance", "Tallis", "Okafor", "Lindqvist", "Moreau",
    "Castell", "Ibsen", "Rask", "Duarte",
)  # fmt: skip
_TOWNS = (
    "Harwick", "Lunden", "Porto", "Velm", "Asker", "Tarn", "Ostrava", "Quimper", "Leith", "Malmo", "Gdynia", "Evora",
    "Brno", "Turku", "Sligo", "Nantes",
)  # fmt: skip
_STYLES = (
    "folk", "grunge", "techno", "fado", "chanson", "dub", "polka", "shoegaze", "samba", "drone", "skiffle", "bossa",
    "klezmer", "gospel",
)  # fmt: skip

Row = dict[str, object]


def population(things: int, seed: int) -> tuple[list[Row], list[Row], dict[str, str]]:
    """Return the rows of sources "one" and "two", and the thing of each record key. Two in three things are in both."""
    rng = random.Random(seed)
    one: list[Row] = []
    two: list[Row] = []
    truth: dict[str, str] = {}
    for thing, row in enumerate(_things(things, rng)):
        one.append({**row, "id": f"a{thing}"})
        truth[f"one:a{thing}"] = str(thing)
        if rng.random() < 2 / 3:
            two.append({**_copied(row, rng), "id": f"b{thing}"})
            truth[f"two:b{thing}"] = str(thing)
    rng.shuffle(two)
    return one, two, truth


def _things(number: int, rng: random.Random) -> Iterator[Row]:
    for _ in range(number):
        town, style = rng.choice(_TOWNS), rng.choice(_STYLES)
        band = f"{rng.choice(_LAST)} {rng.choice(_LAST)} {rng.randrange(10, 99)}"
        yield {
            "name": f"{rng.choice(_FIRST)} {rng.choice(_LAST)}",
            "type": "artist",
            "description": f"{style} from {town}, once of {band}",
            "year": str(rng.randrange(1950, 2010)),
            "town": town,
        }


def _copied(row: Row, rng: random.Random) -> Row:
    copy = dict(row)
    name = str(row["name"])
    place = rng.randrange(len(name) - 1)
    if rng.random() < 0.4:
        copy["name"] = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    for field, share in (("year", 0.2), ("town", 0.3), ("description", 0.1)):
        if rng.random() < share:
            del copy[field]
    return copy
