"""Channel phonetic: the surface sounds like a name, as a speech recogniser may have heard it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from linkers.blocking.settings import BlockingReport, BlockingSettings
from linkers.index import CatalogIndex, Hits
from linkers.index.sounds import sound_codes


def phonetic_hits(
    keys: Sequence[str],
    index: CatalogIndex,
    settings: BlockingSettings,
    report: BlockingReport,
    known: NDArray[np.bool_],
) -> Hits:
    """Return alias rows with the sound code of a key, and those that sound most alike; what is cut is counted.

    known: bool, keys that are a name as they stand; alignment of sounds, the costly part, is left out for them.
    score: 1 minus the cost of the alignment, 0 for a hit by code alone.
    """
    coded = index.phonetic(sound_codes(keys))
    same = coded.first(settings.phonetic)
    asked = np.flatnonzero(~known)
    heard, unread = index.heard_alike([keys[number] for number in asked.tolist()], settings.phonetic)
    near = heard.score >= settings.least_sound
    report.cut["phonetic"] += len(coded.target) - len(same.target) + unread
    return Hits(
        np.concatenate([same.query, asked[heard.query[near]].astype(np.int32)]),
        np.concatenate([same.target, heard.target[near]]),
        np.concatenate([np.zeros(len(same.target), np.float32), heard.score[near]]),
    )
