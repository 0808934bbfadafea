"""Channel token: the surface's words stand in a name, as in a short form of it."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pyarrow.compute as pc

from linkers.blocking.settings import BlockingReport, BlockingSettings
from linkers.index import CatalogIndex, Hits

RAREST_WORDS = 3
_NONE = pl.DataFrame(schema={"query": pl.Int32, "alias": pl.Int32})


def token_hits(keys: Sequence[str], index: CatalogIndex, settings: BlockingSettings, report: BlockingReport) -> Hits:
    """Return the alias rows that share the rarest words of a key, those that share most first, then the shortest.

    The score is the share of the asked words that a name holds. Words that more than `max_postings` names hold are read
    so far only.
    """
    words = pl.DataFrame(
        {"query": np.arange(len(keys), dtype=np.int32), "word": [sorted(set(k.split())) for k in keys]}
    )
    words = words.explode("word", empty_as_null=True).drop_nulls()
    frequency = index.token_frequency(words["word"].to_list())
    words = words.with_columns(pl.Series("frequency", frequency)).filter(pl.col("frequency") > 0)
    words = words.sort("query", "frequency", "word").group_by("query", maintain_order=True).head(RAREST_WORDS)
    # a lone word cannot be outranked by a second one: its shortest names are the best there are
    several = pl.len().over("query") > 1
    words = words.with_columns(pl.when(several).then(settings.max_postings).otherwise(settings.token).alias("limit"))
    report.cut["token"] += int((words["frequency"] - words["limit"]).clip(0).sum())
    found = pl.concat([_holders(some, index) for some in words.partition_by("limit", maintain_order=True)] or [_NONE])
    asked = words.group_by("query").len("asked")
    shared = found.group_by("query", "alias").len("shared").join(asked, on="query")
    lengths = pc.utf8_length(index.aliases["key"].take(shared["alias"].to_arrow()))
    ranked = shared.with_columns(pl.Series("length", lengths.to_numpy(), dtype=pl.Int32))
    ranked = ranked.sort(["query", "shared", "length", "alias"], descending=[False, True, False, False])
    kept = ranked.group_by("query", maintain_order=True).head(settings.token)
    report.cut["token"] += ranked.height - kept.height
    score = (kept["shared"] / kept["asked"]).cast(pl.Float32)
    return Hits(kept["query"].to_numpy(), kept["alias"].to_numpy(), score.to_numpy())


def _holders(words: pl.DataFrame, index: CatalogIndex) -> pl.DataFrame:
    """Return query, alias: the names that hold each word, up to the limit that all these words have."""
    hits = index.tokens(words["word"].to_list(), int(words["limit"][0]))
    return pl.DataFrame({"query": words["query"].gather(hits.query), "alias": hits.target})
