"""Tables to resolve: two catalogs of the same tracks, one of which writes them with slips."""

import random

import pyarrow as pa

TEXT = """
amber anchor autumn basin bellow birch bramble candle canyon cedar chapel cinder clover copper coral crystal dagger
delta ember engine falcon feather fern flint forest garnet ginger glacier granite harbor hazel hollow indigo iron
ivory jasmine juniper kettle lantern laurel lichen linden lunar magnet maple marble meadow mirror nectar north oak onyx
orchid otter paper pebble pepper pine plum prairie quartz quill raven ribbon river rosemary saddle sage
"""
WORDS = TEXT.split()


def tracks(count: int, seed: int = 5) -> list[dict[str, str]]:
    """Return tracks with a title of three words, an artist of two, a year and a length."""
    draw = random.Random(seed)
    return [
        {
            "title": " ".join(draw.sample(WORDS, 3)),
            "artist": " ".join(draw.sample(WORDS, 2)),
            "year": str(draw.randrange(1960, 2020)),
            "length": str(draw.randrange(100, 500)),
        }
        for _ in range(count)
    ]


def two_sources(count: int, shared: int, seed: int = 5) -> list[dict[str, str]]:
    """Return records of sources "a" and "b": so many tracks each, the first `shared` in both; ids end in the number."""
    draw = random.Random(seed)
    every = tracks(2 * count - shared, seed)
    rows = [{"record_id": f"a{number}", "source": "a", **track} for number, track in enumerate(every[:count])]
    others = [*range(shared), *range(count, 2 * count - shared)]
    for number in others:
        title = every[number]["title"]
        place = draw.randrange(1, len(title) - 1)
        slipped = title[:place] + draw.choice("aeiou") + title[place + 1 :]
        rows.append({"record_id": f"b{number}", "source": "b", **every[number], "title": slipped})
    return rows


def table(rows: list[dict[str, str]]) -> pa.Table:
    return pa.Table.from_pylist(rows)


def partition(clusters: pa.Table) -> set[frozenset[str]]:
    """Return the clusters of a resolution as sets of ids."""
    found: dict[int, set[str]] = {}
    for row in clusters.to_pylist():
        found.setdefault(row["cluster"], set()).add(row["record_id"])
    return {frozenset(members) for members in found.values()}
