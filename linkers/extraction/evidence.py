"""Whether a catalog name in a text is meant as a name; common words that are also titles need evidence."""

from collections.abc import Mapping, Sequence
from enum import Enum

from linkers.extraction.common_words import FUNCTION_WORDS, is_common, is_given_name
from linkers.extraction.cue_words import CueWords
from linkers.extraction.gazetteer import KnownName, NameHit
from linkers.extraction.overlaps import SpansByPlace
from linkers.extraction.reading import Reading

_OPENING, _CLOSING = frozenset("\"'“‘„«*_`"), frozenset("\"'”’“»*_`")
_NEAR = 60  # code points between a name with one telling word and its neighbour, without capitals
_FAR = 1500  # the same for a name with more of them
_LONG = 9  # code points of a name in pieces ("radio head") that hardly come together by chance
_ROUNDS = 3  # a name found by its neighbours may be the neighbour of a third
_TELLING_WORDS = 3  # that many words with meaning, all of a title, rarely meet by chance


class Verdict(Enum):
    """What the surroundings say of a name: it is meant, it is not, or only related names can tell."""

    MEANT = "meant"
    OPEN = "open"
    NOT_MEANT = "not meant"


def judge(hit: NameHit, reading: Reading, cues: CueWords) -> Verdict:
    """Judge one name by its own words, its case, quotes, cue words and spaCy's opinion."""
    if not reading.cased:
        return _judge_uncased(hit, reading, cues)
    if not reading.is_capitalised(hit.first, hit.last):
        return _judge_lower(hit, reading, cues)
    if _is_rare(hit, reading) or _is_pointed_out(hit, reading, cues) or (hit.start, hit.end) in reading.guessed:
        return Verdict.MEANT
    return _judge_common_capital(hit, reading)


def _is_rare(hit: NameHit, reading: Reading) -> bool:
    """Say whether a name's words hardly meet by chance: one is no common word, or it is a full name."""
    words = reading.words[hit.first : hit.last]
    if any(not is_common(word) for word in words):
        return True
    return len(words) > 1 and is_given_name(words[0]) and "agent" in hit.name.families


def _judge_uncased(hit: NameHit, reading: Reading, cues: CueWords) -> Verdict:
    if _is_rare(hit, reading) or _is_quoted(hit, reading.text):
        return Verdict.MEANT
    telling = _telling(hit, reading)
    several = hit.last - hit.first > 1
    if _is_pointed_out(hit, reading, cues):
        return Verdict.MEANT if telling or several else Verdict.OPEN
    if len(telling) >= _TELLING_WORDS or (several and telling and "concept" in hit.name.families):
        return Verdict.MEANT
    if hit.alike and hit.end - hit.start >= _LONG:
        return Verdict.MEANT
    if not telling or all(word.isdigit() for word in telling):
        return Verdict.NOT_MEANT
    return Verdict.OPEN


def _telling(hit: NameHit, reading: Reading) -> list[str]:
    return [word for word in reading.words[hit.first : hit.last] if word not in FUNCTION_WORDS]


def _judge_lower(hit: NameHit, reading: Reading, cues: CueWords) -> Verdict:
    """Judge a name without its capitals in a text that has them; most of these are mere words."""
    several = hit.last - hit.first > 1
    if "concept" in hit.name.families or reading.text[hit.start : hit.end] in hit.name.aliases:
        if several or _is_rare(hit, reading) or _is_pointed_out(hit, reading, cues):
            return Verdict.MEANT
        return Verdict.OPEN
    if not several and not _is_quoted(hit, reading.text):
        return Verdict.NOT_MEANT
    meant = _is_rare(hit, reading) or (several and _is_quoted(hit, reading.text))
    return Verdict.MEANT if meant else Verdict.NOT_MEANT


def _judge_common_capital(hit: NameHit, reading: Reading) -> Verdict:
    surface = reading.text[hit.start : hit.end]
    telling = [reading.words[i] for i in reading.content(hit.first, hit.last)]
    if all(word.isdigit() for word in telling):
        return _judge_number(hit, reading)
    if len(telling) == 1 and len(telling[0]) == 1:
        return Verdict.OPEN
    alone = hit.last - hit.first == 1
    if alone and reading.continues_a_name(hit.first, hit.last):
        return Verdict.OPEN
    if reading.stands_out(hit.first, hit.last) or (len(surface) >= 2 and _is_acronym(surface)):
        return Verdict.MEANT
    return Verdict.OPEN


