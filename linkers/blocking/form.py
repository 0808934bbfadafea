"""Channel form: the surface is another form of a name: plural or singular, the people or the adjective of a place."""

from collections.abc import Sequence

import numpy as np

from linkers.blocking.demonyms import places_of
from linkers.index import CatalogIndex, Hits
from linkers.normalization import normalize

_LEAST = 4
_IRREGULAR_PLURALS = {"men": "man", "women": "woman", "children": "child", "people": "person"}


def numbers_of(key: str) -> tuple[str, ...]:
    """Return a key with its last word in the other grammatical number, in every way that is usual; without the key.

    >>> numbers_of("love stories"), numbers_of("condom")
    (('love storie', 'love story'), ('condoms',))
    """
    head, _, last = key.rpartition(" ")
    forms = []
    if last in _IRREGULAR_PLURALS:
        forms = [_IRREGULAR_PLURALS[last]]
    elif len(last) >= _LEAST and last.endswith("s") and not last.endswith("ss"):
        forms = [last[:-1]]
        forms += [last[:-3] + "y"] if last.endswith("ies") else []
        forms += [last[:-2]] if last.endswith(("ses", "xes", "ches", "shes", "zes", "oes")) else []
    elif len(last) >= _LEAST and last.isalpha():
        ends = last.endswith(("s", "x", "ch", "sh", "z"))
        forms = [last + ("es" if ends else "s")]
        forms = [last[:-1] + "ies"] if last.endswith("y") and last[-2] not in "aeiou" else forms
    return tuple(f"{head} {form}".strip() for form in forms)


def form_hits(surfaces: Sequence[str], index: CatalogIndex) -> Hits:
    """Return the alias rows that have the key of a surface's other grammatical number."""
    return _hits([numbers_of(normalize(surface)) for surface in surfaces], index)


def people_hits(surfaces: Sequence[str], index: CatalogIndex) -> Hits:
    """Return the alias rows of the place whose people, adjective or usual short name a surface is."""
    return _hits([places_of(normalize(surface)) for surface in surfaces], index)


def _hits(forms: Sequence[tuple[str, ...]], index: CatalogIndex) -> Hits:
    owner = np.repeat(np.arange(len(forms)), [len(each) for each in forms])
    hits = index.exact([form for each in forms for form in each])
    return Hits(owner[hits.query].astype(np.int32), hits.target, hits.score)
