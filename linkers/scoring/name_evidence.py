"""How a surface and a candidate's name agree, word by word: what edit distances do not say."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkers.blocking.name_scores import NAME_SCORES, name_scores
from linkers.columns import Column, Columns
from linkers.scoring.names import Names

_DISTANT_RATIO, _DISTANT_HEAD = 0.6, 0.85


class _Pairs:
    """Pairs of a surface and a name: what each of the two says, row by row."""

    def __init__(self, pairs: Columns, surfaces: Names, names: Names) -> None:
        self.surfaces, self.names = surfaces, names
        self.query, self.name = pairs["query"], pairs["name"]
        self.core = self.same("core") | pairs["exact"]
        self.shared = surfaces.words.shared(names.words, self.query, self.name)

    def ours(self, what: str) -> NDArray[Any]:
        """Return what `Names` has for the surfaces."""
        return np.asarray(getattr(self.surfaces, what))[self.query]

    def theirs(self, what: str) -> NDArray[Any]:
        """Return what `Names` has for the names."""
        return np.asarray(getattr(self.names, what))[self.name]

    def same(self, ours: str, theirs: str = "") -> NDArray[np.bool_]:
        """Return whether the two are equal in what `Names` has."""
        return np.asarray(self.ours(ours) == self.theirs(theirs or ours))


def name_features(pairs: Columns, surfaces: Names, names: Names) -> Columns:
    """Return `pairs` with the features that surface and name have together.

    pairs: query (row of surfaces), name (row of names: the name that matched best), main (it is the entity's own name),
    exact (equal by key or variant), phonetic, form and people (found so), ngram and sound (scores), and NAME_SCORES of
    the keys in Latin letters.
    """
    both = _Pairs(pairs, surfaces, names)
    told: dict[str, Column] = {
        **_core_scores(pairs, both),
        **_equality(pairs, both),
        **_containment(both),
        **_person_names(both),
        **_marks(both),
        **_initials(both),
    }
    told["near"] = np.where(both.core, 0.0, np.clip((told["ratio"] - 0.75) * 4, 0.0, 1.0))
    told["distant"] = _distant(pairs.plus(told))
    # how two names are written says little once all words of the one are in the other: it favours short names
    apart = ~(both.core | told["contained"] | told["containing"])
    for name in (*NAME_SCORES, "ngram", "sound"):
        told[name] = np.where(apart, told.get(name, pairs[name]), np.float32(0.0))
    shape = {
        "a_last": both.theirs("last"),
        "a_size": both.theirs("size"),
        "s_capital": both.ours("capital"),
        "a_capital": both.theirs("capital"),
        "s_size": both.ours("size"),
    }
    return pairs.plus(told, apart=apart, s_common=both.ours("common"), **shape)


def _core_scores(pairs: Columns, both: _Pairs) -> dict[str, Column]:
    """Return the plain name scores of the cores: a shared "the" makes no names alike."""
    scores = {name: pairs[name].copy() for name in NAME_SCORES}
    rows = np.flatnonzero((both.ours("stripped") | both.theirs("stripped")) & ~both.core)
    left = [both.surfaces.cores[query] for query in both.query[rows].tolist()]
    right = [both.names.cores[name] for name in both.name[rows].tolist()]
    for name, values in name_scores(left, right).items():
        scores[name][rows] = values
    return scores


def _equality(pairs: Columns, both: _Pairs) -> dict[str, Column]:
    core = both.core
    same_case = np.zeros(len(core), dtype=bool)
    rows = np.flatnonzero(core)
    places = zip(both.query[rows].tolist(), both.name[rows].tolist(), strict=True)
    same_case[rows] = [both.surfaces.texts[query] == both.names.texts[name] for query, name in places]
    return {
        "exact_core": core,
        "exact_long": core & (both.ours("size") >= 2),
        "exact_common": core & both.ours("common"),
        "exact_given": core & both.ours("given"),
        "same_case": same_case,
        "main_name": core & pairs["main"],
    }


def _containment(both: _Pairs) -> dict[str, Column]:
    rest, shared = ~both.core, both.shared
    ours, theirs = both.surfaces.words.distinct[both.query], both.names.words.distinct[both.name]
    return {
        "contained": rest & (shared == ours) & (theirs > ours),
        "containing": rest & (shared == theirs) & (ours > theirs),
        "head_conflict": rest & (shared > 0) & (shared < ours) & (shared < theirs),
        "extra_words": np.where(rest, np.clip((theirs - shared) / 4, 0.0, 1.0), 0.0),
        "tail": rest & both.same("lower", "head"),
        "headed": rest & both.same("head", "lower"),
    }


def _person_names(both: _Pairs) -> dict[str, Column]:
    rest, ours, theirs = ~both.core, both.ours("size"), both.theirs("size")
    short = rest & (ours == 1) & (theirs >= 2)
    last, same_initial = both.same("last"), both.same("sign")
    same_last = rest & last & (ours >= 2) & (theirs >= 2)
    initial = both.ours("begins_with_initial") | both.theirs("begins_with_initial")
    return {
        "surname": short & last,
        "given_name": short & both.same("first"),
        "abbreviated": same_last & initial & same_initial,
        "given_conflict": same_last & ~same_initial & both.ours("lettered"),
    }


def _marks(both: _Pairs) -> dict[str, Column]:
    ours, theirs = both.ours("numbers"), both.theirs("numbers")
    return {
        "number_agrees": (ours == theirs) & (ours != 0),
        "number_conflict": (ours != theirs) & (ours != 0) & (theirs != 0),
        "number_extra": (ours == 0) != (theirs == 0),
        "version_conflict": ~both.same("version"),
    }


def _initials(both: _Pairs) -> dict[str, Column]:
    long = both.surfaces.words.joined[both.query] == both.names.words.initials[both.name]
    short = both.surfaces.words.initials[both.query] == both.names.words.joined[both.name]
    initials = ~both.core & (long | (short & (both.ours("size") > 2)))
    return {"initials": initials, "acronym": initials & both.ours("shouted")}


def _distant(pairs: Columns) -> Column:
    """Return whether nothing in the two names agrees by more than chance."""
    near = (pairs["ratio"] >= _DISTANT_RATIO) | (pairs["jaro_winkler"] >= _DISTANT_HEAD)
    for name in ("exact_core", "contained", "containing", "abbreviated", "phonetic", "initials", "form", "people"):
        near = near | pairs[name]
    return ~near
