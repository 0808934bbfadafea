"""Every graph store, empty or with a small graph; every mention store, empty."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from loaders.stores.graph.embedded import EmbeddedGraph
from loaders.stores.mentions.embedded import EmbeddedMentions
from schemas.batches import MENTIONS_EDGES, NODES
from schemas.protocols import GraphStore, MentionStore
from tests.contracts.graph_rows import ONTOLOGY, entities, relations, rows


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.servers)])
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    if request.param == "embedded":
        store: GraphStore = EmbeddedGraph(tmp_path / "graph.lbug", ONTOLOGY)
    else:
        from loaders.stores.graph.neo4j import Neo4jGraph

        server = request.getfixturevalue("neo4j_clean")
        store = Neo4jGraph(server.url, ONTOLOGY, user=server.user, password=server.password)
    store.prepare()
    yield store
    store.close()


@pytest.fixture
def small(graph: GraphStore) -> GraphStore:
    values: list[dict[str, Any]] = [
        {"id": "a", "name": "A", "type": "artist", "aliases": ["x"]},
        {"id": "b", "name": "B", "type": "album", "popularity": 2.5},
        {"id": "c", "name": "C", "type": "radio_station", "status": "provisional"},
    ]
    graph.put_nodes("Entity", entities(*values))
    graph.put_nodes("Document", rows(NODES["Document"], {"id": "d", "title": "T"}))
    graph.put_edges("PERFORMED_BY", relations(("b", "a")))
    graph.put_edges("ABOUT", relations(("c", "b"), source="s|t"))
    mention = {"from_id": "d", "to_id": "a", "count": 2, "probability": 0.9, "first_start": 4}
    graph.put_edges("MENTIONS", rows(MENTIONS_EDGES, mention))
    return graph


@pytest.fixture(params=["embedded", pytest.param("cassandra", marks=pytest.mark.servers)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MentionStore]:
    made: MentionStore
    if request.param == "embedded":
        made = EmbeddedMentions(tmp_path / "mentions.sqlite")
    else:
        from kg.store_url import cassandra_address
        from loaders.stores.mentions.cassandra import CassandraMentions

        server = request.getfixturevalue("cassandra_server")
        address = cassandra_address(f"{server.url}/{request.getfixturevalue('cassandra_keyspace')}")
        made = CassandraMentions(
            address.hosts, address.port, address.keyspace, user=server.user, password=server.password
        )
    made.prepare()
    yield made
    made.close()
