"""Names as speech recognisers write them: in pieces ("radio head"), spelled out ("b t s"), by ear ("beyonsay")."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from linkers.extraction.common_words import FUNCTION_WORDS, is_common, is_given_name
from linkers.extraction.gazetteer import Gazetteer, KnownName, NameHit
from linkers.extraction.name_index import NameIndex, Postings
from linkers.extraction.overlaps import SpansByPlace
from linkers.extraction.reading import Reading
from linkers.extraction.tokens import FREE, gap_kind
from linkers.index.sounds import sound_codes
from linkers.normalization import normalize

_MOST_WORDS = 4
_MOST_ODD_WORDS = 3
_LEAST_LETTERS = 5
_NEIGHBOURS = 5  # names looked at for each run of words

# Least share of equal letters, spaces left out (Indel similarity), by how a name was found.
_IN_PIECES, _SOUNDS_EQUAL, _LOOKS_EQUAL = 1.0, 0.6, 0.84
_FOR_COMMON_WORDS = 0.75  # at least, where every word that was written is a common one
_LOOKS_EQUAL_ALONE = 0.88  # where one word looks like a name


@dataclass(frozen=True, slots=True)
class _Run:
    """Tokens [first, last) whose words, joined by spaces, are `key`."""

    first: int
    last: int
    key: str


class MisheardNames:
    """Finds names that a text only resembles; for text without capitals."""

    def __init__(self, index: NameIndex, gazetteer: Gazetteer) -> None:
        self._index = index
        self._gazetteer = gazetteer

    def lookup(self, readings: Sequence[Reading], sure: Sequence[Sequence[NameHit]]) -> list[list[NameHit]]:
        """Return for each text the names it resembles, not overlapping, by start; none for text with case.

        sure: names that stand in each text as the catalog has them; words of theirs are not compared
        letter by letter, which is the costly part.
        """
        runs = [[] if reading.cased else list(_runs(reading)) for reading in readings]
        keys = list(dict.fromkeys(run.key for part in runs for run in part))
        if not keys:
            return [[] for _ in readings]
        odd = {run.key for part, known in zip(runs, sure, strict=True) for run in _unknown(part, known)}
        names, scores = self._resembled(keys, odd)
        return [_best(reading, part, names, scores) for reading, part in zip(readings, runs, strict=True)]

    def _resembled(self, keys: Sequence[str], odd: Collection[str]) -> tuple[dict[str, KnownName], dict[str, float]]:
        """Return for each key the name that resembles it best and how much it does."""
        query, rows, least = self._pairs(keys, odd)
        alias_keys: list[str] = self._index.aliases.column("key").take(rows).to_pylist()
        written = [keys[i] for i in query.tolist()]
        scores = cpdist(
            [key.replace(" ", "") for key in written],
            [key.replace(" ", "") for key in alias_keys],
            scorer=fuzz.ratio,
            dtype=np.float64,
        )
        shares = scores / 100
        least = np.maximum(least, [_demanded(*pair) for pair in zip(written, alias_keys, strict=True)])
        best: dict[str, float] = {}
        fits = np.flatnonzero(shares >= least).tolist()
        for n in fits:
            best[written[n]] = max(best.get(written[n], 0.0), float(shares[n]))
        kept = [n for n in fits if shares[n] >= best[written[n]]]
        return self._gazetteer.described([written[n] for n in kept], rows[kept]), best

    def _pairs(
        self, keys: Sequence[str], odd: Collection[str]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return keys' positions, alias rows and the least share of equal letters asked of each pair."""
        joined = [key.replace(" ", "") for key in keys]
        sought = np.flatnonzero(np.array([key in odd for key in keys], dtype=bool))
        found: list[tuple[Postings, NDArray[np.int64], float]] = [
            (self._index.exact(joined), np.arange(len(keys)), _IN_PIECES),
            (self._index.phonetic(sound_codes(keys)), np.arange(len(keys)), _SOUNDS_EQUAL),
            (self._index.ngram_search([keys[i] for i in sought.tolist()], _NEIGHBOURS), sought, _LOOKS_EQUAL),
        ]
        query = np.concatenate([positions[hits.query] for hits, positions, _ in found])
        rows = np.concatenate([np.asarray(hits.target, dtype=np.int64) for hits, _, _ in found])
        least = np.concatenate([np.full(len(hits.query), share) for hits, _, share in found])
        alone = np.array([" " not in key for key in keys], dtype=bool)[query]
        least[alone & (least == _LOOKS_EQUAL)] = _LOOKS_EQUAL_ALONE
        return query, rows, least


