"""Figures of decisions: counted right, and the same however the batches were cut."""

import numpy as np
import pyarrow as pa
import pytest

from linkers.decision_figures import SKETCH, added, bin_names, decision_figures, joined_sketch, share_not_in
from linkers.index import CatalogIndex
from schemas.batches import DECISIONS
from schemas.entity import Entity

Row = tuple[str, str, str | None, float, list[dict[str, object]]]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> CatalogIndex:
    entities = [Entity("a1", "Nirvana", "band"), Entity("a2", "Björk", "singer")]
    return CatalogIndex.build(tmp_path_factory.mktemp("index"), entities, [], encoder=None)


def candidate(entity_id: str, channels: list[str], score: float) -> dict[str, object]:
    one: dict[str, object] = {"entity_id": entity_id, "alias": entity_id, "channels": channels, "features": []}
    return one | {"score": score, "probability": 0.5}


def decided(*rows: Row) -> pa.Table:
    told = [
        {"mention_id": f"m{n}", "doc_id": f"d{n // 2}", "start": n, "end": n + 1, "surface": surface, "type": "",
         "decision": decision, "entity_id": entity, "best_entity_id": entity, "probability": probability,
         "provisional_id": None, "reason": "", "start_ms": None, "candidates": candidates}
        for n, (surface, decision, entity, probability, candidates) in enumerate(rows)
    ]  # fmt: skip
    return pa.Table.from_pylist(told, schema=DECISIONS)


BATCH: tuple[Row, ...] = (
    ("Björk", "link", "a2", 0.97, [candidate("a2", ["exact", "token"], 7.5), candidate("a1", ["token"], -30.0)]),
    ("björk", "link", "a2", 1.0, [candidate("a1", ["ngram"], 1.2), candidate("a2", ["exact"], 0.5)]),
    ("Zyqqwv", "nil", None, 0.6, []),
    ("Nirvana", "review", None, 0.0, [candidate("a1", ["exact"], -0.5)]),
)


def test_everything_is_counted(index: CatalogIndex) -> None:
    found = decision_figures(decided(*BATCH), index)
    assert found["decisions"] == {"link": 2, "review": 1, "nil": 1}
    assert found["candidates"] == {"shown": 5, "winning": 2, "none": 1}
    assert found["channels"] == {"exact": 3, "token": 2, "ngram": 1}
    assert found["winning_channels"] == {"exact": 2, "token": 1}
    assert found["surfaces"] == {"mentions": 4, "unknown": 1}
    assert len(found["sketch"]) == 3, "two ways of writing one name are one"
    assert {name: n for name, n in found["probability"].items() if n} == {"0.00": 1, "0.60": 1, "0.95": 2}
    assert {name: n for name, n in found["link_probability"].items() if n} == {"0.95": 2}
    assert found["score"] == {"7": 1, "1": 1, "-1": 1}


def test_the_cut_and_the_order_of_batches_change_nothing(index: CatalogIndex) -> None:
    whole = decision_figures(decided(*BATCH), index)
    parts = [decision_figures(decided(row), index) for row in BATCH]
    assert added(parts) == added(parts[::-1]) == added([whole])


def test_no_decisions_have_figures_too(index: CatalogIndex) -> None:
    found = decision_figures(decided(), index)
    assert found["candidates"] == {"shown": 0, "winning": 0, "none": 0}
    assert sum(found["probability"].values()) == 0
    assert list(found["probability"]) == list(bin_names())


def test_sketches_tell_the_share_of_new_surfaces_of_many() -> None:
    random = np.random.default_rng(5)
    keys = [f"{number:012x}" for number in random.choice(2**40, size=30_000, replace=False)]
    earlier, later = keys[:20_000], keys[15_000:]
    one, other = (joined_sketch({}, dict.fromkeys(some, 1)) for some in (earlier, later))
    assert len(one) == SKETCH
    assert share_not_in(other, one) == pytest.approx(10_000 / 15_000, abs=0.09)
    assert share_not_in(one, one) == 0.0
    assert share_not_in({}, one) is None
