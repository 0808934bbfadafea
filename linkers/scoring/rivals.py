"""What a candidate's rivals for the same surface of a document say: homonyms, popularity, better names."""

import numpy as np

from linkers.columns import Column, Columns
from linkers.grouping import Groups

_TIERS = 3


def rivals(pairs: Columns, places: Groups) -> dict[str, Column]:
    """Return the features that compare the candidates of a surface, and same_name: how many have exactly its name.

    pairs: exact_core, contained, abbreviated, containing, weight (popularity, NaN if unknown). places: the rows of each
    surface of each document.
    """
    core, weight = pairs["exact_core"], pairs["weight"]
    same_name = places.spread(places.sum(core))
    partly = pairs["contained"] | pairs["abbreviated"] | pairs["containing"]
    tier = places.numbers * _TIERS + np.where(core, 0, np.where(partly, 1, 2))
    stated = ~np.isnan(weight)
    several = np.bincount(tier, weights=stated)[tier] > 1 if len(tier) else stated
    whole = np.bincount(tier, weights=np.where(stated, weight, 0.0))[tier] if len(tier) else weight
    known = stated & several & (whole > 0)
    return {
        "same_name": same_name,
        "exact_unique": core & (same_name == 1),
        "homonyms": np.log(same_name + 1.0),
        "popularity": np.where(known, np.round(weight / np.where(known, whole, 1.0), 4), 0.5),
        "beaten": ~core & (same_name > 0),
        "any_exact": same_name > 0,
    }
