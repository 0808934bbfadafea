"""Generated NIL mentions whose meaning is known: slips, short forms, initials and homonyms, from a seed."""

import random
from collections import Counter
from collections.abc import Sequence

import polars as pl

from linkers.scoring.invented_words import ADJECTIVE, FAMILY, GIVEN, NOUN
from linkers.scoring.misspelling import misheard, mistyped

SCHEMA = {"doc_id": pl.String, "start": pl.Int32, "surface": pl.String, "type": pl.String, "thing": pl.String}
OTHERS = ("artist", "album", "podcast", "place", "event", "label")
BEHIND = {"label": ("Records",), "place": ("Studio", "Hall"), "event": ("Festival",), "podcast": ("Podcast",)}


def unknown_world(seed: int = 7, things: int = 200, documents: int = 300) -> pl.DataFrame:
    """Return doc_id, start, surface, type and thing (which unknown thing is meant), one row a mention."""
    rng = random.Random(seed)
    made = _things(rng, things)
    rows: list[tuple[str, int, str, str, str]] = []
    for number in range(documents):
        doc_id, place = f"d{number:03}", 0
        for name, kind in rng.sample(made, rng.randint(3, 8)):
            surfaces = [_written(name, kind, rng)]
            while rng.random() < 0.4:
                surfaces.append(_again(surfaces[0], name, kind, rng))
            for surface in surfaces:
                rows.append((doc_id, place, surface, kind, f"{name}|{kind}"))
                place += 40
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _things(rng: random.Random, count: int) -> list[tuple[str, str]]:
    made: dict[tuple[str, str], None] = {}
    while len(made) < count:
        if rng.random() < 0.5:
            name, kind = f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}", "person"
        else:
            name, kind = f"{rng.choice(ADJECTIVE)} {rng.choice(NOUN)}", rng.choice(OTHERS)
        made[name, kind] = None
        if rng.random() < 0.08 and len(made) < count:  # a homonym of a kind that cannot be the same thing
            made[name, "place" if kind in ("person", "artist") else "person"] = None
    return list(made)


def _written(name: str, kind: str, rng: random.Random) -> str:
    chance = rng.random()
    if chance < 0.08:
        return mistyped(name, rng)
    if chance < 0.14:
        return misheard(name, rng)
    if chance < 0.20:
        return name.lower()
    if chance < 0.26 and kind == "person":
        return f"{name[0]}. {name.split()[-1]}"
    if chance < 0.30 and kind in ("artist", "event"):
        return f"The {name}"
    if chance < 0.34 and kind in BEHIND:
        return f"{name} {rng.choice(BEHIND[kind])}"
    return name


def _again(first: str, name: str, kind: str, rng: random.Random) -> str:
    return first.split()[-1] if kind == "person" and rng.random() < 0.6 else rng.choice((first, name))


def b_cubed(truth: Sequence[str], found: Sequence[str]) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1. Source: Bagga and Baldwin, Entity-based cross-document coreferencing."""
    of_truth, of_found = Counter(truth), Counter(found)
    both = Counter(zip(truth, found, strict=True))
    precision = sum(number * number / of_found[f] for (_, f), number in both.items()) / len(truth)
    recall = sum(number * number / of_truth[t] for (t, _), number in both.items()) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)
