"""`kg search`: which entities of the catalog a name may mean, by the name alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kg.home import Home
from linkers.blocking import BlockingSettings, block

NAMES_AT_ONCE = 2_000
WIDE = BlockingSettings(ngram=60, phonetic=80, token=60, total=400)
SPELLED = 0.55
"""From this cosine of 3-grams on, the best name is taken for a spelling of what is asked, below for a mishearing."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An entity that a name may mean.

    alias: the entity's name or alias that is most alike.
    score: how alike in writing or sound, in [0, 1]; 1.0 for the same name after normalisation. Hits are ordered by how
           likely they are, which is not quite the order of scores: see `search`.
    """

    id: str
    name: str
    type: str
    alias: str
    score: float


def search(home: Home, name: str, *, limit: int = 10) -> list[SearchHit]:
    """Return at most `limit` entities, the likeliest first.

    Equal names come first. The rest is ordered by its place among the names written most alike or among those that
    sound most alike, whichever is better; the place counts double in the less trusted of the two lists (see SPELLED).
    Equal places go by score, then by popularity, then by id.
    """
    return search_many(home, [name], limit=limit)[0]


def search_many(home: Home, names: Sequence[str], *, limit: int = 10) -> list[list[SearchHit]]:
    """Return the hits of each name, in the order of `names`."""
    found: list[list[SearchHit]] = []
    for start in range(0, len(names), NAMES_AT_ONCE):
        found.extend(_search(home, names[start : start + NAMES_AT_ONCE], limit))
    return found


def _search(home: Home, names: Sequence[str], limit: int) -> list[list[SearchHit]]:
    index = home.index
    candidates = block(names, index, settings=WIDE).table
    popularity = pl.from_arrow(index.entities["popularity"].combine_chunks())
    alike = 0.5 * pl.max_horizontal("ratio", "jaro_winkler") + 0.5 * pl.col("token_set")
    ranked = candidates.with_columns(
        pl.when("exact").then(1.0).otherwise(0.999 * pl.max_horizontal(alike, "sound")).round(6).alias("score"),
        (pl.col("ngram") + 0.3 * pl.col("ratio")).rank("dense", descending=True).over("query").alias("written"),
        (pl.col("sound") + 0.3 * pl.col("ratio")).rank("dense", descending=True).over("query").alias("heard"),
        (pl.col("ngram").max().over("query") >= SPELLED).alias("spelled"),
        pl.Series("popularity", popularity.fill_null(0.0)).gather(candidates["entity"]),
    )
    likely = pl.when("spelled").then(pl.min_horizontal("written", 2 * pl.col("heard")))
    ranked = ranked.with_columns(likely.otherwise(pl.min_horizontal(2 * pl.col("written"), "heard")).alias("place"))
    order = ["query", "exact", "place", "score", "popularity", "entity"]
    ranked = ranked.sort(order, descending=[False, True, False, True, True, False])
    top = ranked.group_by("query", maintain_order=True).head(limit)
    entities = index.entities.take(top["entity"].to_arrow())
    aliases = index.aliases["alias"].take(top["alias"].to_arrow())
    hits: list[list[SearchHit]] = [[] for _ in names]
    columns = (entities[c].to_pylist() for c in ("id", "name", "type"))
    for query, entity_id, name, kind, alias, value in zip(
        top["query"], *columns, aliases.to_pylist(), top["score"], strict=True
    ):
        hits[query].append(SearchHit(entity_id, name, kind, alias, value))
    return hits
