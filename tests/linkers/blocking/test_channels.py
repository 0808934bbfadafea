"""Each channel finds what it is for, and a candidate says which ones found it."""

from pathlib import Path

import numpy as np
import pytest

from linkers.blocking import CHANNELS, BlockingSettings, block, channel_names
from linkers.index import CatalogIndex
from tests.linkers.catalogs import HARD_NAMES, index_of


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> CatalogIndex:
    return index_of(tmp_path_factory.mktemp("index"), HARD_NAMES)


def found(index: CatalogIndex, surface: str) -> dict[str, list[str]]:
    table = block([surface], index, settings=BlockingSettings()).table
    names = index.entities["name"].take(table["entity"].to_arrow()).to_pylist()
    return {name: channel_names(mask) for name, mask in zip(names, table["channels"], strict=True)}


@pytest.mark.parametrize(
    ("surface", "name", "channel"),
    [
        ("beyonce", "Beyoncé", "exact"),
        ("Pink", "P!nk", "exact"),
        ("Kesha", "Ke$ha", "exact"),
        ("ACDC", "AC/DC", "exact"),
        ("Mr. Prince", "Prince", "exact"),
        ("the the", "The The", "exact"),
        ("!!!", "!!!", "exact"),
        ("beyonsay", "Beyoncé", "phonetic"),
        ("sigur ross", "Sigur Rós", "phonetic"),
        ("Chaykovsky", "Чайковский", "ngram"),
        ("Swift", "Taylor Swift", "token"),
        ("BBC", "British Broadcasting Corporation", "initials"),
        ("Taylr Swift", "Taylor Swift", "ngram"),
    ],
)
def test_a_channel_finds_what_it_is_for(index: CatalogIndex, surface: str, name: str, channel: str) -> None:
    assert channel in found(index, surface)[name]


def test_prince_finds_both_and_only_one_of_them_exactly(index: CatalogIndex) -> None:
    channels = found(index, "Prince")
    assert "exact" in channels["Prince"]
    assert "exact" not in channels["Prince Royce"]


def test_the_best_name_comes_first(index: CatalogIndex) -> None:
    assert next(iter(found(index, "Nirvana"))) == "Nirvana"


def test_nothing_alike_gives_nothing(index: CatalogIndex) -> None:
    result = block(["qqqqq"], index, settings=BlockingSettings())
    assert result.table.is_empty()
    assert result.report.empty == 1


def test_no_surface_gives_no_candidate(index: CatalogIndex) -> None:
    assert block([], index, settings=BlockingSettings()).table.is_empty()


def test_without_vectors_the_vector_channel_is_silent(index: CatalogIndex) -> None:
    zeros = np.zeros((1, 0), dtype=np.float32)
    report = block(["Prince"], index, settings=BlockingSettings(), vectors=zeros).report
    assert set(report.found) == set(CHANNELS)
    assert report.found["vector"] == 0


def test_homonyms_are_bounded_by_popularity_and_counted(tmp_path: Path) -> None:
    from schemas.entity import Entity

    same = [Entity(f"n{number:02}", "Nirvana", "artist", popularity=number / 10) for number in range(10)]
    index = CatalogIndex.build(tmp_path, same, [], encoder=None)
    result = block(["Nirvana"], index, settings=BlockingSettings(homonyms=3))
    ids = index.entities["id"].take(result.table["entity"].to_arrow()).to_pylist()
    assert ids == ["n09", "n08", "n07"]
    assert result.report.cut["total"] == 7
