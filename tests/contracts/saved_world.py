"""A graph in which every saved query of docs/guides/cypher.md has something to find."""

from typing import Any

from schemas.batches import CO_MENTIONED_EDGES, MENTIONS_EDGES, NODES, RESOLVED_TO_EDGES
from schemas.protocols import GraphStore
from tests.contracts.graph_rows import entities, relations, rows

ENTITIES: list[dict[str, Any]] = [
    {"id": "nirvana", "name": "Nirvana", "type": "artist", "popularity": 0.9, "description": "American grunge trio"},
    {"id": "nirvana-uk", "name": "Nirvana", "type": "artist", "aliases": ["Nirvana UK"], "description": "London duo"},
    {"id": "foo", "name": "Foo Fighters", "type": "artist", "aliases": ["The Foos"], "popularity": 0.8},
    {"id": "dave", "name": "Dave Grohl", "type": "person"},
    {"id": "butch", "name": "Butch Vig", "type": "person"},
    {"id": "nevermind", "name": "Nevermind", "type": "album", "popularity": 0.7},
    {"id": "bleach", "name": "Bleach", "type": "album"},
    {"id": "lithium", "name": "Lithium", "type": "track"},
    {"id": "sub-pop", "name": "Sub Pop", "type": "label"},
    {"id": "grunge", "name": "Grunge", "type": "genre"},
    {"id": "aberdeen", "name": "Aberdeen", "type": "place"},
    {"id": "unknown:1", "name": "Greta Marlowe", "type": "person", "status": "provisional"},
]
RELATIONS: dict[str, list[tuple[str, str]]] = {
    "PERFORMED_BY": [("nevermind", "nirvana"), ("bleach", "nirvana"), ("lithium", "nirvana")],
    "ON_ALBUM": [("lithium", "nevermind")],
    "MEMBER_OF": [("dave", "nirvana"), ("dave", "foo")],
    "PRODUCED_BY": [("nevermind", "butch")],
    "RELEASED_BY": [("bleach", "sub-pop")],
    "SIGNED_TO": [("nirvana", "sub-pop")],
    "HAS_GENRE": [("nirvana", "grunge"), ("foo", "grunge")],
    "FROM_PLACE": [("nirvana", "aberdeen")],
}
DOCUMENTS: list[dict[str, Any]] = [
    {"id": "d1", "title": "The year of grunge", "kind": "transcript", "published": "2024-05-01"},
    {"id": "d2", "title": "Producers at work", "kind": "article", "published": "2024-06-11"},
    {"id": "d3", "title": "", "kind": "notes"},
]
MENTIONS: list[tuple[str, str, int, float, int | None]] = [
    ("d1", "nirvana", 5, 0.97, 61_000),
    ("d1", "nevermind", 2, 0.95, 65_000),
    ("d1", "butch", 1, 0.9, 70_000),
    ("d1", "unknown:1", 1, 0.8, 90_000),
    ("d2", "nirvana", 1, 0.55, None),
    ("d2", "butch", 3, 0.99, None),
    ("d2", "nirvana-uk", 1, 0.5, None),
    ("d3", "unknown:1", 2, 0.85, None),
    ("d3", "dave", 1, 0.9, None),
]
RECORDS: list[tuple[str, str, str, float, str]] = [
    ("main:nirvana", "Nirvana", "nirvana", 1.0, "id"),
    ("shop:17", "NIRVANA (US)", "nirvana", 0.93, "name"),
    ("main:foo", "Foo Fighters", "foo", 1.0, "id"),
]


def fill(graph: GraphStore) -> None:
    """Write the graph into an empty store."""
    graph.put_nodes("Entity", entities(*ENTITIES))
    graph.put_nodes("Document", rows(NODES["Document"], *DOCUMENTS))
    records = [{"id": r, "source": r.partition(":")[0], "name": n, "properties": "{}"} for r, n, *_ in RECORDS]
    graph.put_nodes("Record", rows(NODES["Record"], *records))
    for name, pairs in RELATIONS.items():
        graph.put_edges(name, relations(*pairs))
    mentions = [dict(zip(("from_id", "to_id", "count", "probability", "first_ms"), m, strict=True)) for m in MENTIONS]
    graph.put_edges("MENTIONS", rows(MENTIONS_EDGES, *mentions))
    resolved = [
        {"from_id": r, "to_id": e, "probability": p, "run_id": "run", "decided_by": by} for r, _, e, p, by in RECORDS
    ]
    graph.put_edges("RESOLVED_TO", rows(RESOLVED_TO_EDGES, *resolved))
    together = [
        {"from_id": "butch", "to_id": "nirvana", "documents": 2, "npmi": 0.6},
        {"from_id": "nevermind", "to_id": "nirvana", "documents": 3, "npmi": 0.4},
    ]
    graph.put_edges("CO_MENTIONED", rows(CO_MENTIONED_EDGES, *together))
