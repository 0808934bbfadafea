"""Blocking finds what a naive comparison with every name finds, within its budgets."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from linkers.blocking import BlockingSettings, block
from linkers.normalization import key_variants, normalize
from tests.linkers.catalogs import index_of

words = st.sampled_from(["radio", "head", "golden", "river", "blue", "monday", "tiger", "velvet", "harbour", "noise"])
names = st.lists(words, min_size=1, max_size=3, unique=True).map(" ".join)
catalogs = st.lists(names, min_size=1, max_size=12, unique=True)


def candidates(catalog: list[str], surface: str, **budgets: int) -> set[str]:
    with TemporaryDirectory() as folder:
        index = index_of(Path(folder), catalog)
        found = block([surface], index, settings=BlockingSettings(**budgets)).table
        return set(index.entities["name"].take(found["entity"].to_arrow()).to_pylist())


@settings(max_examples=40, deadline=None)
@given(catalogs, st.data())
def test_equal_names_and_names_that_hold_the_surface_are_found(catalog: list[str], data: st.DataObject) -> None:
    surface = data.draw(st.sampled_from(catalog))
    naive = {
        name
        for name in catalog
        if set(key_variants(surface)) & set(key_variants(name)) or set(surface.split()) <= set(name.split())
    }
    assert naive <= candidates(catalog, surface)


@settings(max_examples=40, deadline=None)
@given(catalogs, st.data())
def test_names_within_one_edit_are_found(catalog: list[str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(catalog))
    place = data.draw(st.integers(0, len(name) - 1))
    surface = name[:place] + data.draw(st.sampled_from(["", "e", name[place] * 2])) + name[place + 1 :]
    if not normalize(surface):
        return
    naive = {other for other in catalog if Levenshtein.distance(normalize(surface), normalize(other)) <= 1}
    long = {other for other in naive if len(other) >= 5}
    assert long <= candidates(catalog, surface)


@settings(max_examples=25, deadline=None)
@given(catalogs, st.lists(names, min_size=1, max_size=4, unique=True))
def test_a_surface_has_the_same_candidates_in_any_company(catalog: list[str], asked: list[str]) -> None:
    with TemporaryDirectory() as folder:
        index = index_of(Path(folder), catalog)
        together = block(asked, index, settings=BlockingSettings()).table
        for number, surface in enumerate(asked):
            alone = block([surface], index, settings=BlockingSettings()).table.drop("query")
            assert together.filter(query=number).drop("query").equals(alone)


@settings(max_examples=25, deadline=None)
@given(catalogs, names)
def test_the_budget_cuts_the_least_alike_and_says_so(catalog: list[str], surface: str) -> None:
    with TemporaryDirectory() as folder:
        index = index_of(Path(folder), catalog)
        wide = block([surface], index, settings=BlockingSettings())
        narrow = block([surface], index, settings=BlockingSettings(total=2))
        rest = wide.table.filter(~wide.table["exact"])
        assert narrow.table.height <= 2 + int(wide.table["exact"].sum())
        assert narrow.report.cut["total"] == wide.table.height - narrow.table.height
        kept = narrow.table.filter(~narrow.table["exact"])["similarity"].to_list()
        assert kept == rest["similarity"].to_list()[: len(kept)]
