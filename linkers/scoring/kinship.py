"""Given names in company: "David and Victoria" share a family name that neither surface states."""

import numpy as np

from linkers.columns import Column, Columns
from linkers.grouping import Groups, joined, mingled, paired
from linkers.index.words import Words


def kinship(pairs: Columns, places: Groups, surfaces: Words) -> Column:
    """Return kin, in [0, 1], of candidates whose given name is the surface.

    pairs: doc, query, given_name, a_last (last word of the name), a_size. places: the rows of each surface of each
    document. surfaces: words of the surfaces, by query.
    1 where another surface of the document holds the family name; where the candidates of another given name have it
    too, 1 by the number of family names that the two given names have in common.
    """
    kin = np.zeros(pairs.height)
    rows = np.flatnonzero(pairs["given_name"] & (pairs["a_size"] == 2))
    if not len(rows):
        return kin
    family = mingled(pairs["doc"][rows], pairs["a_last"][rows])
    own, other = _stated(pairs, places, surfaces, family)
    stated = rows[own[places.numbers[rows[own]] != other]]
    place = places.numbers[rows]
    mine, theirs = joined(family, family)
    apart = place[mine] != place[theirs]
    mine, theirs = mine[apart], theirs[apart]
    # each family name of two surfaces once, however many candidates bear it
    both = paired(place[mine], place[theirs])
    order = np.lexsort((family[mine], both))
    once = Groups.of(both[order], family[mine][order])
    met = Groups.of(both[order][once.starts])
    share = once.spread(met.spread(1.0 / met.sizes))
    np.maximum.at(kin, rows[mine[order]], np.round(share, 4))
    kin[stated] = 1.0
    return kin


def _stated(pairs: Columns, places: Groups, surfaces: Words, family: Column) -> tuple[Column, Column]:
    """Return which family names the words of a surface of the document are, and the place of that surface."""
    doc, query = pairs["doc"][places.starts], pairs["query"][places.starts]
    sizes = surfaces.sizes[query]
    word = surfaces.of_texts(query)
    own, said = joined(family, mingled(np.repeat(doc, sizes), word))
    return own, np.repeat(np.arange(len(query)), sizes)[said]