def _judge_number(hit: NameHit, reading: Reading) -> Verdict:
    """Judge a name that is a number: "The 1975" by its article, "25" only beside "Adele's" or "by"."""
    if any(reading.is_capital(i) for i in range(hit.first, hit.last)):
        return Verdict.MEANT
    if reading.begins_sentence(hit.first):
        return Verdict.OPEN
    before = reading.tokens[hit.first - 1]
    owned = before.bare_end != before.end or reading.words[hit.first - 1] == "by"
    return Verdict.OPEN if owned else Verdict.NOT_MEANT


def _is_acronym(surface: str) -> bool:
    letters = [c for c in surface if c.isalpha()]
    return len(letters) >= 2 and all(c.isupper() for c in letters)


def _is_pointed_out(hit: NameHit, reading: Reading, cues: CueWords) -> bool:
    text = reading.text
    if _is_quoted(hit, text) or cues.is_named(text, hit.start) or _has_own_sign(hit, reading):
        return True
    stated = cues.stated_type(text, hit.start, hit.end)
    if stated and all(word.isdigit() for word in reading.words[hit.first : hit.last]):
        return stated in hit.name.types
    return bool(stated) and ("" in hit.name.families or cues.family(stated) in hit.name.families)


def _has_own_sign(hit: NameHit, reading: Reading) -> bool:
    """Say whether a name ends in a sign of its own that ends no sentence: "Help! is on my list"."""
    if reading.text[hit.end - 1 : hit.end] not in ("!", "?") or hit.last == len(reading.tokens):
        return False
    following = reading.text[hit.end : reading.tokens[hit.last].end].lstrip(" ")
    return reading.cased and following[:1].islower()


def _is_quoted(hit: NameHit, text: str) -> bool:
    before = text[hit.start - 1 : hit.start]
    after = text[hit.end : hit.end + 3].lstrip(",.!?")[:1]
    return before in _OPENING and after in _CLOSING and bool(before and after)


def meant_by_neighbours(
    hits: Sequence[NameHit],
    verdicts: Sequence[Verdict],
    reading: Reading,
    related: Mapping[int, frozenset[int]],
) -> list[NameHit]:
    """Return the hits that are meant, those left open among them that have support.

    Support is a related entity in the same or an adjacent sentence, or the same name meant elsewhere in
    the document. Where capitals tell nothing, the related entity of a lone common word must be close by.
    related: the entity rows that the catalog relates to each entity row.
    """
    meant = [hit for hit, verdict in zip(hits, verdicts, strict=True) if verdict is Verdict.MEANT]
    still_open = [hit for hit, verdict in zip(hits, verdicts, strict=True) if verdict is Verdict.OPEN]
    for _ in range(_ROUNDS):
        names = {(hit.name, hit.last - hit.first) for hit in meant}
        places = SpansByPlace(meant)
        supported = [
            _is_repeated(hit, names, reading) or _is_among_friends(hit, places, reading, related) for hit in still_open
        ]
        meant += [hit for hit, found in zip(still_open, supported, strict=True) if found]
        still_open = [hit for hit, found in zip(still_open, supported, strict=True) if not found]
        if not any(supported):
            break
    return meant


def _is_repeated(hit: NameHit, names: set[tuple[KnownName, int]], reading: Reading) -> bool:
    """Say whether the document names the same elsewhere; a lone word must not be used as a mere word too."""
    words = hit.last - hit.first
    if (hit.name, words) not in names:
        return False
    return words > 1 or (reading.cased and not reading.has_lower(reading.words[hit.first]))


def _is_among_friends(
    hit: NameHit, meant: SpansByPlace[NameHit], reading: Reading, related: Mapping[int, frozenset[int]]
) -> bool:
    friends = frozenset().union(*(related.get(entity, frozenset()) for entity in hit.name.entities))
    if not friends:
        return False
    if reading.cased:
        low, high = reading.sentences.beside(hit.start)
    else:
        reach = _FAR if len(_telling(hit, reading)) > 1 else _NEAR
        low, high = hit.start - reach, hit.end + reach
    return any(
        friends & other.name.entities and (other.end <= hit.start or hit.end <= other.start)
        for other in meant.touching(low, high)
    )
