"""What of spaCy's guesses becomes a mention: cut where catalog names show the seams, doubtful ones left out."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from linkers.extraction.common_words import ALWAYS_CAPITAL, FUNCTION_WORDS, is_common
from linkers.extraction.gazetteer import NameHit
from linkers.extraction.overlaps import Found, SpansByPlace
from linkers.extraction.reading import Guess, Reading
from linkers.extraction.sentences import Range
from linkers.extraction.spacy_entities import trimmed, with_honorific

_QUOTED_WORK = re.compile(r"\s?['’´`]s\s+(?=[\"“‘])")
_COMMA = re.compile(r"\s*,\s+")
_SEAM_AFTER = re.compile(
    r"\s?['’´`]s?(?!\w)|\s*[,:;–—(\"“‘]|\s+\d|\s+(?:by|with|at|in|on|for|from|feat\.?|featuring)\s"
)
_SEAM_BEFORE = re.compile(r"(?:['’´`]s?\s+|[,:;–—(\"“‘\d]\s*|\b(?:by|with|at|in|on|for|from|feat\.?|featuring)\s+)\Z")
_AND_AFTER = re.compile(r"\s+(?:and|&)\s(?!the\s|his\s|her\s|their\s)", re.IGNORECASE)
_AND_BEFORE = re.compile(r"\s(?:and|&)\s+\Z")
_PLURAL_HONORIFIC = re.compile(r"(?:Messrs|Misses|Mesdames|MM)\b\.?\s*", re.IGNORECASE)
_LEADING_NUMBERS = re.compile(r"[\d,.\s]+\s(?=\D)")
_TRAILING_NUMBERS = re.compile(r"(?<=\D)\s[\d,.\s]+\Z")
_PLACING = re.compile(r"(?:\A|\s)(?:in|from|near|at|outside)\s+\Z", re.IGNORECASE)
_NEXT_WORD = re.compile(r"[ \t\n]+([\w'’]+)")
_VERBAL = re.compile(r"\w{3}(?:ing|ed)\Z")  # "in infusing"
_LISTED_LABELS = frozenset({"PERSON", "GPE", "LOC", "FAC"})
_PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
_UNCASED_LABELS = frozenset({"PERSON", "GPE"})  # the only labels that hold without capitals, more or less


def guessed_mentions(reading: Reading, meant: Sequence[NameHit], *, honorifics: bool) -> Iterator[Found]:
    """Yield the mentions that spaCy's guesses make beside the catalog names that are meant.

    A guess that runs over a catalog name and on past a possessive, a comma, a quote or a preposition is
    cut there. Left out are lone common words at the beginning of a sentence, guesses without a capital
    in a text that has them, and in a text without capitals all but rare words.
    """
    places = SpansByPlace(meant)
    ends = {(hit.start, hit.end) for hit in meant}
    for guess in reading.guesses:
        if (guess.start, guess.end) in ends:
            yield Found(guess.start, guess.end, guess.type, "spacy")
            continue
        touching = places.touching(guess.start, guess.end)
        inner = [hit for hit in touching if guess.start <= hit.start and hit.end <= guess.end]
        pieces = _pieces(reading.text, guess, inner)
        for piece in pieces:
            start, end = _tidied(reading.text, piece, guess.label)
            if start < end and (start, end) not in ends and _is_plausible((start, end), guess, reading):
                if honorifics and guess.label == "PERSON":
                    start = with_honorific(reading.text, start)
                whole = len(pieces) == 1 or guess.label in _LISTED_LABELS - {"FAC"}
                yield Found(start, end, guess.type if whole else "", "spacy")


def _pieces(text: str, guess: Guess, inner: Sequence[NameHit]) -> list[Range]:
    cuts = {place for match in _QUOTED_WORK.finditer(text, guess.start, guess.end) for place in match.span()}
    if guess.label in _LISTED_LABELS:
        cuts |= {p for match in _COMMA.finditer(text, guess.start, guess.end) for p in match.span()}
    starts = {hit.start for hit in inner}
    for hit in inner:
        cuts |= _seams(text, guess, hit, starts)
    edges = [guess.start, *sorted(c for c in cuts if guess.start < c < guess.end), guess.end]
    return list(pairwise(edges))


def _seams(text: str, guess: Guess, hit: NameHit, starts: Collection[int]) -> set[int]:
    before, after = text[guess.start : hit.start], text[hit.end : guess.end]
    seams = set()
    following = _SEAM_AFTER.match(after)
    if not following and (listed := _AND_AFTER.match(after)):
        both_known = hit.end + listed.end() in starts
        following = listed if both_known or guess.label in _LISTED_LABELS or hit.last - hit.first > 1 else None
    if following:
        seams |= {hit.end, hit.end + following.end()}
    if _SEAM_BEFORE.search(before) or (guess.label in _LISTED_LABELS and _AND_BEFORE.search(before)):
        seams.add(hit.start)
    return seams


def _tidied(text: str, piece: Range, label: str) -> Range:
    start, end = trimmed(text, *piece)
    if label in _LISTED_LABELS:
        if numbers := _LEADING_NUMBERS.match(text, start, end):
            start = numbers.end()
        if numbers := _TRAILING_NUMBERS.search(text[start:end]):
            end = start + numbers.start()
    if plural := _PLURAL_HONORIFIC.match(text, start, end):
        start = plural.end()
    return trimmed(text, start, end) if start < end else (start, end)


def _is_plausible(span: Range, guess: Guess, reading: Reading) -> bool:
    surface = reading.text[slice(*span)]
    words = surface.casefold().split()
    if sum(c.isalnum() for c in surface) < 2:
        return False
    if not reading.cased:
        return guess.label in _UNCASED_LABELS and _is_plausible_uncased(span, words, guess.label, reading.text)
    if surface == surface.lower() and surface != surface.upper():
        return False
    if len(words) > 1 or not is_common(words[0]):
        return True
    if words[0] in ALWAYS_CAPITAL or guess.label in _PLACE_LABELS:
        return False
    number = reading.sentences.number(span[0])
    return reading.sentences.ranges[number][0] != span[0]


def _is_plausible_uncased(span: Range, words: Sequence[str], label: str, text: str) -> bool:
    """Judge a guess where capitals tell nothing: every word must be rare.

    A lone word must be a place that stands like one, because a rare word is more often just rare.
    """
    if len(words) == 1:
        return (
            label == "GPE"
            and not is_common(words[0])
            and not _VERBAL.search(words[0])
            and _stands_like_a_place(span, text)
        )
    return not any(is_common(word) for word in words)


def _stands_like_a_place(span: Range, text: str) -> bool:
    """Say whether a span follows a preposition of place and nothing goes on: "in leeds and", not "in hushed awe"."""
    following = _NEXT_WORD.match(text, span[1])
    return bool(_PLACING.search(text[: span[0]][-12:])) and (not following or following[1].casefold() in FUNCTION_WORDS)
