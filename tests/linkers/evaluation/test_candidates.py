from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from linkers.blocking import CHANNELS, BlockingSettings, block, channel_names
from linkers.encoding import Encoder
from linkers.evaluation import CandidateRecall, candidate_recall
from linkers.evaluation.candidates import vectors_of
from linkers.evaluation.channel_places import ChannelPlace, Cut, channel_places
from linkers.index import CatalogIndex
from tests.linkers.catalogs import HARD_NAMES, entities, index_of

CROWD = [f"Nirvana {word}" for word in ("Sky", "Sea", "Sun", "Moon", "Rain", "Snow", "Wind", "Fire", "Earth", "Stars")]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> CatalogIndex:
    """The hard names, then ten whose first word is one of them."""
    return index_of(tmp_path_factory.mktemp("candidates"), HARD_NAMES + CROWD)


def row_of(name: str) -> int:
    return (HARD_NAMES + CROWD).index(name)


def measured(
    index: CatalogIndex,
    rows: Sequence[tuple[str | None, str, list[str] | None]],
    settings: BlockingSettings | None = None,
) -> CandidateRecall:
    wanted = pl.DataFrame(
        [(surface, f"e{row_of(name):03}" if name else "gone", kept) for surface, name, kept in rows],
        schema={"surface": pl.String, "gold_id": pl.String, "candidates": pl.List(pl.String)},
        orient="row",
    )
    return candidate_recall(wanted, index, settings=settings or BlockingSettings(), encoder=None, kept_depth=5)


def test_recall_by_depth_is_the_place_among_the_candidates(index: CatalogIndex) -> None:
    asked = [("Nirvana", name, None) for name in ("Nirvana", *CROWD)]
    found = measured(index, asked)
    table = block(["Nirvana"], index, settings=BlockingSettings()).table
    places = [table["entity"].to_list().index(row_of(name)) for _, name, _ in asked]
    for depth in (1, 5, 10, 30):
        assert found.recall[str(depth)] == sum(place < depth for place in places) / len(places)
    assert found.recall["all"] == 1.0
    tokens = table.filter(pl.Series("token", ["token" in channel_names(m) for m in table["channels"]]))
    own = [tokens["entity"].to_list().index(row_of(name)) for _, name, _ in asked]
    assert found.channels["token"]["5"] == sum(place < 5 for place in own) / len(own)
    assert found.channels["exact"] == dict.fromkeys(("1", "5", "10", "30", "all"), 1 / 11)
    assert tuple(found.channels) == CHANNELS


