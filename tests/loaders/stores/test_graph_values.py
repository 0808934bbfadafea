import subprocess
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from loaders.stores.graph.ddl import statements
from loaders.stores.graph.values import edge_value, iso_duration, node_value, plain
from schemas.batches import NODES
from schemas.ontology import AUDIO_ONTOLOGY


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2020, 1, 2), "2020-01-02"),
        (datetime(2020, 1, 2, 3, 4, 5), "2020-01-02T03:04:05"),
        (time(3, 4), "03:04:00"),
        (timedelta(days=2, seconds=3, microseconds=500_000), "P2DT3.5S"),
        (Decimal("1.50"), 1.5),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"\x00\xff", "00ff"),
        ((1, [date(2020, 1, 2)]), [1, ["2020-01-02"]]),
        ("text", "text"),
        (None, None),
    ],
)
def test_values_are_plain(value: object, expected: object) -> None:
    assert plain(value) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, "PT0S"),
        ({"months": -1}, "P-1M"),
        ({"months": 24, "days": -3}, "P2Y-3D"),
        ({"seconds": 100}, "PT100S"),
        ({"nanoseconds": 1}, "PT0.000000001S"),
    ],
)
def test_durations_are_iso(parts: dict[str, int], expected: str) -> None:
    assert iso_duration(**parts) == expected


def test_columns_that_are_absent_are_none_and_others_come_after() -> None:
    node = node_value("Document", {"z": 1, "id": "d", "absent": None})
    assert node == {"_label": "Document"} | dict.fromkeys(NODES["Document"].names) | {"id": "d", "z": 1}
    assert list(node)[:2] == ["_label", "id"]
    assert list(node)[-1] == "z"
    assert edge_value(AUDIO_ONTOLOGY, "ABOUT", {}) == {"_type": "ABOUT", "source": None}
    assert edge_value(AUDIO_ONTOLOGY, "LIKES", {"x": 1}) == {"_type": "LIKES", "x": 1}


def test_statements_are_repeated_for_each_relation_type() -> None:
    found = statements("ladybug.cypher", {"relation": ["ABOUT", "ORDER"]})
    assert [s for s in found if "`" in s] == [
        "CREATE REL TABLE IF NOT EXISTS `ABOUT` (\n    FROM Entity TO Entity,\n    source STRING\n)",
        "CREATE REL TABLE IF NOT EXISTS `ORDER` (\n    FROM Entity TO Entity,\n    source STRING\n)",
    ]
    assert not any("//" in s or "{relation}" in s for s in found)


@pytest.mark.parametrize(("module", "absent"), [("embedded", "neo4j"), ("neo4j", "ladybug"), ("base", "ladybug")])
def test_a_store_imports_its_own_driver_only(module: str, absent: str) -> None:
    code = f"import sys, loaders.stores.graph.{module}; print({absent!r} in sys.modules)"
    root = Path(__file__).parents[3]
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert found.stdout.strip() == "False"
