"""Ids of clusters that stay while the clusters grow: what was named once keeps its id; of two that meet, the older."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from linkers.clustering.provisional import provisional_id
from linkers.clustering.unknown_things import name_of


@dataclass(frozen=True, slots=True)
class NamedLabel:
    """What is remembered of a label (`UnknownThings`).

    id:   the id of the cluster that it is in, or was in when it was last seen.
    own:  the id that was made from this label, "" when none was.
    born: number of the run that made `own`; smaller is older.
    """

    id: str
    own: str = ""
    born: int = 0


Memory = dict[str, NamedLabel]
"""What is remembered, by label."""


def assign_ids(
    clusters: Mapping[str, str], documents: Mapping[str, int], past: Mapping[str, NamedLabel], sequence: int
) -> Memory:
    """Return what is to be remembered: the id of every label, the past labels that are not here included.

    clusters, documents: as in `UnknownThings`. sequence: number of the run.
    A cluster takes the oldest id that one of its labels had. When clusters part, the id stays with the label
    that it was made from, else with the part of most documents, else the first by label. A cluster without an id makes
    one from its first label. An id whose labels have all gone to other ids leads to the first of these.
    Giving the outcome back as `past` changes nothing.
    """
    members: dict[str, list[str]] = defaultdict(list)
    for label in sorted(clusters):
        members[clusters[label]].append(label)
    born = {entry.own: (entry.born, entry.own) for entry in past.values() if entry.own}
    owner = {entry.own: label for label, entry in past.items() if entry.own}
    by_name: dict[str, set[str]] = defaultdict(set)
    for label, entry in past.items():
        by_name[name_of(label)].add(entry.id)
    wishes: list[tuple[tuple[int, str], bool, int, str]] = []
    for root, labels in members.items():
        size = sum(documents[label] for label in labels)
        # a name that parts by kind, or is whole again, has another label than before
        for wished in set().union(*({past[n].id} if n in past else by_name.get(name_of(n), ()) for n in labels)):
            keeps = clusters.get(owner.get(wished, "")) == root
            wishes.append((born.get(wished, (0, wished)), not keeps, -size, root))
    id_of: dict[str, str] = {}
    taken: set[str] = set()
    for (_, wished), _, _, root in sorted(wishes):
        if root not in id_of and wished not in taken:
            id_of[root] = wished
            taken.add(wished)
    memory: Memory = dict(past)
    for root in sorted(members):
        labels = members[root]
        if root not in id_of:
            founder, made = _founded(labels, past, taken)
            id_of[root] = made
            taken.add(made)
            memory[founder] = NamedLabel(made, made, born.get(made, (sequence, made))[0])
        for label in labels:
            memory[label] = replace(memory.get(label, NamedLabel("")), id=id_of[root])
    return _led_on(memory, clusters.keys(), taken, past)


def _founded(labels: Iterable[str], past: Mapping[str, NamedLabel], taken: set[str]) -> tuple[str, str]:
    """Return the label that an id is made from, and the id: of the first label whose own id is free."""
    ordered = sorted(labels)
    for label in ordered:
        entry = past.get(label)
        own = entry.own if entry and entry.own else provisional_id(label)
        if own not in taken:
            return label, own
    founder, number = ordered[0], 2
    while provisional_id(f"{founder}\x1f{number}") in taken:
        number += 1
    return founder, provisional_id(f"{founder}\x1f{number}")


def _led_on(memory: Memory, present: Iterable[str], live: set[str], past: Mapping[str, NamedLabel]) -> Memory:
    """Lead the absent labels of an id that no cluster has any more to where its present labels went."""
    here = set(present)
    went: dict[str, str] = {}
    for label in sorted(here & past.keys()):
        if past[label].id not in live:
            went.setdefault(past[label].id, memory[label].id)
    return {
        label: entry if label in here or entry.id not in went else replace(entry, id=went[entry.id])
        for label, entry in memory.items()
    }


def current_id(memory: Mapping[str, NamedLabel], old: str) -> str | None:
    """Return the id under which the thing once called `old` goes now; None when no label ever made `old`."""
    return next((entry.id for entry in memory.values() if entry.own == old), None)
