"""Surnames alone, after the full name: "Cash" once the text has said "Johnny Cash"."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from linkers.extraction.common_words import FUNCTION_WORDS, is_common
from linkers.extraction.gazetteer import NameHit
from linkers.extraction.overlaps import Found
from linkers.extraction.reading import Reading

_PERSON = "person"
_MOST_WORDS = 4
_LEAST_LETTERS = 3


def short_forms(reading: Reading, spans: Sequence[Found], meant: Sequence[NameHit]) -> Iterator[Found]:
    """Yield the later mentions of people by the last word of their name.

    spans: mentions that do not overlap; those of people with two to four words count as full names.
    A short form bears the type "person" and the extractor of its full name.
    """
    people = {(h.start, h.end) for h in meant if _PERSON in h.name.types}
    starts = [token.start for token in reading.tokens]
    known: dict[str, Found] = {}
    for span in spans:
        if span.type != _PERSON and (span.start, span.end) not in people:
            continue
        first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
        word = reading.words[last - 1] if last else ""
        if 2 <= last - first <= _MOST_WORDS and len(word) >= _LEAST_LETTERS and word not in FUNCTION_WORDS:
            known.setdefault(word, span)
    for at, word in enumerate(reading.words):
        full = known.get(word)
        if full and reading.tokens[at].start >= full.end and _stands_for_a_name(reading, at):
            token = reading.tokens[at]
            yield Found(token.start, token.bare_end, _PERSON, full.extractor.split("+")[-1])


def _stands_for_a_name(reading: Reading, at: int) -> bool:
    word = reading.words[at]
    if not reading.cased:
        return not is_common(word)
    if not reading.is_capital(at) or reading.continues_a_name(at, at + 1):
        return False
    return not is_common(word) or reading.stands_out(at, at + 1) or not reading.has_lower(word)
