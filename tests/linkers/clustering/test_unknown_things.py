import random

import polars as pl
import pytest

from linkers.clustering.unknown_things import unknown_things
from schemas.ontology import AUDIO_ONTOLOGY
from tests.linkers.clustering.unknown_world import b_cubed, unknown_world

Row = tuple[str, int, str, str]


def clusters(*rows: Row, given: bool = True) -> list[str]:
    mentions = pl.DataFrame(list(rows), schema=["doc_id", "start", "surface", "type"], orient="row")
    things = unknown_things(mentions.with_columns(pl.lit(given).alias("given")), AUDIO_ONTOLOGY)
    return [things.clusters[label] for label in things.labels]


def test_writings_of_one_name_join_across_documents() -> None:
    found = clusters(("a", 0, "Marta Quill", "person"), ("b", 0, "Martha Quill", ""), ("c", 0, "martaquill", "person"))
    assert len(set(found)) == 1


def test_an_initial_joins_the_only_full_form_that_fits() -> None:
    one, initial = clusters(("a", 0, "Marta Quill", "person"), ("b", 0, "M. Quill", "person"))
    assert one == initial
    marta, milo, initial = clusters(
        ("a", 0, "Marta Quill", "person"), ("b", 0, "Milo Quill", "person"), ("c", 0, "M. Quill", "person")
    )
    assert len({marta, milo, initial}) == 3


def test_an_initial_follows_the_full_form_of_its_document() -> None:
    marta, milo, initial = clusters(
        ("a", 0, "Marta Quill", "person"), ("b", 0, "Milo Quill", "person"), ("b", 30, "M. Quill", "person")
    )
    assert initial == milo != marta


def test_the_word_for_what_it_is_may_be_left_out() -> None:
    studio, without, album = clusters(
        ("a", 0, "Hollow Reed Studio", "place"),
        ("b", 0, "Hollow Reed", "place"),
        ("c", 0, "Hollow Reed", "album"),
    )
    assert studio == without != album


def test_containment_joins_nothing() -> None:
    assert len(set(clusters(("a", 0, "Velvet", "artist"), ("b", 0, "Velvet Crown", "artist")))) == 2


def test_given_types_that_contradict_part_equal_names() -> None:
    rows = [("a", 0, "Austin Vale", "person"), ("b", 0, "Austin Vale", "place"), ("c", 0, "Austin Vale", "")]
    person, place, untyped = clusters(*rows)
    assert person != place
    assert untyped in (person, place)


def test_a_guessed_type_parts_only_when_documents_agree_on_it() -> None:
    slip = [("a", 0, "Nell Vale", "person"), ("b", 0, "Nell Vale", "person"), ("c", 0, "Nell Vale", "place")]
    assert len(set(clusters(*slip, given=False))) == 1
    assert len(set(clusters(*slip, ("d", 0, "Nell Vale", "place"), given=False))) == 2


@pytest.mark.parametrize(("given", "least"), [(True, 0.9), (False, 0.87)])
def test_generated_unknown_things_are_told_apart(given: bool, least: float) -> None:
    world = unknown_world().with_columns(pl.lit(given).alias("given"))
    things = unknown_things(world, AUDIO_ONTOLOGY)
    found = things.labels.replace_strict(things.clusters).to_list()
    precision, _, f1 = b_cubed(world["thing"].to_list(), found)
    assert f1 >= least
    assert precision >= 0.95


@pytest.mark.parametrize("seed", range(3))
def test_the_partition_does_not_depend_on_the_order_of_documents(seed: int) -> None:
    world = unknown_world(seed, 60, 60).with_columns(pl.lit(True).alias("given")).with_row_index("at")
    doc_ids = world["doc_id"].unique(maintain_order=True).to_list()
    random.Random(seed).shuffle(doc_ids)
    turned = pl.concat([world.filter(pl.col("doc_id") == doc_id) for doc_id in doc_ids])
    one, other = (unknown_things(rows, AUDIO_ONTOLOGY) for rows in (world, turned))
    assert one.clusters == other.clusters
    in_order = turned.with_columns(other.labels.alias("label")).sort("at")["label"]
    assert in_order.to_list() == one.labels.to_list()
