"""Which aliases a name may be another writing of, and in how many ways each of them is like it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.blocking.exact import exact_hits
from linkers.blocking.form import form_hits, people_hits
from linkers.blocking.initials import initials_hits
from linkers.blocking.settings import BlockingReport, BlockingSettings
from linkers.blocking.token import token_hits
from linkers.grouping import Groups, paired
from linkers.index import CatalogIndex, Hits
from linkers.index.likeness_kernels import LIKENESS
from linkers.normalization import normalize

FOUND_BY = ("variant", "short", "number", "people")
"""Channels whose finding a name says more than any likeness of letters: variant of the key, initials, form, people."""
FEATURES = (*LIKENESS, *FOUND_BY)
WIDE = BlockingSettings(ngram=100, phonetic=200, token=60)


@dataclass(frozen=True)
class NameCandidates:
    """Aliases proposed for names.

    hits:     ordered by query, then alias row; score 1 everywhere.
    features: float32 (hits, len(FEATURES)).
    same:     bool, whether the name has the alias's very key.
    report:   what budgets cut.
    """

    hits: Hits
    features: NDArray[np.float32]
    same: NDArray[np.bool_]
    report: BlockingReport


def name_candidates(names: Sequence[str], index: CatalogIndex, settings: BlockingSettings = WIDE) -> NameCandidates:
    """Return the candidates of names; what is found for one does not depend on the others."""
    report = BlockingReport()
    keys = [normalize(name) for name in names]
    exact = exact_hits(names, index)
    known = {int(query) for query, key in zip(exact.query, _keys(exact, index), strict=True) if key == keys[query]}
    # a name of several words as it stands is no slip of another's
    slips = [not (number in known and " " in key) for number, key in enumerate(keys)]
    spelled, unread = index.spelled_alike(_where(slips, keys), settings.ngram)
    heard, unheard = index.heard_alike(_where(slips, names), settings.phonetic)
    report.cut["ngram"] += unread
    report.cut["phonetic"] += unheard
    parts = [
        exact,
        initials_hits(keys, index, settings, report),
        form_hits(names, index),
        people_hits(names, index),
        token_hits(keys, index, settings, report),
        spelled,
        heard,
    ]
    pairs = np.concatenate([paired(part.query, part.target) for part in parts])
    order = np.argsort(pairs, kind="stable")
    groups = Groups.of(pairs[order])
    channel = np.repeat(np.arange(len(parts)), [len(part.query) for part in parts])[order]
    found = groups.any(np.left_shift(1, channel)) if len(pairs) else np.empty(0, np.int64)
    pair = pairs[order][groups.starts]
    hits = Hits.found(pair >> 32, (pair & 0xFFFFFFFF).astype(np.int32))
    by_channel = (found[:, None] >> np.arange(len(FOUND_BY))) & 1
    features = np.hstack([index.likeness(names, hits), by_channel.astype(np.float32)])
    asked = np.array(keys, dtype=object)[hits.query]
    own = np.array(_keys(hits, index), dtype=object)
    return NameCandidates(hits, features, np.asarray(asked == own, dtype=bool), report)


def _keys(hits: Hits, index: CatalogIndex) -> list[str]:
    return [str(key) for key in index.alias_keys.take(hits.target).to_pylist()]


def _where(flags: Sequence[bool], texts: Sequence[str]) -> list[str]:
    return [text if flag else "" for flag, text in zip(flags, texts, strict=True)]
