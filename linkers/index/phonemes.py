"""From letters to sounds by rules: how an English speaker would roughly say a key."""

import re
from functools import lru_cache

VOWELS = "aeiouAIOYR"
"""Sounds are single signs: vowels a e i o u, long A I, O as in out, Y as in boy, R as in bird; consonants as written,
with C ch, J j, N ng, S sh, T th, Z as in vision."""
CONSONANTS = "pbtdkgfvTszSZCJmnNlrwyh"
_DIGITS = tuple(
    word
    for line in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    )
    for word in line.split()
)
_TENS = ("", "", *["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
_LETTERS = {
    **{"a": "A", "b": "bi", "c": "si", "d": "di", "e": "i", "f": "ef", "g": "Ji", "h": "AC", "i": "I", "j": "JA"},
    **{"k": "kA", "l": "el", "m": "em", "n": "en", "o": "o", "p": "pi", "q": "kyu", "r": "ar", "s": "es", "t": "ti"},
    **{"u": "yu", "v": "vi", "w": "dabalyu", "x": "eks", "y": "wI", "z": "zi"},
}
# tried in order at each place; (pattern, sounds)
_RULES: tuple[tuple[str, str], ...] = (
    *((r"^kn", "n"), (r"^gn", "n"), (r"^ps", "s"), (r"^pn", "n"), (r"^wr", "r"), (r"^x", "z"), (r"^mc", "mak")),
    *(("(?:ti|ci|si|ssi)ous", "Sas"), ("[tcs]ia(?=n|l)", "Sa"), ("ssion", "San"), ("tion", "San"), ("sion", "Zan")),
    *(("ture$", "CR"), ("sure$", "ZR"), ("sch", "S"), ("tch", "C"), ("chr", "kr"), ("ch", "C"), ("sh", "S")),
    *(("th", "T"), ("ph", "f"), ("eigh", "A"), ("augh", "o"), ("ough", "o"), ("igh", "I"), ("gh(?=[aeiou])", "g")),
    *(
        ("gh", ""),
        ("ck", "k"),
        ("cqu", "kw"),
        ("que$", "k"),
        ("qu", "kw"),
        ("q", "k"),
        ("dge", "J"),
        ("dg(?=[iy])", "J"),
    ),
    *(("ng(?=[aeiou])", "Ng"), ("ng", "N"), ("n(?=[kxq])", "N"), ("cc(?=[eiy])", "ks"), ("sc(?=[eiy])", "s")),
    *(("c(?=[eiy])", "s"), ("cz", "C"), ("c", "k"), ("gu(?=[ei])", "g"), ("gg", "g"), ("g(?=e$|e[^tr]|y|ia|io)", "J")),
    *(("j", "J"), ("x", "ks"), ("wh", "w"), ("mb$", "m"), ("bt$", "t"), ("lm$", "m"), ("tz", "ts"), ("zz", "ts")),
    *(("dj", "J"), ("ts", "ts"), ("rh", "r"), ("y(?=[aeiou])", "y"), ("y$", "i"), ("eau", "o"), ("ear(?=[lnt])", "R")),
    *(("(?:ear|eer|ier)", "ir"), ("(?:air|are$|eir)", "er"), ("(?:er|ir|ur|yr)(?![aeiou])", "R"), ("our", "or")),
    *(("oor", "or"), ("or$", "R"), ("ee|ea|ie(?!$)", "i"), ("ie$", "i"), ("ei", "A"), ("ey$", "i"), ("ey", "A")),
    *(("ai|ay", "A"), ("oo", "u"), ("ou", "O"), ("ow$", "o"), ("ow", "O"), ("oa|oe", "o"), ("oi|oy", "Y")),
    *(
        ("au|aw", "o"),
        ("eu|ew|ue$|ui", "u"),
        ("ae", "e"),
        ("a(?=[bcdfgjklmnpstvz]e$)", "A"),
        ("i(?=[bcdfgjklmnpstvz]e$)", "I"),
    ),
    *(("o(?=[bcdfgjklmnpstvz]e$)", "o"), ("u(?=[bcdfgjklmnpstvz]e$)", "u"), ("(?<=.)(?<![aeiou])es$", "iz")),
    *(("(?<=..)ed$", "d"), ("(?<=[a-z])e$", ""), ("a", "a"), ("e", "e"), ("i|y", "i"), ("o", "o"), ("u", "a")),
    *((letter, letter) for letter in "bdfghklmnprstvwz"),
)
_PATTERN = re.compile("|".join(f"(?P<r{number}>{pattern})" for number, (pattern, _) in enumerate(_RULES)))
_REPEATED = re.compile(r"(.)\1+")
_PARTS = re.compile(r"\d+|[^\d]+")
_SPELLED_OUT = re.compile(r"[^aeiouy]{1,4}")


@lru_cache(1 << 16)
def word_sounds(word: str) -> str:
    """Return the sounds of one word of a key in Latin letters; numbers are read out, words without vowels spelled.

    >>> word_sounds("night"), word_sounds("knight"), word_sounds("tlc")
    ('nIt', 'nIt', 'tielsi')
    """
    return "".join(_number(part) if part[0].isdigit() else _letters(part) for part in _PARTS.findall(word))


def _letters(word: str) -> str:
    if len(word) == 1 or _SPELLED_OUT.fullmatch(word):
        return "".join(_LETTERS.get(letter, "") for letter in word)
    spoken = "".join(_RULES[int((found.lastgroup or "r0")[1:])][1] for found in _PATTERN.finditer(word))
    return _REPEATED.sub(r"\1", spoken)


def _number(digits: str) -> str:
    return "".join(_letters(word) for word in _number_words(digits))


def _number_words(digits: str) -> list[str]:
    value = int(digits) if len(digits) <= 4 else -1
    if digits[0] == "0" or value < 0:
        return [_DIGITS[int(digit)] if digit.isascii() else "" for digit in digits]
    if value < 20:
        return [_DIGITS[value]]
    if value < 100:
        return [_TENS[value // 10], *([_DIGITS[value % 10]] if value % 10 else [])]
    if value % 1000 == 0:
        return [_DIGITS[value // 1000], "thousand"]
    if value < 1000 or value % 1000 < 10:
        unit, word = (100, "hundred") if value < 1000 else (1000, "thousand")
        rest = value % unit
        return [_DIGITS[value // unit], word, *(_number_words(str(rest)) if rest else [])]
    return [*_number_words(str(value // 100)), *(_number_words(str(value % 100)) if value % 100 else ["hundred"])]


def sounds(key: str) -> str:
    """Return the sounds of a key in Latin letters, its words joined."""
    return "".join(word_sounds(word) for word in key.split(" "))
