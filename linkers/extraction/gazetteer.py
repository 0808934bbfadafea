"""Finds names of the catalog in texts: every run of words is looked up in the index, in bulk."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from linkers.extraction.name_index import NameIndex
from linkers.extraction.reading import Reading
from linkers.extraction.tokens import CLOSED, FREE, PUNCTUATED, gap_kind
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


@dataclass(frozen=True, slots=True)
class WordRun:
    """A run of words that may be a name: tokens [first, last), up to `end`, under its key."""

    first: int
    last: int
    end: int
    key: str
    punctuated: bool


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
        known = self._known(keys)
        runs = [list(self._runs(reading, keys, known)) for reading in readings]
        names = self.names(list(dict.fromkeys(run.key for part in runs for run in part)))
        return [
            [hit for run in part if run.key in names and (hit := _hit(reading, run, names[run.key]))]
            for reading, part in zip(readings, runs, strict=True)
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

    def _runs(self, reading: Reading, keys: dict[str, str], known: frozenset[str]) -> Iterator[WordRun]:
        text, tokens = reading.text, reading.tokens
        full = [keys[text[t.start : t.end]] for t in tokens]
        bare = [keys[text[t.start : t.bare_end]] if t.bare_end != t.end else "" for t in tokens]
        gaps = [gap_kind(text[a.end : b.start]) for a, b in pairwise(tokens)]
        for first in range(len(tokens)):
            prefix, punctuated = "", False
            for last in range(first, min(first + self._max_words, len(tokens))):
                if last > first:
                    if gaps[last - 1] == CLOSED or not (full[last] in known or bare[last] in known):
                        break
                    punctuated = punctuated or gaps[last - 1] == PUNCTUATED
                if bare[last]:
                    yield WordRun(first, last + 1, tokens[last].bare_end, prefix + bare[last], punctuated)
                yield WordRun(first, last + 1, tokens[last].end, prefix + full[last], punctuated)
                if full[last] not in known:
                    break
                prefix += full[last] + " "


def _hit(reading: Reading, run: WordRun, name: KnownName) -> NameHit | None:
    start, end = _with_signs(reading.text, reading.tokens[run.first].start, run.end, name.aliases)
    if run.punctuated and not _punctuated_alike(reading, run, name):
        return None
    return NameHit(start, end, run.first, run.last, name)


def _with_signs(text: str, start: int, end: int, aliases: Sequence[str]) -> tuple[int, int]:
    """Widen a span by the signs that a spelling has at its ends: "Wham!", "R.E.M.", "*NSYNC"."""
    best = (start, end)
    for alias in aliases:
        lead, tail = _outer_signs(alias)
        low = start - len(lead) if lead and text.endswith(lead, 0, start) else start
        high = end + len(tail) if tail and text.startswith(tail, end) else end
        if high - low > best[1] - best[0]:
            best = (low, high)
    return best


def _outer_signs(alias: str) -> tuple[str, str]:
    core = [i for i, c in enumerate(alias) if c.isalnum()]
    if not core:
        return "", ""
    lead, tail = alias[: core[0]], alias[core[-1] + 1 :]
    if _QUOTES & set(lead) and _QUOTES & set(tail):
        return lead, tail  # the quotes are part of the name
    return ("" if _QUOTES & set(lead) else lead), ("" if _QUOTES & set(tail) else tail)


def _punctuated_alike(reading: Reading, run: WordRun, name: KnownName) -> bool:
    """Say whether punctuation inside a run belongs to the name, and does not part two phrases."""
    surface = _squashed(reading.text[reading.tokens[run.first].start : run.end])
    if any(surface in _squashed(alias) for alias in name.aliases):
        return True
    pairs = zip(reading.tokens[run.first : run.last - 1], reading.tokens[run.first + 1 : run.last], strict=True)
    gaps = ((a, reading.text[a.end : b.start]) for a, b in pairs)
    return all(gap_kind(gap) == FREE or (gap in (".", ". ") and a.end - a.start <= _SHORT_FORM) for a, gap in gaps)


def _squashed(text: str) -> str:
    return "".join("'" if c in _QUOTES else c for c in text.casefold() if not c.isspace())
