"""Whether the sources of a catalog hold things twice: records that bear one name and have more in common."""

from collections import defaultdict
from itertools import combinations

import pyarrow as pa

from linkers.normalization import normalize
from linkers.records.second_evidence import SecondEvidence

TWINS = 0.1
"""A source holds things twice when at least this share of its records have a twin in it."""
_MOST_OF_A_NAME = 20


def twins(table: pa.Table) -> dict[str, float]:
    """Return the share of each source's records that have a twin in it: the same name and second evidence, in [0, 1].

    Of a name that more than 20 records of a source bear only the first 20 are compared with each other.
    """
    by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
    sizes: dict[str, int] = defaultdict(int)
    columns = (table[name].to_pylist() for name in ("record_id", "source", "name"))
    for key, source, name in zip(*columns, strict=True):
        sizes[source] += 1
        if name:
            by_name[source, normalize(name)].append(key)
    evidence = SecondEvidence(table)
    found: dict[str, set[str]] = defaultdict(set)
    for (source, _), keys in by_name.items():
        pairs = list(combinations(keys[:_MOST_OF_A_NAME], 2))
        speaks = evidence.speaks_for([left for left, _ in pairs], [right for _, right in pairs])
        for pair, told in zip(pairs, speaks, strict=True):
            found[source].update(pair if told else ())
    return {source: len(found[source]) / size for source, size in sorted(sizes.items())}


def hold_nothing_twice(table: pa.Table) -> bool:
    """Say whether no source of a catalog holds things twice, as far as names tell."""
    return all(share < TWINS for share in twins(table).values())
