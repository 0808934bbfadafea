"""Features that only make sense together: what one says depends on how the mention is written or on another."""

import numpy as np

from linkers.columns import Column, Columns
from linkers.grouping import Groups
from linkers.scoring.leads import lead

_ABOUT = ("coherence", "description")
_WORDS = ("context", "company", "document")


def combine(pairs: Columns, mentions: Groups) -> Columns:
    """Return `pairs` with the features that combine others.

    pairs: all other features, and cased (the sentence has a capital letter). mentions: the rows of each mention.
    """
    # what a document is about says nothing for a name that is not like the surface at all
    about = {name: np.where(pairs["distant"], 0.0, pairs[name]) for name in _ABOUT}
    told = {
        **about,
        "also_named": pairs["also_named"] & ~pairs["distant"] & ~pairs["beaten"],
        "coherence_lead": np.clip(np.round(lead(about["coherence"], mentions), 3), 0.0, 1.0),
    }
    return pairs.plus({**told, **_full_forms(pairs), **_nouns(pairs), **_vectors(pairs), **_surface(pairs)})


def _full_forms(pairs: Columns) -> dict[str, Column]:
    full, other, core = pairs["full_form"], pairs["other_full_form"], pairs["exact_core"]
    return {
        "full_form": np.where(pairs["beaten"], 0.0, full),
        "full_form_beaten": np.where(pairs["beaten"], full, 0.0),
        "other_full_form": other & ~core,
        "full_form_exact": other & core,
    }


def _noun(pairs: Columns) -> Column:
    """Return whether the surface is written small in a sentence that has capitals."""
    return ~pairs["s_capital"] & pairs["cased"]


def _part(pairs: Columns) -> Column:
    return pairs["contained"] | pairs["containing"]


def _nouns(pairs: Columns) -> dict[str, Column]:
    noun = _noun(pairs)
    return {
        "noun_agrees": noun & ~pairs["a_capital"],
        "noun_conflict": noun & pairs["a_capital"],
        "proper_conflict": pairs["s_capital"] & ~pairs["a_capital"],
        "part_noun": noun & _part(pairs),
    }


def _vectors(pairs: Columns) -> dict[str, Column]:
    vector = pairs["vector"]
    short = pairs["s_capital"] & (pairs["s_size"] == 1) & pairs["contained"]
    # where another has the very name, a longer one is meant if it begins so: Newcastle United, not St Patrick's, Dublin
    meant = short & (pairs["given_name"] | ~pairs["beaten"])
    return {
        "contained_word": short,
        "vector_apart": vector * pairs["apart"],
        "vector_part": vector * (_part(pairs) & ~short),
        "vector_noun": vector * (_noun(pairs) & ~pairs["exact_core"]),
        "vector_word": vector * short,
        **{f"{name}_word": pairs[name] * meant for name in _WORDS},
    }


def _surface(pairs: Columns) -> dict[str, Column]:
    return {
        "words": np.log(pairs["s_size"]),
        "common_word": pairs["s_common"],
        "no_capital": ~pairs["s_capital"],
        "partial_single": (pairs["s_size"] == 1) & ~pairs["exact_core"],
    }
