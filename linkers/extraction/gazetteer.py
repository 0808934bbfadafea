"""Finds names of the catalog in texts: every run of words is looked up in the index, in bulk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from linkers.extraction.name_index import NameIndex
from linkers.extraction.reading import Reading
from linkers.extraction.tokens import FREE, gap_kind
from linkers.extraction.word_runs import WordRuns, word_runs
from linkers.normalization import normalize
from schemas.ontology import Ontology

_QUOTES = frozenset("\"'“”‘’„«»`´")
_SHORT_FORM = 3  # "St.", "Dr.", "Mr.": a dot after so few letters ends no sentence


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name that the catalog holds.

    aliases:  its spellings there, verbatim.
    entities: rows of the entities that bear it.
    types:    their types; families: the coarse kinds of these, "" where a type has none.
    """

    aliases: tuple[str, ...]
    entities: frozenset[int]
    types: frozenset[str]
    families: frozenset[str]


@dataclass(frozen=True, slots=True)
class NameHit:
    """A place where a catalog name stands: [start, end) of the text, tokens [first, last).

    alike: the text only sounds like the name.
    """

    start: int
    end: int
    first: int
    last: int
    name: KnownName
    alike: bool = False


class Gazetteer:
    """The names of a catalog index, to be found in texts."""

    def __init__(self, index: NameIndex, ontology: Ontology, *, max_words: int) -> None:
        self._index = index
        self._ontology = ontology
        self._max_words = max_words

    def lookup(self, readings: Sequence[Reading]) -> list[list[NameHit]]:
        """Return every name of the catalog in each text, overlapping ones too, ordered by (start, end).

        One bulk call of the index answers for all texts together.
        """
        keys = self._token_keys(readings)
        runs = word_runs(readings, keys, self._known(keys), self._max_words)
        names = self.names(runs.keys)
        runs = runs.of_keys(names.keys())
        begins = np.cumsum([0, *(len(reading.tokens) for reading in readings)])
        edges = np.searchsorted(runs.first, begins)
        return [
            list(_hits(reading, runs.between(edges[n], edges[n + 1]), int(begins[n]), names))
            for n, reading in enumerate(readings)
        ]

    def names(self, keys: Sequence[str]) -> dict[str, KnownName]:
        """Return the catalog's name under each of the keys that it knows."""
        if not keys:
            return {}
        likely = [key for key, there in zip(keys, self._index.contains(keys), strict=True) if there]
        if not likely:
            return {}
        hits = self._index.exact(likely)
        return self.described([likely[i] for i in hits.query.tolist()], hits.target)

    def described(self, keys: Sequence[str], alias_rows: np.ndarray) -> dict[str, KnownName]:
        """Return for each distinct key the name that its alias rows make; `keys` runs beside the rows."""
        if not len(alias_rows):
            return {}
        rows = self._index.aliases.select(["alias", "entity"]).take(alias_rows)
        entities = rows.column("entity").to_numpy()
        types = self._index.entities.column("type").take(entities).to_pylist()
        found: dict[str, tuple[dict[str, None], set[int], set[str]]] = {}
        rest = zip(rows.column("alias").to_pylist(), entities.tolist(), types, strict=True)
        for key, (alias, entity, entity_type) in zip(keys, rest, strict=True):
            aliases, bearers, borne = found.setdefault(key, ({}, set(), set()))
            aliases[alias] = None
            bearers.add(entity)
            borne.add(entity_type)
        return {key: self._name(*parts) for key, parts in found.items()}

    def _name(self, aliases: Iterable[str], entities: Iterable[int], types: Iterable[str]) -> KnownName:
        families = frozenset(map(self._ontology.family, types))
        return KnownName(tuple(aliases), frozenset(entities), frozenset(types), families)

    def _token_keys(self, readings: Sequence[Reading]) -> dict[str, str]:
        words = {}
        for reading in readings:
            for token in reading.tokens:
                words[reading.text[token.start : token.end]] = ""
                words[reading.text[token.start : token.bare_end]] = ""
        return {word: "and" if word == "+" else normalize(word) for word in words}

    def _known(self, keys: dict[str, str]) -> frozenset[str]:
        """Return the keys of single words that stand in some name, whole: only they can form a run."""
        parts = sorted({part for key in keys.values() for part in key.split()})
        if not parts:
            return frozenset()
        frequency = self._index.token_frequency(parts)
        held = {part for part, count in zip(parts, frequency, strict=True) if count}
        return frozenset(key for key in keys.values() if all(part in held for part in key.split()))


def _hits(reading: Reading, runs: WordRuns, begin: int, names: Mapping[str, KnownName]) -> Iterator[NameHit]:
    """Yield the names among the runs of one text, whose tokens are counted from `begin`."""
    columns = (runs.first - begin, runs.last - begin, runs.bare, runs.punctuated, runs.code)
    for first, last, bare, punctuated, code in zip(*(column.tolist() for column in columns), strict=True):
        name = names[runs.keys[code]]
        tokens = reading.tokens
        end = tokens[last - 1].bare_end if bare else tokens[last - 1].end
        if punctuated and not _punctuated_alike(reading, (first, last, end), name):
            continue
        start, end = _with_signs(reading.text, tokens[first].start, end, name.aliases)
        yield NameHit(start, end, first, last, name)


def _with_signs(text: str, start: int, end: int, aliases: Sequence[str]) -> tuple[int, int]:
    """Widen a span by the signs that a spelling has at its ends: "Wham!", "R.E.M.", "*NSYNC"."""
    best = (start, end)
    for alias in aliases:
        lead, tail = _outer_signs(alias)
        if not lead and not tail:
            continue
        low = start - len(lead) if lead and text.endswith(lead, 0, start) else start
        high = end + len(tail) if tail and text.startswith(tail, end) else end
        if high - low > best[1] - best[0]:
            best = (low, high)
    return best


@lru_cache(maxsize=1 << 16)
def _outer_signs(alias: str) -> tuple[str, str]:
    if alias[:1].isalnum() and alias[-1:].isalnum():
        return "", ""
    core = [i for i, c in enumerate(alias) if c.isalnum()]
    if not core:
        return "", ""
    lead, tail = alias[: core[0]], alias[core[-1] + 1 :]
    if _QUOTES & set(lead) and _QUOTES & set(tail):
        return lead, tail  # the quotes are part of the name
    return ("" if _QUOTES & set(lead) else lead), ("" if _QUOTES & set(tail) else tail)


def _punctuated_alike(reading: Reading, run: tuple[int, int, int], name: KnownName) -> bool:
    """Say whether punctuation inside a run (its tokens and its end) belongs to the name, and parts no phrases."""
    first, last, end = run
    surface = _squashed(reading.text[reading.tokens[first].start : end])
    if any(surface in _squashed(alias) for alias in name.aliases):
        return True
    pairs = zip(reading.tokens[first : last - 1], reading.tokens[first + 1 : last], strict=True)
    gaps = ((a, reading.text[a.end : b.start]) for a, b in pairs)
    return all(gap_kind(gap) == FREE or (gap in (".", ". ") and a.end - a.start <= _SHORT_FORM) for a, gap in gaps)


def _squashed(text: str) -> str:
    return "".join("'" if c in _QUOTES else c for c in text.casefold() if not c.isspace())
