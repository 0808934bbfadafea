"""Makes linkers/index/hearing.json of the declared half of the open set of misheard names: `python -m benchmarks.hearing`.

Half: the names whose id has an even first byte of SHA-256. The other half is for measuring only.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.name_sets import NameSet, names_folder
from linkers.compiling import compiled
from linkers.index.hearing import FITTED, SOUNDS, by_class
from linkers.index.phonemes import spoken
from linkers.index.sounding_kernels import AT_ENDS, LOUDEST

SET = "asr-errors"
ROUNDS = 6
TRUST = 40.0
"""How many sounds met the class table is worth, for each of SOUNDS."""
GAPS = 20.0
SHARPNESS = 7.5
LEAST, LEAST_OF_A_SOUND = 2.0, 0.15
"""A pair teaches when its evidence is so much and so much more for each sound: a fifth of the set is noise."""
LEAST_DROP = -0.2
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@compiled
def aligned(asked: Ints, name: Ints, replacing: Floats, dropping: Floats, met: Floats, dropped: Floats) -> float:
    """Return the evidence of the best alignment; counts what met what and what was dropped inside both, where it is enough."""
    size, other = len(asked), len(name)
    best = np.zeros((size + 1, other + 1))
    for i in range(size + 1):
        for j in range(other + 1):
            if i == 0 and j == 0:
                continue
            value = -1e9
            if i > 0 and j > 0:
                value = best[i - 1, j - 1] + replacing[asked[i - 1], name[j - 1]]
            if i > 0:
                value = max(value, best[i - 1, j] + dropping[asked[i - 1]] * (AT_ENDS if j == 0 or j == other else 1.0))
            if j > 0:
                value = max(value, best[i, j - 1] + dropping[name[j - 1]] * (AT_ENDS if i == 0 or i == size else 1.0))
            best[i, j] = value
    i, j = size, other
    while best[size, other] >= LEAST + LEAST_OF_A_SOUND * other and i + j > 0:
        if i > 0 and j > 0 and best[i, j] == best[i - 1, j - 1] + replacing[asked[i - 1], name[j - 1]]:
            met[asked[i - 1], name[j - 1]] += 1
            i, j = i - 1, j - 1
        elif i > 0 and (
            j == 0 or best[i, j] == best[i - 1, j] + dropping[asked[i - 1]] * (AT_ENDS if j == other else 1.0)
        ):
            dropped[asked[i - 1]] += 0 < j < other
            i -= 1
        else:
            dropped[name[j - 1]] += 0 < i < size
            j -= 1
    return float(best[size, other])


def coded(text: str) -> NDArray[np.int64]:
    """Return the places in SOUNDS of the sounds of a text."""
    return np.array([SOUNDS.index(sound) for sound in text[:LOUDEST]], dtype=np.int64)


def fit(pairs: list[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (replacing, dropping): log odds of sounds meeting, counted along best alignments, again and again."""
    count = len(SOUNDS)
    own = np.bincount(np.concatenate([side for pair in pairs for side in pair]), minlength=count) + 5.0
    own /= own.sum()
    chance = own[:, None] * own
    prior = np.exp(-SHARPNESS * by_class().astype(np.float64)) * chance
    prior /= prior.sum()
    replacing, dropping = np.log(prior / chance), np.full(count, -1.6)
    for _ in range(ROUNDS):
        met, dropped = np.zeros((count, count)), np.zeros(count)
        for asked, name in pairs:
            aligned(asked, name, replacing, dropping, met, dropped)
        met, total = (met + met.T) / 2, met.sum()
        replacing = np.log((met + TRUST * count * prior) / (total + TRUST * count) / chance)
        dropping = np.minimum(np.log((dropped / 2 + GAPS * own) / (total + GAPS) / own), LEAST_DROP)
    return replacing, dropping


def main() -> None:
    """Fit and write the evidence of sounds."""
    known = NameSet.read(names_folder() / SET)
    pairs = []
    for asked, meant in zip(known.asked, known.meant, strict=True):
        if known.declared(meant):
            # of a name in capitals the letters are what is said
            pairs.append((coded(spoken(asked)[-1]), coded(spoken(known.names[meant])[-1])))
    pairs = [pair for pair in pairs if len(pair[0]) and len(pair[1])]
    replacing, dropping = fit(pairs)
    values = {
        "made": f"python -m benchmarks.hearing, {SET}, names whose id has an even first byte of SHA-256",
        "pairs": len(pairs),
        "replacing": {s: [round(float(v), 2) for v in row] for s, row in zip(SOUNDS, replacing, strict=True)},
        "dropping": {s: round(float(v), 2) for s, v in zip(SOUNDS, dropping, strict=True)},
    }
    lines = json.dumps(values).replace('"replacing"', '\n"replacing"').replace('"dropping"', '\n"dropping"')
    Path(FITTED).write_text(lines.replace("], ", "],\n ") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
