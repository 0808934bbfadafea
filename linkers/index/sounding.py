"""The tables by which names are found that sound alike: how each key is said, and which keys hold a gram of sounds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.index.bucketing import bucketed
from linkers.index.hearing import evidence
from linkers.index.phonemes import sounds, spoken
from linkers.index.sounding_kernels import SOUND_BITS, evidence_for_itself, sound_pairs
from linkers.index.text_kernels import LONGEST
from linkers.packed_text import packed

_MAYBE_CAPITALS = r"[A-Z]{2}"


def said(ways: Sequence[tuple[str, ...]]) -> tuple[NDArray[np.uint8], NDArray[np.uint32], NDArray[np.uint32]]:
    """Return (text, starts, ways): the sounds of all ways to say some names, packed, and which ways are whose."""
    text, starts = packed([way for each in ways for way in each])
    bounds = np.concatenate([[0], np.cumsum(np.fromiter(map(len, ways), np.int64, len(ways)))])
    return text, starts.astype(np.uint32), bounds.astype(np.uint32)


def sounding_parts(keys: pl.Series, names: pl.DataFrame) -> dict[str, NDArray[Any]]:
    """Return the arrays of `Sounding` by name.

    keys: distinct keys in Latin letters. names: name (verbatim) and key (place in `keys`); keys in which some name
    has short words in capitals are said in their letters too.
    """
    ways = [(sounds(key),) for key in keys.to_list()]
    capital = names.filter(pl.col("name").str.contains(_MAYBE_CAPITALS)).sort("key", "name")
    for name, key in capital.iter_rows():
        ways[key] = tuple(dict.fromkeys((*ways[key], *spoken(name)[1:])))
    text, starts, bounds = said(ways)
    replacing, dropping = evidence()
    gram_starts, gram_keys = bucketed(
        lambda first, last: sound_pairs(text, starts, bounds[first : last + 1]), len(keys), SOUND_BITS
    )
    return {
        "text": text,
        "starts": starts,
        "ways": bounds,
        "own": evidence_for_itself(text, starts, replacing),
        "sizes": np.minimum(np.diff(starts)[bounds[:-1]], LONGEST).astype(np.uint8),
        "gram_starts": gram_starts,
        "gram_keys": gram_keys,
        "replacing": replacing,
        "dropping": dropping,
    }
