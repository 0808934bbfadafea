"""What the other names in a document say about a candidate: full forms, other names, related entities."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.columns import Column, Columns
from linkers.grouping import Groups, Ints, found_at, joined, matched, mingled, paired
from linkers.index import CatalogIndex
from linkers.scoring.names import Names

HUB = 400
"""An entity with more related entities says nothing about any one of them."""
_COMMON_CERTAINTY = 0.3


@dataclass(frozen=True)
class _Named:
    """The entities that the surfaces of documents name exactly.

    row: of the candidate. place: of the surface. doc, entity. share: 1 by how many entities have that name.
    """

    row: Ints
    place: Ints
    doc: Ints
    entity: Ints
    share: NDArray[np.float64]


def document_features(pairs: Columns, places: Groups, names: Names, index: CatalogIndex) -> dict[str, Column]:
    """Return the features that the rest of the document gives to the candidates of its surfaces.

    pairs: doc, query, entity, ordered by them; exact_core, same_name (how many entities have exactly that name).
    places: the rows of each surface of each document. names: the surfaces, by query.
    `full_form` is 0 to 1: certain names count 1; `other_full_form` says that a longer name is not this entity's.
    """
    rows = np.flatnonzero(pairs["exact_core"])
    doc, entity = pairs["doc"][rows].astype(np.int64), pairs["entity"][rows].astype(np.int64)
    named = _Named(rows, places.numbers[rows], doc, entity, 1.0 / pairs["same_name"][rows])
    full_form, other_full_form = _full_form(pairs, places, named, _longer(pairs, places, names))
    spelled_out, other_spelled_out = _full_form(pairs, places, named, _spelled_out(pairs, places, names))
    return {
        "full_form": full_form,
        "other_full_form": other_full_form,
        "spelled_out": spelled_out,
        "other_spelled_out": other_spelled_out,
        "also_named": _also_named(pairs, named, names),
        "coherence": _coherence(pairs, named, names, index),
    }


def _longer(pairs: Columns, places: Groups, names: Names) -> tuple[Ints, Ints]:
    """Return the places of surfaces, and of those in the same document that hold all their words in a row."""
    doc, query = pairs["doc"][places.starts], pairs["query"][places.starts]
    short, long = _holding(doc, query, names)
    cores = names.cores
    holds = [
        f" {cores[a]} " in f" {cores[b]} " for a, b in zip(query[short].tolist(), query[long].tolist(), strict=True)
    ]
    rows = np.flatnonzero(np.array(holds, dtype=bool))
    return short[rows], long[rows]


def _holding(doc: Column, query: Column, names: Names) -> tuple[Ints, Ints]:
    """Return the places of surfaces, and of those of more words in the same document that hold all of them in a row.

    Joined by all words at once: a document may have very many names that only begin alike. Hashes may agree by chance.
    """
    sizes = names.words.sizes[query]
    words, begins = names.words.of_texts(query), np.cumsum(sizes) - sizes
    place = np.repeat(np.arange(len(query)), sizes)
    behind = np.repeat(begins + sizes, sizes)
    at, run = np.arange(len(words)), mingled(np.repeat(doc, sizes), words)
    found = [(at[:0], at[:0])]
    for length in range(1, int(sizes.max(initial=0))):
        # run: stands for the document and the `length` words that begin at `at`
        long = np.flatnonzero(sizes[place[at]] > length)
        short = np.flatnonzero((sizes[place[at]] == length) & (begins[place[at]] == at))
        one, other = joined(run[short], run[long])
        found.append((place[at[short[one]]], place[at[long[other]]]))
        more = np.flatnonzero(at + length < behind[at])
        at, run = at[more], mingled(run[more], words[at[more] + length])
    return np.concatenate([short for short, _ in found]), np.concatenate([long for _, long in found])


def _spelled_out(pairs: Columns, places: Groups, names: Names) -> tuple[Ints, Ints]:
    """Return the places of surfaces in capitals, and of those in the same document that have them for initials."""
    doc, query = pairs["doc"][places.starts], pairs["query"][places.starts]
    short, long = np.flatnonzero(names.shouted[query]), np.flatnonzero(names.words.initials[query])
    one, other = joined(
        mingled(doc[short], names.words.joined[query[short]]), mingled(doc[long], names.words.initials[query[long]])
    )
    return short[one], long[other]


def _full_form(pairs: Columns, places: Groups, named: _Named, longer: tuple[Ints, Ints]) -> tuple[Column, Column]:
    """Return how certainly a longer name of the document is each candidate's, and whether one is, but not its.

    longer: places of surfaces, and of the longer ones.
    """
    short, long = longer
    holder, full = joined(long, named.place)
    keys = paired(places.numbers, pairs["entity"])
    rows = found_at(paired(short[holder], named.entity[full]), keys)
    found = np.zeros(pairs.height)
    np.maximum.at(found, rows[rows >= 0], named.share[full[rows >= 0]])
    held = np.zeros(len(places.starts), dtype=bool)
    held[short] = True
    return found, places.spread(held) & (found == 0)


def _also_named(pairs: Columns, named: _Named, names: Names) -> Column:
    """Return whether another surface with another core names the entity, and no other entity."""
    core = names.core[pairs["query"]]
    certain = named.row[(named.share == 1.0) & ~names.common[pairs["query"][named.row]]]
    keys = paired(pairs["doc"], pairs["entity"])
    # of all cores that name it, two tell whether one is another: the least and the greatest
    order = certain[np.lexsort((core[certain], keys[certain]))]
    told = Groups.of(keys[order])
    where = found_at(keys, keys[order][told.starts])
    if not len(certain):
        return where >= 0
    least, greatest = core[order][told.starts], core[order][told.starts + told.sizes - 1]
    return np.asarray((where >= 0) & ((least[where] != core) | (greatest[where] != core)))


def _coherence(pairs: Columns, named: _Named, names: Names, index: CatalogIndex) -> Column:
    """Return 1 - exp(-2 sum) over related entities that other surfaces name: certain names and rare ties count more."""
    found = np.zeros(pairs.height)
    starts, related = index.neighbours(named.entity)
    degree = np.diff(starts)
    certainty = named.share * np.where(names.common[pairs["query"][named.row]], _COMMON_CERTAINTY, 1.0)
    weight = np.where(degree <= HUB, certainty / np.log2(2.0 + degree), 0.0)
    source = np.repeat(np.arange(len(degree)), degree)
    core = names.core[pairs["query"]]
    told, told_core = paired(named.doc[source], related), core[named.row[source]]
    order = np.lexsort((told_core, told))
    # one name written in several ways is one witness
    witness = Groups.of(told[order], told_core[order])
    told, told_core = told[order][witness.starts], told_core[order][witness.starts]
    strength = witness.highest(weight[source[order]]) if len(order) else weight[:0]
    row, other = matched(paired(pairs["doc"], pairs["entity"]), told)
    apart = core[row] != told_core[other]
    row, other = row[apart], other[apart]
    if len(row):
        groups = Groups.of(row)
        found[row[groups.starts]] = np.round(1.0 - np.exp(-2.0 * groups.sum(strength[other])), 4)
    return found
