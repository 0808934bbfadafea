"""Whether a source holds one thing twice."""

import numpy as np
from numpy.typing import NDArray

from linkers.records.plan import SourcePlan
from linkers.records.searching import most_alike
from linkers.records.terms import Terms

SAME = 0.99
"""Cosine from which two records of one source say the same."""
REPEATED = 0.01
"""A source with a smaller share of records that another says again is free of duplicates."""
OWN = 0.25
_TOP = 0.2


def source_plans(
    names: list[str], source: NDArray[np.int32], known: Terms, *, declared: bool
) -> tuple[SourcePlan, ...]:
    """Return what is held of each source.

    declared: the caller says that no source has duplicates. A single source is taken to have them: why else resolve it.
    Of several, one has duplicates when at least REPEATED of its records have another of it that says the same, and the
    most alike of all records are in their own source at least OWN times as often as by chance. Records of one
    shop or series look alike without being one, so likeness alone says nothing.
    """
    sizes = np.bincount(source, minlength=len(names))
    if declared or len(names) < 2:
        why = "declared" if declared else "the only source, so what is twice stands in it twice"
        return tuple(SourcePlan(name, int(size), declared, why) for name, size in zip(names, sizes, strict=True))
    rows, other, value = most_alike(known)
    drawn = source[rows]
    own = (other >= 0) & (source[np.maximum(other, 0)] == drawn)
    bar = np.quantile(value, 1 - _TOP)
    plans = []
    for number, name in enumerate(names):
        mine = drawn == number
        repeated = float((own & (value >= SAME))[mine].mean()) if mine.any() else 0.0
        top = mine & (value >= bar)
        at_home = float(own[top].mean()) if top.any() else 0.0
        chance = (sizes[number] - 1) / max(len(source) - 1, 1)
        free = repeated < REPEATED or at_home < OWN * chance
        why = f"{repeated:.1%} of its records say what another of it says"
        why += f"; of the most alike records {at_home:.0%} are of one source, {chance:.0%} by chance"
        plans.append(SourcePlan(name, int(sizes[number]), free, why))
    return tuple(plans)