def _runs(reading: Reading) -> Iterator[_Run]:
    tokens = reading.tokens
    keys = [normalize(word) for word in reading.words]
    for first in range(len(tokens)):
        for last in range(first + 1, min(first + _MOST_WORDS, len(tokens)) + 1):
            if last - first > 1 and gap_kind(reading.text[tokens[last - 2].end : tokens[last - 1].start]) != FREE:
                break
            words = keys[first:last]
            if _may_be_misheard(words):
                yield _Run(first, last, " ".join(words))


def _unknown(runs: Sequence[_Run], sure: Sequence[NameHit]) -> Iterator[_Run]:
    """Yield the runs with a rare word, none of whose words belongs to a name that is sure."""
    known = {token for hit in sure for token in range(hit.first, hit.last)}
    for run in runs:
        short = run.last - run.first <= _MOST_ODD_WORDS
        if short and known.isdisjoint(range(run.first, run.last)) and _is_telling(run.key):
            yield run


def _may_be_misheard(words: Sequence[str]) -> bool:
    if all(len(word) == 1 for word in words):
        return len(words) > 1
    if words[0] in FUNCTION_WORDS or words[-1] in FUNCTION_WORDS:
        return False
    return sum(map(len, words)) >= _LEAST_LETTERS and (len(words) > 1 or not is_common(words[0]))


def _is_telling(key: str) -> bool:
    return any(not is_common(word) for word in key.split())


def _demanded(written: str, alias_key: str) -> float:
    """Return the least share of equal letters that the words themselves ask for; above 1 for never."""
    words, alias_words = written.split(), alias_key.split()
    if written == alias_key or abs(len(words) - len(alias_words)) > 2:
        return 2.0
    full_name = len(alias_words) > 1 and is_given_name(alias_words[0])
    if all(len(word) == 1 for word in words):
        return 1.0 if len(alias_words) == 1 else 2.0
    if not full_name and all(is_common(word) for word in alias_words):
        return 2.0
    if not _is_telling(written):
        return _FOR_COMMON_WORDS
    return 0.0


def _best(
    reading: Reading, runs: Sequence[_Run], names: Mapping[str, KnownName], scores: Mapping[str, float]
) -> list[NameHit]:
    """Return the runs that resemble a name, of overlapping ones that with the most letters alike."""
    ordered = sorted(
        (run for run in runs if run.key in names),
        key=lambda run: (-(scores[run.key] ** 2) * len(run.key), run.first),
    )
    taken: set[int] = set()
    hits = []
    for run in ordered:
        if taken.isdisjoint(range(run.first, run.last)):
            taken.update(range(run.first, run.last))
            start, end = reading.tokens[run.first].start, reading.tokens[run.last - 1].bare_end
            hits.append(NameHit(start, end, run.first, run.last, names[run.key], alike=True))
    return sorted(hits, key=lambda hit: hit.start)


def unrivalled(alike: Sequence[NameHit], meant: Sequence[NameHit]) -> list[NameHit]:
    """Return the resembled names that no name in the text itself contradicts.

    One that overlaps a name that is meant stays only where it is longer and means the same entity.
    """
    places = SpansByPlace(meant)
    return [hit for hit in alike if all(_completes(hit, r) for r in places.touching(hit.start, hit.end))]


def _completes(hit: NameHit, rival: NameHit) -> bool:
    """Say whether a resembled name is a fuller name of the same entity: "rishi kesh hirway" of "hirway"."""
    longer = rival.last - rival.first < hit.last - hit.first
    same = rival.name.entities & hit.name.entities
    return longer and bool(same) and not set(rival.name.aliases) & set(hit.name.aliases)
