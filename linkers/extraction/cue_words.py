"""Words next to a name that state its type: "the album X", "X, the band"."""

import re
from collections.abc import Iterable

from linkers.extraction.common_words import FUNCTION_WORDS
from schemas.ontology import Ontology

_REACH = 64
_NAMING = re.compile(r"\b(?:called|titled|entitled|named|dubbed)[\s,:\"'“‘*_(]*\Z", re.IGNORECASE)
_DIRECTLY = r"(?:\s*:\s*|\s+)(?:(?:called|titled|entitled|named|is|was)\s+)?(?:the\s+)?[\"'“‘*_(]*\Z"
_OWNER = r"\b(?:the|his|her|their|our|its)\s+(?:[\w'’-]+\s+){0,2}?"
_AFTER_PAUSE = r"\s*,\s*[\"'“‘*_(]*\Z"
_APPOSED = r"\A[\"'”’*_)]*\s*[,(–-]+\s*(?:the|a|an|his|her|their|our|my)\s+(?:[\w-]+\s+){0,2}?"
_BRACKETED = r"\A[\"'”’*_]*\s*\((?:[\w-]+\s+){0,2}?"
_BEING = r"\A[\"'”’*_)]*\s+(?:is|was|are|were)\s+(?:the|a|an|our|my)\s+(?:[\w-]+\s+){0,2}?"
_BORNE = r"\A[\"'”’*_)]*\s+"
_BLANK_LINE = re.compile(r"\n\s*\n")
_STARTS_ANEW = re.compile(r"(?:\A|[.!?:\n\"“‘(])\s*\Z")

_BORNE_TYPES = frozenset({"podcast", "label", "organization", "event"})
_ATTRIBUTIVE = frozenset({"show", "series", "tour", "concert", "company", "studio"})
# "the Sub Pop label" is a label, but "the Radiohead tour" is no name of a tour


class CueWords:
    """The cue words of an ontology, as they stand before and after a name."""

    def __init__(self, ontology: Ontology) -> None:
        pairs = [(cue, t.name) for t in ontology.entity_types for cue in t.cues]
        self._families = {t.name: t.family for t in ontology.entity_types}
        self._types = {cue: name for cue, name in reversed(pairs)}  # the type declared first wins
        nouns = [cue for cue in self._types if cue not in FUNCTION_WORDS]
        prepositions = [cue for cue in self._types if cue in FUNCTION_WORDS]
        borne = [cue for cue in nouns if self._types[cue] in _BORNE_TYPES and cue not in _ATTRIBUTIVE]
        self._before = (
            _pattern(r"\b", nouns, r"s?" + _DIRECTLY),
            _pattern(_OWNER, nouns, _AFTER_PAUSE),
        )
        self._weak = _pattern(r"\b", prepositions, r"\s+(?:the\s+)?\Z")
        self._after = [_pattern(lead, nouns, r"\b") for lead in (_APPOSED, _BRACKETED, _BEING)]
        self._after.append(_pattern(_BORNE, borne, r"\b"))

    def stated_type(self, text: str, start: int, end: int) -> str:
        """Return the type that a noun right before or after [start, end) states, "" if none does."""
        preceding = _BLANK_LINE.split(text[max(start - _REACH, 0) : start])[-1]
        following = _BLANK_LINE.split(text[end : end + _REACH])[0]
        for pattern in self._before:
            if (found := pattern.search(preceding)) and _is_plain(preceding, found):
                return self._types[found["cue"].lower()]
        for pattern in self._after:
            if (found := pattern.search(following)) and found["cue"][0].islower():
                return self._types[found["cue"].lower()]
        return ""

    def family(self, type_name: str) -> str:
        """Return the coarse kind of a type that a cue stated."""
        return self._families[type_name]

    def announced_type(self, text: str, start: int) -> str:
        """Return the type that a preposition before `start` suggests ("in X": a place), "" if none."""
        found = self._weak.search(text, max(start - _REACH, 0), start)
        return self._types[found["cue"].lower()] if found else ""

    def is_named(self, text: str, start: int) -> bool:
        """Say whether "called", "titled" or the like stands right before `start`."""
        return bool(_NAMING.search(text, max(start - _REACH, 0), start))


def _is_plain(text: str, found: re.Match[str]) -> bool:
    """Say whether a cue is a plain noun: "Studio" of "Abbey Road Studio" belongs to a name."""
    return found["cue"][0].islower() or bool(_STARTS_ANEW.search(text[: found.start("cue")]))


def _pattern(lead: str, words: Iterable[str], tail: str) -> re.Pattern[str]:
    choices = "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
    return re.compile(f"{lead}(?P<cue>{choices or '(?!)'}){tail}", re.IGNORECASE)