def test_surfaces_are_sought_a_few_at_a_time(index: CatalogIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [(name, name, None) for name in (*HARD_NAMES, *CROWD)]
    at_once = measured(index, asked)
    assert at_once.recall["all"] == 1.0
    monkeypatch.setattr("linkers.evaluation.candidates.SURFACES_AT_ONCE", 4)
    assert measured(index, asked) == at_once


def test_a_budget_that_cuts_lowers_the_recall(index: CatalogIndex) -> None:
    asked = [("Nirvana", name, None) for name in CROWD]
    assert measured(index, asked, BlockingSettings(total=4)).recall["all"] < 1.0  # type: ignore[operator]


def test_what_cannot_be_searched_counts_as_not_found(index: CatalogIndex) -> None:
    found = measured(index, [("Björk", "Björk", ["x"]), (None, "Björk", None), ("Björk", "", ["gone"])])
    assert (found.mentions, found.searched) == (3, 2)
    assert found.recall["all"] == pytest.approx(1 / 3)
    assert measured(index, [(None, "Björk", None)]).recall["all"] == 0.0


def test_what_decisions_keep_is_counted_to_their_depth(index: CatalogIndex) -> None:
    bjork = f"e{row_of('Björk'):03}"
    found = measured(index, [("Björk", "Björk", ["x", bjork, bjork]), ("Björk", "Björk", []), ("Björk", "Björk", None)])
    assert found.kept == {"1": 0.0, "5": pytest.approx(1 / 3)}


def test_without_mentions_there_is_nothing_to_measure(index: CatalogIndex) -> None:
    found = measured(index, [])
    assert (found.mentions, set(found.recall.values()), set(found.kept.values())) == (0, {None}, {None})


def places_of(index: CatalogIndex, surface: str, name: str, settings: BlockingSettings) -> dict[str, ChannelPlace]:
    found = channel_places(surface, row_of(name), index, settings=settings, encoder=None)
    assert tuple(place.channel for place in found) == CHANNELS
    return {place.channel: place for place in found}


def test_the_budget_that_is_needed_is_the_least_that_keeps_the_entity(index: CatalogIndex) -> None:
    settings = BlockingSettings(token=3, ngram=2)
    token = places_of(index, "Nirvana", "Nirvana Stars", settings)["token"]
    assert token.found
    (cut,) = token.cuts
    assert (cut.budget, cut.value, token.place) == ("token", 3, cut.needed)
    for budget, kept in ((cut.needed, True), (cut.needed - 1, False)):
        table = block(["Nirvana"], index, settings=BlockingSettings(token=budget, ngram=2)).table
        masks = table.filter(pl.col("entity") == row_of("Nirvana Stars"))["channels"].to_list()
        assert any("token" in channel_names(mask) for mask in masks) is kept


def test_the_budget_of_the_union_is_named_when_the_channel_gives_the_entity(index: CatalogIndex) -> None:
    table = block(["Nirvana"], index, settings=BlockingSettings()).table
    last = table["entity"].to_list()[-1]
    found = channel_places("Nirvana", last, index, settings=BlockingSettings(total=2), encoder=None)
    cuts = next(place.cuts for place in found if place.channel == "ngram")
    assert [cut.budget for cut in cuts] == ["total"]
    assert cuts[0].value == 2 < cuts[0].needed <= table.height


def test_a_channel_that_cannot_find_it_says_why(index: CatalogIndex) -> None:
    places = places_of(index, "Björk", "AC/DC", BlockingSettings())
    assert not any(place.found for place in places.values())
    assert places["exact"] == ChannelPlace("exact", False, None, (), "none of its names is equal to the surface")
    assert places["vector"].reason == "there are no vectors to compare"


def test_a_word_that_too_many_names_hold_is_cut_by_its_own_budget(index: CatalogIndex) -> None:
    token = places_of(index, "Stars Nirvana", "Nirvana Stars", BlockingSettings(max_postings=0))["token"]
    assert [cut.budget for cut in token.cuts] == ["max_postings"]
    assert token.cuts[0] == Cut("max_postings", 0, token.cuts[0].needed)


def test_a_candidate_is_cut_by_nothing(index: CatalogIndex) -> None:
    places = places_of(index, "Nirvana", "Nirvana", BlockingSettings())
    assert places["exact"] == ChannelPlace("exact", True, None)
    assert all(not place.cuts for place in places.values())


VECTOR = CHANNELS.index("vector")


class LetterEncoder(Encoder):
    """A vector of letter counts: enough to tell that vectors are asked for, and for which texts."""

    def __init__(self) -> None:
        self.version, self.dimensions = "letters", 26
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], progress: object = None) -> NDArray[np.float32]:
        self.asked += texts
        counts = np.array([[text.lower().count(chr(97 + n)) + 0.01 for n in range(26)] for text in texts])
        return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), dtype=np.float32).reshape(-1, 26)


def test_vectors_are_sought_as_linking_seeks_them(tmp_path: Path) -> None:
    encoder = LetterEncoder()
    index = CatalogIndex.build(tmp_path, entities(HARD_NAMES), [], encoder=encoder)
    encoder.asked.clear()
    vectors = vectors_of(["Sigur Rós", "Prince", "zyx wvu"], index, encoder)
    assert vectors is not None
    assert encoder.asked == ["Prince", "zyx wvu"], "an exact name of several words needs no vector"
    assert [bool(np.any(line)) for line in vectors] == [False, True, True]
    assert vectors_of([], index, encoder) is not None
    assert vectors_of(["Prince"], index, None) is None


def test_the_place_by_vector_is_the_rank_of_the_cosine(tmp_path: Path) -> None:
    encoder = LetterEncoder()
    index = CatalogIndex.build(tmp_path, entities(HARD_NAMES), [], encoder=encoder)
    row = HARD_NAMES.index("AC/DC")
    cosine = encoder.encode(["zyx wvu"]) @ np.asarray(index.vectors, dtype=np.float32).T
    rank = int((np.round(cosine[0], 4) > np.round(cosine[0, row], 4)).sum()) + 1
    found = channel_places("zyx wvu", row, index, settings=BlockingSettings(vector=1), encoder=encoder)[VECTOR]
    assert found.found
    assert found.place is not None
    assert found.place >= rank
    assert found.cuts == (Cut("vector", 1, found.place),)
    exact = channel_places("Sigur Rós", row, index, settings=BlockingSettings(), encoder=encoder)[VECTOR]
    assert "is not sought by its vector" in exact.reason
