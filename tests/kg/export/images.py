"""Graphs to write, and what the formats should say of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from kg.export import GraphImage, GraphTable, edge_types
from schemas.batches import NODES, edge_schema
from schemas.ontology import AUDIO_ONTOLOGY, EntityType, RelationType
from tests.contracts.graph_rows import rows

ONTOLOGY = AUDIO_ONTOLOGY.extended([EntityType("radio_show", "work")], [RelationType("ORDER", "ORDERED_BY")])
BASE = "https://example.org/kg/"
Rows = Mapping[str, Sequence[dict[str, Any]]]

NASTY = 'a "quoted" <b>&amp; \\ line\nnext\r\n\ttab; pipe, \'end"'
MBID = "5b11f4ce-a62d-471e-81fc-a69a8278c7da"

ROWS: Rows = {
    "Entity": [
        {
            "id": "a1",
            "name": "Nirvana",
            "type": "artist",
            "aliases": ["Nirvana; US", 'The "N"'],
            "description": NASTY,
            "popularity": 0.9,
            "properties": json.dumps({"musicbrainz": MBID, "wikidata": "Q11649", "year": "1987", "solo": False}),
        },
        {"id": "b/1 %", "name": "Nevermind", "type": "album", "popularity": 2.0, "properties": '{"tracks": 12}'},
        {"id": "r1", "name": "夜の\x7fラジオ", "type": "radio_show", "status": "provisional"},
        {"id": "u1", "name": "", "type": "unheard_of", "properties": '{"tags": ["x", "y"], "né": 1.5}'},
    ],
    "Record": [
        {"id": "main:a1", "source": "main", "name": "NIRVANA", "type": "artist", "properties": '{"wikidata": "Q1"}'},
        {"id": "other:a 1", "source": "other", "name": "Nirvana", "type": "artist"},
    ],
    "Document": [
        {"id": "d1", "title": "Talk", "kind": "transcript", "published": "2024-05-01", "uri": "https://example.org/1"},
        {"id": "d2", "title": "", "uri": "notes/two.md", "language": "en"},
    ],
    "MENTIONS": [
        {"from_id": "d1", "to_id": "a1", "count": 3, "probability": 0.875, "first_start": 4, "first_ms": 1500},
        {"from_id": "d2", "to_id": "b/1 %", "count": 1, "probability": 1.0, "first_start": 0},
    ],
    "RESOLVED_TO": [
        {"from_id": "main:a1", "to_id": "a1", "probability": 1.0, "run_id": "r", "decided_by": "id"},
        {"from_id": "other:a 1", "to_id": "a1", "probability": 0.99, "run_id": "r", "decided_by": "same_as"},
    ],
    "CO_MENTIONED": [{"from_id": "a1", "to_id": "b/1 %", "documents": 2, "npmi": -0.25}],
    "PERFORMED_BY": [{"from_id": "b/1 %", "to_id": "a1", "source": "main|other"}],
    "ABOUT": [{"from_id": "r1", "to_id": "a1", "source": "main"}, {"from_id": "r1", "to_id": "b/1 %", "source": "m"}],
    "ORDER": [{"from_id": "r1", "to_id": "a1", "source": "main"}],
}
"""A graph with what is hard to write: parallel edges, empty and missing values, lists, marks, several scripts."""


def tables(content: Rows) -> list[GraphTable]:
    """Return a table for every label and edge type, as a home gives them."""
    nodes = [GraphTable("node", label, _table(NODES[label], content.get(label, ()))) for label in sorted(NODES)]
    edges = [GraphTable("edge", t, _table(edge_schema(t), content.get(t, ()))) for t in edge_types(ONTOLOGY)]
    return [*nodes, *edges]


def image(content: Rows = ROWS) -> GraphImage:
    """Return a graph, which can be read once."""
    return GraphImage(iter(tables(content)), ONTOLOGY, BASE)


def every_row(content: Rows = ROWS) -> Iterator[tuple[GraphTable, dict[str, Any]]]:
    """Yield each row with all columns, and its table."""
    for table in tables(content):
        for row in table.rows.to_pylist():
            yield table, row


def _table(schema: pa.Schema, values: Sequence[dict[str, Any]]) -> pa.Table:
    return rows(schema, *({"properties": "{}"} | value if "properties" in schema.names else value for value in values))
