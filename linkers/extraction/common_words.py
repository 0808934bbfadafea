"""Which words are so common that they name something only when the text says so."""

import re
from functools import cache, lru_cache
from importlib.resources import files

_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "est", "ly", "y", "r", "n", "in")
_DERIVED = re.compile(
    r"\w{4,}(?:tions?|ments?|ness|ical|ically|ables?|ibles?|fully?|less|isms?|ology|ators?|ities|ity|ives?|ively|wards?)\Z"
    r"|\w{5,}(?:ances?|ences?|ists?|ous|ously)\Z"
)  # endings by which English makes words; hardly any name of one word has one
_NUMBER = re.compile(r"\d+(?:s|st|nd|rd|th)?\Z")

_FUNCTION_WORDS_TEXT = """
a about above across after again against all almost along already also although always am among an and
another any anyone anything are around as at away back be because been before behind being below between
both but by can cannot could did do does doing done down during each either else ever every everyone
everything few first for from get give go got had has have having he her here hers herself him himself
his how however i if im in into is it its itself ive just keep last least less like made make many may
me might mine more most much must my myself never next no nobody none nor not nothing now of off often
oh ok okay on once one only onto or other others our ours out over own per perhaps please put quite
rather really said same say see she should since so some someone something sometimes still such take
than that thats the their theirs them then there these they this those though through to together too
toward two under until up upon us very was we well were what whatever when where whether which while who
whoever whole whom whose why will with within without would yes yet you your yours youre yeah
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS_TEXT.split())
"""Words that carry grammar rather than meaning, lower case."""

_ALWAYS_CAPITAL_TEXT = """
i i'm i'll i've i'd monday tuesday wednesday thursday friday saturday sunday january february march
april may june july august september october november december american british english french german
spanish italian european african asian japanese chinese irish scottish russian god christmas easter mr
mrs ms dr sir tv uk us
"""
ALWAYS_CAPITAL = frozenset(_ALWAYS_CAPITAL_TEXT.split())
"""Words that English writes with a capital wherever they stand, so that it tells nothing; lower case."""

_SHORT_INFLECTED = {
    ("go", "ing"),
    ("do", "ing"),
    ("be", "ing"),
    ("go", "es"),
    ("do", "es"),
    ("us", "ed"),
    ("us", "ing"),
}


@cache
def _listed(name: str) -> frozenset[str]:
    text = files("linkers.extraction").joinpath(name).read_text(encoding="utf-8")
    return frozenset(text.split())


def is_given_name(word: str) -> bool:
    """Say whether a word (lower case) is a common English first name."""
    return word in _listed("given_names.txt")


@lru_cache(maxsize=1 << 17)
def is_common(word: str) -> bool:
    """Say whether a word (lower case) is a common English word or first name, or an inflection of one.

    Words of one or two letters, and numbers, count as common: as names they need evidence as well.
    """
    if len(word) <= 2 or _NUMBER.match(word) or _DERIVED.match(word):
        return True
    listed = _listed("common_words.txt")
    if word in listed or word in FUNCTION_WORDS or is_given_name(word):
        return True
    return any(_stem_listed(word, ending, listed) for ending in _ENDINGS)


def _stem_listed(word: str, ending: str, listed: frozenset[str]) -> bool:
    if not word.endswith(ending):
        return False
    stem = word[: -len(ending)]
    if len(stem) < 3 and (stem, ending) not in _SHORT_INFLECTED:
        return False
    doubled = len(stem) > 3 and stem[-1] == stem[-2]
    stems = (stem, stem + "e", stem[:-1] if doubled else stem, stem[:-1] + "y" if stem[-1] == "i" else stem)
    return any(s in listed for s in stems)
