"""What it costs to hear one sound for another; after classes of English sounds, not fitted to any data."""

import numpy as np
from numpy.typing import NDArray

from linkers.index.phonemes import CONSONANTS, VOWELS

_VOICING = ("pb", "td", "kg", "fv", "sz", "SZ", "CJ", "nN", "CS", "JZ")
_GLIDES = ("Rr", "yi", "wu", "ru", "wo", "yA", "yI", "RA", "Ra", "Re", "Ro", "Ri", "Ru")
_MANNER = ("pbtdkg", "fvTszSZh", "CJ", "mnN", "lrwy")
_PLACE = ("pbmfvw", "tdnszTl", "SZCJy", "kgNh")


def replacing() -> NDArray[np.float32]:
    """Return the cost of each pair of sounds by their code, float32 (128, 128), symmetric, 0 for the same."""
    costs = np.full((128, 128), 1.2, dtype=np.float32)

    def put(group: str, cost: float) -> None:
        for one in group:
            for other in group:
                costs[ord(one), ord(other)] = cost

    put(CONSONANTS, 1.0)
    for group in (*_MANNER, *_PLACE):
        put(group, 0.6)
    put(VOWELS, 0.25)
    for pair in _VOICING:
        put(pair, 0.3)
    for pair in _GLIDES:
        put(pair, 0.5)
    np.fill_diagonal(costs, 0.0)
    return costs


def dropping() -> NDArray[np.float32]:
    """Return the cost of each sound that is too many or too few, float32 (128,)."""
    costs = np.full(128, 0.8, dtype=np.float32)
    costs[[ord(sound) for sound in VOWELS]] = 0.5
    costs[ord("h")] = 0.3
    return costs
