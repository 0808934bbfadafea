"""How much two sounds that stand in one place speak for one name having been heard as the other.

Evidence is log odds: how often the two sounds meet in a name and what was heard of it, against chance. It is read from
`hearing.json`, which `python -m benchmarks.hearing` fits; classes of English sounds are what the fit starts from.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from linkers.index.phonemes import CONSONANTS, VOWELS

FITTED = Path(__file__).with_name("hearing.json")
SOUNDS = VOWELS + CONSONANTS
_VOICING = ("pb", "td", "kg", "fv", "sz", "SZ", "CJ", "nN", "CS", "JZ")
_GLIDES = ("Rr", "yi", "wu", "ru", "wo", "yA", "yI", "RA", "Ra", "Re", "Ro", "Ri", "Ru")
_MANNER = ("pbtdkg", "fvTszSZh", "CJ", "mnN", "lrwy")
_PLACE = ("pbmfvw", "tdnszTl", "SZCJy", "kgNh")


def by_class() -> NDArray[np.float32]:
    """Return how unlike two sounds are by their classes, float32 (SOUNDS, SOUNDS), symmetric, 0 for the same."""
    unlike = np.full((len(SOUNDS), len(SOUNDS)), 1.2, dtype=np.float32)

    def put(group: str, value: float) -> None:
        places = [SOUNDS.index(sound) for sound in group]
        unlike[np.ix_(places, places)] = value

    put(CONSONANTS, 1.0)
    for group in (*_MANNER, *_PLACE):
        put(group, 0.6)
    put(VOWELS, 0.25)
    for pair in _VOICING:
        put(pair, 0.3)
    for pair in _GLIDES:
        put(pair, 0.5)
    np.fill_diagonal(unlike, 0.0)
    return unlike


def evidence() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return (replacing (128, 128), dropping (128,)) by the code of a sound, float32, natural logarithms of odds.

    replacing: symmetric, above 0 where the two sounds meet more often than chance. dropping: below 0, of a sound that
    is too many or too few.
    """
    fitted = json.loads(FITTED.read_text(encoding="utf-8"))
    codes = np.frombuffer(SOUNDS.encode("ascii"), dtype=np.uint8)
    replacing = np.full((128, 128), -4.0, dtype=np.float32)
    replacing[np.ix_(codes, codes)] = [fitted["replacing"][sound] for sound in SOUNDS]
    dropping = np.full(128, -4.0, dtype=np.float32)
    dropping[codes] = [fitted["dropping"][sound] for sound in SOUNDS]
    return replacing, dropping
