"""Channel phonetic: the surface sounds like a name, as a speech recogniser may have heard it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from linkers.blocking.settings import BlockingReport, BlockingSettings
from linkers.index import CatalogIndex, Hits
from linkers.index.sounds import sound_codes

_LEAST = np.float32(0.76)
"""Where the share of evidence is 0: on this scale the linker's weights for sounds were fitted."""


def phonetic_hits(
    keys: Sequence[str],
    index: CatalogIndex,
    settings: BlockingSettings,
    report: BlockingReport,
    known: NDArray[np.bool_],
) -> Hits:
    """Return alias rows with the sound code of a key, and those that sound most alike; what is cut is counted.

    known: bool, keys that are a name as they stand; alignment of sounds, the costly part, is left out for them.
    score: 1 for the same sounds, down to 0.76 where nothing speaks for the alignment; 0 for a hit by code alone.
    """
    coded = index.phonetic(sound_codes(keys))
    same = coded.first(settings.phonetic)
    asked = np.flatnonzero(~known)
    heard, unread = index.heard_alike([keys[number] for number in asked.tolist()], settings.phonetic)
    score = np.where(heard.score > 0, _LEAST + (1 - _LEAST) * heard.score, 0).astype(np.float32)
    near = score >= settings.least_sound
    report.cut["phonetic"] += len(coded.target) - len(same.target) + unread
    return Hits(
        np.concatenate([same.query, asked[heard.query[near]].astype(np.int32)]),
        np.concatenate([same.target, heard.target[near]]),
        np.concatenate([np.zeros(len(same.target), np.float32), score[near]]),
    )
