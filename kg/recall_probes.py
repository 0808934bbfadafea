"""Whether the index still finds names that are written wrongly: a sample of its own names with invented slips."""

import random

import polars as pl

from kg.home import Home
from linkers.evaluation import candidate_recall
from linkers.index import CatalogIndex
from linkers.scoring.misspelling import misheard, mistyped

DEPTHS = (1, 10)
_SEED = 20_240_229
_SHORTEST = 5
"""Signs of a name below which a slip makes another name of it."""
_STATE = "recall_probes"


def recall_probes(home: Home) -> dict[str, int]:
    """Return asked and, for each depth k, found_k: how many wrong names have their entity among the first k candidates.

    The order is that of blocking, by name alone. The same index and settings have the same probes and the same answer,
    so it is asked once a version. Empty when `resolve.recall_probes` is 0, or no name is long enough.
    """
    number = home.config.resolve.recall_probes
    key = f"{home.index.version} {number}"
    kept, _, counts = home.mentions.get_state(_STATE).rpartition("|")
    if kept == key:
        return _read(counts)
    found = _ask(home, number) if number else {}
    home.mentions.set_state(_STATE, f"{key}|{','.join(f'{name}={value}' for name, value in found.items())}")
    return found


def _ask(home: Home, number: int) -> dict[str, int]:
    wanted = probes_of(home.index, number)
    if not wanted.height:
        return {}
    recall = candidate_recall(
        wanted, home.index, settings=home.link_settings.blocking, encoder=home.encoder, kept_depth=0
    ).recall
    counts = {f"found_{depth}": round((recall[str(depth)] or 0.0) * wanted.height) for depth in DEPTHS}
    return {"asked": wanted.height, **counts}


def probes_of(index: CatalogIndex, number: int) -> pl.DataFrame:
    """Return at most `number` names with a slip: surface, gold_id, and no candidates."""
    chance = random.Random(_SEED)
    size = len(index.alias_texts)
    rows: list[tuple[str, str, list[str]]] = []
    for row in sorted(chance.sample(range(size), min(number, size))):
        name = str(index.alias_texts[row])
        if len(name) >= _SHORTEST:
            slip = (mistyped, misheard)[chance.randrange(2)](name, chance)
            rows.append((slip or name, str(index.entity_ids[int(index.alias_entities[row])]), []))
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "surface": pl.String,
        "gold_id": pl.String,
        "candidates": pl.List(pl.String),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _read(counts: str) -> dict[str, int]:
    pairs = (part.split("=") for part in counts.split(",") if part)
    return {name: int(value) for name, value in pairs}
