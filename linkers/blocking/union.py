"""The union of the channels, scored by name, cut to a budget."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.blocking.exact import exact_hits
from linkers.blocking.form import form_hits, people_hits
from linkers.blocking.initials import initials_hits
from linkers.blocking.name_scores import name_scores
from linkers.blocking.ngram import ngram_hits
from linkers.blocking.phonetic import phonetic_hits
from linkers.blocking.settings import CHANNELS, BlockingReport, BlockingSettings
from linkers.blocking.token import token_hits
from linkers.blocking.vector import vector_hits
from linkers.index import CatalogIndex, Hits
from linkers.normalization import latin, normalize

_EXACT, _NGRAM, _PHONETIC, _TOKEN, _INITIALS, _VECTOR, _FORM, _PEOPLE = range(8)


@dataclass(frozen=True)
class Candidates:
    """Entities proposed for surface forms.

    table:  one row a surface and entity, ordered by query, then best first: query (int32, position of the surface),
            entity (int32 row), alias (int32 row of the name that matched best), channels (uint16 bit mask of CHANNELS),
            exact (bool), contains (bool: every word of the surface stands in the name), ngram, vector (float32 cosines,
            0.0 where the channel did not find it), sound (float32 in [0, 1], how alike they sound, 0.0 where the
            channel did not find it), ratio, jaro_winkler, token_set, token_sort (float32 in [0, 1]), similarity
            (float32, the plain name score that the budget goes by).
    report: what the channels found and what was cut.
    """

    table: pl.DataFrame
    report: BlockingReport


def block(
    surfaces: Sequence[str],
    index: CatalogIndex,
    *,
    settings: BlockingSettings,
    vectors: NDArray[np.float32] | None = None,
) -> Candidates:
    """Return the candidates of surface forms.

    surfaces: distinct texts. vectors: (len(surfaces), d), a line of zeros for a surface that needs none; None
              does without
    the vector channel. The same input gives the same output, whatever else is asked in the same call.
    """
    report = BlockingReport()
    keys = [normalize(surface) for surface in surfaces]
    exact = exact_hits(surfaces, index)
    known = np.zeros(len(keys), dtype=bool)
    known[exact.query] = True
    # a name of several words as it stands is no slip of another's: only longer names that hold it are its rivals
    slips = ["" if is_name and " " in key else key for key, is_name in zip(keys, known, strict=True)]
    parts = [
        (_EXACT, exact),
        (_NGRAM, ngram_hits(slips, index, settings, report)),
        (_PHONETIC, phonetic_hits(slips, index, settings, report, known)),
        (_TOKEN, token_hits(keys, index, settings, report)),
        (_INITIALS, initials_hits(slips, index, settings, report)),
        (_FORM, form_hits(surfaces, index)),
        (_PEOPLE, people_hits(surfaces, index)),
    ]
    if vectors is not None and index.vectors.shape[1]:
        parts.append((_VECTOR, vector_hits(vectors, index, settings, index.name_rows)))
    found = pl.concat([_frame(channel, hits) for channel, hits in parts])
    scored = _scored(_by_alias(found), keys, index)
    table = _within_budget(_by_entity(scored), index, settings, report)
    for number, name in enumerate(CHANNELS):
        report.found[name] = int((table["channels"] & (1 << number) > 0).sum())
    report.empty = len(surfaces) - table["query"].n_unique()
    return Candidates(table, report)


def _frame(channel: int, hits: Hits) -> pl.DataFrame:
    nothing = pl.lit(0.0, dtype=pl.Float32)
    return pl.DataFrame({"query": hits.query, "alias": hits.target, "found": hits.score}).select(
        pl.col("query").cast(pl.Int32),
        pl.col("alias").cast(pl.Int32),
        pl.lit(1 << channel, dtype=pl.UInt16).alias("channels"),
        (pl.col("found").cast(pl.Float32) if channel == _NGRAM else nothing).alias("ngram"),
        (pl.col("found").cast(pl.Float32) if channel == _VECTOR else nothing).alias("vector"),
        (pl.col("found").cast(pl.Float32) if channel == _PHONETIC else nothing).alias("sound"),
    )


def _by_alias(found: pl.DataFrame) -> pl.DataFrame:
    return found.group_by("query", "alias").agg(
        pl.col("channels").bitwise_or(), pl.col("ngram").max(), pl.col("vector").max(), pl.col("sound").max()
    )


def _scored(found: pl.DataFrame, keys: Sequence[str], index: CatalogIndex) -> pl.DataFrame:
    rows = found["alias"].to_arrow()
    names = pl.DataFrame(
        {
            "left": pl.Series([latin(key) for key in keys], dtype=pl.String).gather(found["query"]),
            "right": pl.Series(
                "right", [latin(k) for k in index.aliases["key"].take(rows).to_pylist()], dtype=pl.String
            ),
        }
    )
    scored = pl.concat([found, name_scores(names)], how="horizontal")
    entity = pl.Series("entity", index.aliases["entity"].take(rows).to_numpy(zero_copy_only=False), dtype=pl.Int32)
    words = [pl.col(side).str.split(" ") for side in ("left", "right")]
    exact = (pl.col("channels") & (1 << _EXACT)) > 0
    return scored.with_columns(
        entity,
        exact.alias("exact"),
        (words[0].list.set_difference(words[1]).list.len() == 0).alias("contains"),
        pl.when(exact)
        .then(1.0)
        .otherwise(0.5 * pl.max_horizontal("ratio", "jaro_winkler") + 0.5 * pl.max_horizontal("token_set", "ngram"))
        .cast(pl.Float32)
        .alias("similarity"),
    ).drop("left", "right")


def _by_entity(scored: pl.DataFrame) -> pl.DataFrame:
    """One row a surface and entity: its best alias, the channels of all."""
    best_first = ["query", "entity", "exact", "similarity", "ratio", "alias"]
    ordered = scored.sort(best_first, descending=[False, False, True, True, True, False])
    together = [
        pl.col("channels").bitwise_or(),
        pl.col("contains").any(),
        pl.col("ngram").max(),
        pl.col("vector").max(),
        pl.col("sound").max(),
    ]
    own = ("alias", "exact", "similarity", "ratio", "jaro_winkler", "token_set", "token_sort")
    return ordered.group_by("query", "entity", maintain_order=True).agg(*(pl.col(c).first() for c in own), *together)


def _within_budget(
    candidates: pl.DataFrame, index: CatalogIndex, settings: BlockingSettings, report: BlockingReport
) -> pl.DataFrame:
    popularity = pl.Series("popularity", index.entities["popularity"].to_numpy(zero_copy_only=False), dtype=pl.Float64)
    ranked = candidates.with_columns(popularity.fill_nan(0.0).fill_null(0.0).gather(candidates["entity"])).sort(
        ["query", "exact", "similarity", "vector", "popularity", "entity"],
        descending=[False, True, True, True, True, False],
    )
    place = pl.int_range(pl.len()).over("query")
    # names found by vectors alone look unlike the surface, so they have a budget of their own
    by_name = ranked.filter(pl.col("channels") != 1 << _VECTOR).with_columns(place.alias("place"))
    limit = pl.when(pl.col("exact")).then(settings.homonyms).otherwise(settings.total)
    # another form of a name may look unlike it: "French", "France"
    form = pl.col("channels") & (1 << _FORM | 1 << _PEOPLE) > 0
    kept = by_name.filter((pl.col("place") < limit) | form)
    report.cut["total"] += by_name.height - kept.height
    alone = ranked.filter(pl.col("channels") == 1 << _VECTOR)
    return (
        pl.concat([kept.drop("place"), alone])
        .sort(
            ["query", "exact", "similarity", "vector", "popularity", "entity"],
            descending=[False, True, True, True, True, False],
        )
        .drop("popularity")
    )
