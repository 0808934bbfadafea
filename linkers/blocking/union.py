"""The union of the channels, scored by name, cut to a budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

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
from linkers.columns import Columns
from linkers.grouping import Groups, ordered, paired
from linkers.index import CatalogIndex, Hits
from linkers.normalization import latin, normalize

_EXACT, _NGRAM, _PHONETIC, _TOKEN, _INITIALS, _VECTOR, _FORM, _PEOPLE = range(8)
_SCORED = (("ngram", _NGRAM), ("vector", _VECTOR), ("sound", _PHONETIC))
"""Columns that keep the score of a channel."""
_HIGHEST = (1 << 31) - 1


@dataclass(frozen=True)
class Candidates:
    """Entities proposed for surface forms.

    columns: one row a surface and entity, ordered by query, then best first: query (int32, position of the surface),
             entity (int32 row), alias (int32 row of the name that matched best), channels (uint16 bit mask of
             CHANNELS), exact (bool), ngram, vector (float32 cosines, 0.0 where the channel did not find it), sound
             (float32 in [0, 1], how alike they sound, 0.0 where the channel did not find it), ratio, jaro_winkler,
             token_set (float32 in [0, 1]), similarity (float32, the plain name score that the budget goes by).
    report:  what the channels found and what was cut.
    """

    columns: Columns
    report: BlockingReport

    @cached_property
    def table(self) -> pl.DataFrame:
        """The columns as a data frame."""
        return pl.DataFrame(dict(self.columns))


def block(
    surfaces: Sequence[str],
    index: CatalogIndex,
    *,
    settings: BlockingSettings,
    vectors: NDArray[np.float32] | None = None,
) -> Candidates:
    """Return the candidates of surface forms.

    surfaces: distinct texts. vectors: (len(surfaces), d), a line of zeros for a surface that needs none; None does
    without the vector channel. The same input gives the same output, whatever else is asked in the same call.
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
    found = _by_alias(parts)
    scored = found.plus(_scores(found, keys, index), entity=index.alias_entities[found["alias"]])
    columns = _within_budget(_by_entity(scored), index, settings, report)
    for number, name in enumerate(CHANNELS):
        report.found[name] = int(np.count_nonzero(columns["channels"] & (1 << number)))
    report.empty = len(surfaces) - len(Groups.of(columns["query"]).starts)
    return Candidates(columns, report)


def _by_alias(parts: Sequence[tuple[int, Hits]]) -> Columns:
    """One row a surface and alias: the channels that found it, and their scores."""
    query, alias = (np.concatenate([getattr(hits, name) for _, hits in parts]) for name in ("query", "target"))
    sizes = [len(hits.query) for _, hits in parts]
    channel = np.repeat([channel for channel, _ in parts], sizes)
    score = np.concatenate([hits.score for _, hits in parts])
    pairs = paired(query, alias)
    order = np.argsort(pairs)
    groups, channel, score = Groups.of(pairs[order]), channel[order], score[order]
    first = order[groups.starts]
    columns = {
        "query": query[first].astype(np.int32),
        "alias": alias[first].astype(np.int32),
        "channels": groups.any(np.left_shift(1, channel).astype(np.uint16)),
    }
    for name, number in _SCORED:
        columns[name] = groups.highest(np.where(channel == number, score, np.float32(0.0)))
    return Columns(columns)


def _scores(found: Columns, keys: Sequence[str], index: CatalogIndex) -> dict[str, NDArray[np.generic]]:
    """Return how alike surface and name are written."""
    asked = [latin(key) for key in keys]
    left = [asked[query] for query in found["query"].tolist()]
    right = [latin(key) for key in index.alias_keys.take(found["alias"]).to_pylist()]
    scores = name_scores(left, right)
    exact = (found["channels"] & (1 << _EXACT)) > 0
    whole = np.maximum(scores["ratio"], scores["jaro_winkler"])
    parts = np.maximum(scores["token_set"], found["ngram"])
    return {**scores, "exact": exact, "similarity": np.where(exact, np.float32(1.0), 0.5 * whole + 0.5 * parts)}


def _by_entity(scored: Columns) -> Columns:
    """One row a surface and entity: its best alias, the channels of all. scored: ordered by surface and alias."""
    # the aliases of an entity lie side by side
    groups = Groups.of(scored["query"], scored["entity"])
    likeness = [-scored[name] for name in ("similarity", "ratio")]
    order = ordered(groups.numbers, ~scored["exact"], *likeness, scored["alias"])
    return scored.take(order[groups.starts]).plus(
        {name: groups.highest(scored[name]) for name, _ in _SCORED}, channels=groups.any(scored["channels"])
    )


def _within_budget(
    candidates: Columns, index: CatalogIndex, settings: BlockingSettings, report: BlockingReport
) -> Columns:
    """Return the candidates of each surface best first, those of each kind within its budget."""
    popularity = np.nan_to_num(index.popularity[candidates["entity"]], nan=0.0)
    # surface, exact before others, most alike first, as one number: a float over 0 orders as its bits do
    likeness = candidates["similarity"].view(np.int32).astype(np.int64)
    others = (~candidates["exact"]).astype(np.int64) << 31
    most_alike = (candidates["query"].astype(np.int64) << 32) | others | (_HIGHEST - likeness)
    rank = ordered(most_alike, -candidates["vector"], -popularity, candidates["entity"])
    ranked = candidates.take(rank)
    # names found by vectors alone look unlike the surface, so they have a budget of their own
    by_name = ranked["channels"] != 1 << _VECTOR
    named = Groups.of(ranked["query"][by_name])
    # another form of a name may look unlike it: "French", "France"
    form = (ranked["channels"] & (1 << _FORM | 1 << _PEOPLE)) > 0
    limit = np.where(ranked["exact"], settings.homonyms, settings.total)
    within = np.ones(ranked.height, dtype=bool)
    within[by_name] = (named.places < limit[by_name]) | form[by_name]
    report.cut["total"] += int(np.count_nonzero(~within))
    return ranked.take(within)
