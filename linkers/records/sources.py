"""Whether one thing stands twice in a source, and more than twice in a table: seen in what is most alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.records.features import cosines
from linkers.records.plan import SourcePlan
from linkers.records.searching import Found
from linkers.records.terms import Terms

Ints = NDArray[np.int64]

NEARLY = 0.9
"""A second record is as alike as the best from so much of its cosine on."""
SAME = 0.8
"""Cosine from which the best and the second are alike themselves."""
REPEATED = 0.07
"""A source is free of duplicates when at most this share of its records that are another's best have a second beside
them. Picked with labels: seeded variants of open sets without duplicates have .04 at most, those in which a tenth of a
source's records was copied .03 to .13, those in which most were copied .2 to .5."""
TWICE = 0.1
"""A table holds things twice at most when no larger share of its most alike records has a second beside them. Picked
with labels: tables of pairs have .03 to .04, those with clusters .11 to .55."""
LOOKED_AT = 20_000
ENOUGH = 50
"""Pairs below which nothing can be told."""


@dataclass(frozen=True, slots=True)
class Seconds:
    """Beside how many best records of a source a second stands that is as alike.

    pairs: int64 (sources,), pairs of records that are each other's most alike, by the source of one side.
    seconds: int64 (sources,), those in which another record of that source is NEARLY as alike, and is the SAME as it.
    """

    pairs: Ints
    seconds: Ints

    def share(self, source: int) -> float:
        """Return the share of a source, 0.0 where there is too little to tell."""
        pairs = int(self.pairs[source])
        return float(self.seconds[source] / pairs) if pairs >= ENOUGH else 0.0


def seconds_of(known: Terms, found: Found, source: NDArray[np.int32]) -> Seconds:
    """Return how often a second record stands beside the best.

    found: pairs that were found between the sources, or within a table of one source. Siblings (products of a series,
    issues of a journal) look alike without being one thing; but then one of them is the better counterpart.
    """
    sources = int(source.max(initial=0)) + 1
    drawn = np.zeros(len(source), bool)
    drawn[:: max(1, len(source) // LOOKED_AT)] = True
    mine = _ranked(known, found, drawn, source)
    partners = np.zeros(len(source), bool)
    partners[mine.best] = True
    theirs = _ranked(known, found, partners, source)
    record = mine.key // sources
    back = mine.best * sources + source[record]
    place = np.minimum(np.searchsorted(theirs.key, back), max(len(theirs.key) - 1, 0))
    mutual = (theirs.key[place] == back) & (theirs.best[place] == record) if len(theirs.key) else np.zeros(0, bool)
    near = np.flatnonzero(mutual & (mine.second >= 0) & (mine.second_value >= NEARLY * mine.best_value))
    one, other = mine.best[near], np.maximum(mine.second[near], 0)
    same = cosines(known, np.minimum(one, other), np.maximum(one, other)) >= SAME
    counted = [np.bincount(source[which], minlength=sources) for which in (mine.best[mutual], one[same])]
    return Seconds(counted[0], counted[1])


@dataclass(frozen=True, slots=True)
class _Ranked:
    """The two most alike records by slot. key: record * sources + source of the others, rising. second: -1 for none."""

    key: Ints
    best: Ints
    best_value: NDArray[np.float32]
    second: Ints
    second_value: NDArray[np.float32]


def _ranked(known: Terms, found: Found, chosen: NDArray[np.bool_], source: NDArray[np.int32]) -> _Ranked:
    touched = chosen[found.left] | chosen[found.right]
    left, right = found.left[touched].astype(np.int64), found.right[touched].astype(np.int64)
    value = cosines(known, left, right)
    record, other, value = np.concatenate([left, right]), np.concatenate([right, left]), np.concatenate([value, value])
    kept = chosen[record]
    record, other, value = record[kept], other[kept], value[kept]
    key = record * (int(source.max(initial=0)) + 1) + source[other]
    order = np.lexsort((other, -value, key))
    key, other, value = key[order], other[order], value[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.zeros(0, np.int64)
    after = np.minimum(first + 1, max(len(key) - 1, 0))
    has = (after > first) & (key[after] == key[first])
    second = np.where(has, other[after], -1)
    return _Ranked(key[first], other[first], value[first], second, np.where(has, value[after], 0.0).astype(np.float32))


def source_plans(names: list[str], source: NDArray[np.int32], seen: Seconds | None) -> tuple[SourcePlan, ...]:
    """Return what is held of each source.

    seen: None when the caller says that no source has duplicates. A single source is taken to have them: why else
    resolve it. Of several, one has them when more than REPEATED of its records that match another source have a second
    beside them.
    """
    sizes = np.bincount(source, minlength=len(names))
    plans = []
    for number, name in enumerate(names):
        if seen is None:
            free, why = True, "declared"
        elif len(names) < 2:
            free, why = False, "the only source, so what is twice stands in it twice"
        else:
            free = seen.share(number) <= REPEATED
            why = f"beside {seen.share(number):.1%} of its records that another source's is most alike to"
            why += f" stands a second as alike; up to {REPEATED:.0%} it is held to be free of duplicates"
        plans.append(SourcePlan(name, int(sizes[number]), free, why))
    return tuple(plans)


def within_a_table(seen: Seconds, *, several: bool) -> tuple[str, str]:
    """Return by which procedure the records of a table are joined whose sources may hold things twice, and why.

    seen: of the table as if it were one source. several: it has several.
    """
    told = "a source holds things twice" if several else "one source"
    if int(seen.pairs[0]) < ENOUGH:
        return "clusters", f"{told}: any number of records can be one thing"
    found = f"beside {seen.share(0):.1%} of the records most alike to another stands a second as alike"
    if seen.share(0) <= TWICE:
        return "pairs", f"{told}; {found}, up to {TWICE:.0%}: at most two are held to be one thing"
    return "clusters", f"{told}; {found}: any number of records can be one thing"
