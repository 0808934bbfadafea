"""What a name may be another writing of, and in which order."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkers.index import CatalogIndex
from linkers.search import NameRanking, name_candidates
from linkers.search.candidates import FEATURES
from linkers.search.ranking import FITTED
from schemas.errors import ModelError
from tests.linkers.catalogs import HARD_NAMES, index_of

NAMES = [
    *HARD_NAMES,
    "Ministry of Health (Peru)",
    "Ministry of Health (Chile)",
    "2010 Cup",
    "2011 Cup",
    "Michael Weinstein",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> CatalogIndex:
    return index_of(tmp_path_factory.mktemp("index"), NAMES)


def best(index: CatalogIndex, asked: str) -> str:
    found = name_candidates([asked], index)
    chances = np.where(found.same, 1.0, NameRanking.load().chances(found.features))
    return str(index.aliases["alias"][int(found.hits.target[chances.argmax()])].as_py())


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        *(("Nirvanna", "Nirvana"), ("neer vahna", "Nirvana"), ("Mike Weinstien", "Michael Weinstein")),
        *(
            ("Ministry of Health, Chile", "Ministry of Health (Chile)"),
            ("Cup 2011", "2011 Cup"),
            ("2010 Cpu", "2010 Cup"),
        ),
        *(("Swift, Taylor", "Taylor Swift"), ("BBC", "British Broadcasting Corporation")),
    ],
)
def test_the_name_meant_is_first(index: CatalogIndex, asked: str, name: str) -> None:
    assert best(index, asked) == name


def test_company_does_not_matter(index: CatalogIndex) -> None:
    asked = [f"{name} {letter}" for name in NAMES for letter in "abcdefgh"]
    together = name_candidates(asked, index)
    for number in range(0, len(asked), 29):
        own, alone = together.hits.query == number, name_candidates([asked[number]], index)
        assert together.hits.target[own].tolist() == alone.hits.target.tolist()
        assert np.array_equal(together.features[own], alone.features)


@settings(max_examples=40, deadline=None)
@given(asked=st.lists(st.text(max_size=40), max_size=5))
def test_any_text_is_asked_safely_and_every_number_is_finite(index: CatalogIndex, asked: list[str]) -> None:
    found = name_candidates(asked, index)
    assert found.features.shape == (len(found.hits.query), len(FEATURES))
    assert np.isfinite(found.features).all()
    chances = NameRanking.load().chances(found.features)
    assert ((chances >= 0) & (chances <= 1)).all()


def test_weights_for_other_features_are_refused(tmp_path: Path) -> None:
    values = json.loads(FITTED.read_text())
    values["features"] = values["features"][1:]
    (tmp_path / "ranking.json").write_text(json.dumps(values))
    with pytest.raises(ModelError, match="not for"):
        NameRanking.load(tmp_path / "ranking.json")
