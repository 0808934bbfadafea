"""Whether two writings are one name: slips of typing and hearing are, other first names and other numbers are not."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from linkers.extraction.common_words import is_common
from linkers.index.sounds import sound_code
from linkers.normalization import latin

LEAST_TYPED = 5
"""Shortest word in which another letter may be a slip: of four letters, "Hill" and "Hall" are two names."""

LEAST_JOINED = 6
"""Fewest letters of names that are compared without their spaces."""

_LONG = 8
_VOWELS = "aeiouy"
_NUMBERS = re.compile(r"\d+")
_ROMAN = frozenset(["ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii", "xiii", "xiv", "xv"])
_BEFORE = frozenset(
    ["the", "a", "an", "dj", "mc", "mr", "mrs", "ms", "dr", "sir", "dame", "professor", "prof", "president"]
)
_SPELLING = (("ph", "f"), ("ck", "k"), ("qu", "kw"), ("q", "k"), ("c", "k"), ("z", "s"), ("y", "i"), ("w", "v"))


@lru_cache(1 << 17)
def bare(key: str) -> tuple[str, ...]:
    """Return the words of a key in Latin letters, without an article or a title before it.

    Letters that stand alone in a row are one word, as speech recognition spells them. Never empty for a key
    that is not.

    >>> bare("the velvet lanterns"), bare("d j saffron"), bare("the the")
    (('velvet', 'lanterns'), ('saffron',), ('the',))
    """
    words: list[str] = []
    spelled = False
    for word in latin(key).split():
        alone = len(word) == 1 and word.isalpha()
        if alone and spelled:
            words[-1] += word
        else:
            words.append(word)
        spelled = alone
    while len(words) > 1 and words[0] in _BEFORE:
        words = words[1:]
    return tuple(words)


@lru_cache(1 << 17)
def numbers(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return what numbers a name: digits, Roman numerals and, behind the first word, single letters; sorted."""
    found = [digits.lstrip("0") or "0" for word in words for digits in _NUMBERS.findall(word)]
    found += [word for word in words[1:] if word in _ROMAN or len(word) == 1]
    return tuple(sorted(found))


@lru_cache(1 << 17)
def spelled(word: str) -> str:
    """Return a word with one spelling for letters that are written for one another.

    >>> spelled("martha") == spelled("marta"), spelled("philip") == spelled("fillip")
    (True, True)
    """
    for written, kept in _SPELLING:
        word = word.replace(written, kept)
    word = word[:1] + word[1:].replace("h", "")
    return "".join(sign for place, sign in enumerate(word) if place == 0 or sign != word[place - 1])


def same_name(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """Return how surely two names (of `bare`) are writings of one: 1.0 equal, lower for slips, 0.0 for two names.

    Containment is no agreement: "prince" and "prince royce" are two names. Symmetric.
    """
    if numbers(left) != numbers(right):
        return 0.0
    joined = "".join(left), "".join(right)
    if left == right or (joined[0] == joined[1] and len(joined[0]) >= LEAST_JOINED):
        return 1.0
    if len(left) != len(right):
        return 0.0 if _holds(left, right) or _holds(right, left) else _same_joined(*joined)
    several = len(left) > 1
    slips = [
        _same_word(one, other, first=several and place == 0)
        for place, (one, other) in enumerate(zip(left, right, strict=True))
        if one != other
    ]
    if not several and slips and min(len(left[0]), len(right[0])) < LEAST_JOINED:
        return 0.0
    return min(slips) * (1.0 if len(slips) == 1 else 0.95)


def is_initialed(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Say whether `short` is `full` with first names as initials: "m quill" of "marta quill" or "marta jane quill"."""
    if len(short) < 2 or len(full) < len(short) or short[-1] != full[-1] or len(short[-1]) < 3:
        return False
    initials = "".join(short[:-1])
    if len(initials) > 3 or not (all(len(word) == 1 for word in short[:-1]) or (len(short) == 2 and len(initials) < 3)):
        return False
    given = full[:-1]
    if len(initials) > len(given) or any(len(word) < 2 for word in given):
        return False
    return all(word[0] == initial for word, initial in zip(given, initials, strict=False))


def _holds(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    """Say whether a name is another and further words, wherever its spaces are: "winiarski iyi" is no "winiarski"."""
    short = "".join(shorter)
    parts = ((longer[cut:], longer[:-cut]) for cut in range(1, len(longer)))
    return any("".join(part) == short for both in parts for part in both)


def _same_joined(left: str, right: str) -> float:
    """Compare names that are parted into words otherwise: "copperline recods", "copper line records"."""
    if min(len(left), len(right)) < 2 * LEAST_TYPED or left[0] != right[0]:
        return 0.0
    if spelled(left) == spelled(right):
        return 0.9
    return 0.7 if OSA.distance(left, right, score_cutoff=1) <= 1 else 0.0


@lru_cache(1 << 17)
def _same_word(left: str, right: str, *, first: bool) -> float:
    """Compare two words that differ; `first`: of a name of several words, where another word is another person."""
    if left.isdigit() or right.isdigit() or min(len(left), len(right)) < 3:
        return 0.0
    if first and left[-1] != right[-1] and (left[-1] in _VOWELS or right[-1] in _VOWELS):
        return 0.0  # Martin and Martina, Anna and Anne
    if spelled(left) == spelled(right):
        return 0.95
    if is_common(left) and is_common(right):
        return 0.0  # two words of the language, neither a slip
    shorter = min(len(left), len(right))
    if shorter < LEAST_TYPED - first:
        return 0.0
    distance = OSA.distance(left, right, score_cutoff=2)
    sounds_same = sound_code(left) == sound_code(right) != ""
    if distance <= (2 if shorter >= _LONG else 1) and sounds_same:
        return 0.85
    if first:
        return 0.0
    if sounds_same and distance <= 2:
        return 0.8
    return 0.75 if left[0] == right[0] and distance <= (2 if shorter >= _LONG + 2 else 1) else 0.0
