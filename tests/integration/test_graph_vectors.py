"""The vectors of the catalog's entities on Neo4j: as in the index, under an index of its own."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kg.config import Config, ModelConfig
from kg.graph_vectors import sync_vectors
from kg.home import Home
from kg.ingest import CatalogInput, ingest_catalog
from loaders.stores.graph.neo4j import Neo4jGraph
from tests.homes import on_servers
from tests.servers.session import Access
from tests.small_world import SmallWorld

pytestmark = pytest.mark.servers
NEAREST = (
    "MATCH (e:Entity {id: $id}) CALL db.index.vector.queryNodes('kg_entity_vectors', 4, e.embedding) YIELD node, score "
    "RETURN node.id AS id, score ORDER BY score DESC, id"
)


@pytest.fixture
def config(neo4j_clean: Access, world: SmallWorld, tmp_path: Path) -> Iterator[Config]:
    """A home with encoder, its graph on Neo4j, the catalog taken in."""
    made = on_servers(tmp_path, neo4j_clean.url, "embedded", ModelConfig())
    with Home(made) as home:
        ingest_catalog(home, CatalogInput([str(world.catalog)], (), "main"))
    yield made
    with Home(made) as home:
        graph_of(home).drop_vectors()


def graph_of(home: Home) -> Neo4jGraph:
    assert isinstance(home.graph, Neo4jGraph)
    return home.graph


def test_the_nearest_are_those_of_the_index(config: Config) -> None:
    with Home(config) as home:
        ids = home.index.entities["id"].to_pylist()
        assert set(graph_of(home).vector_keys()) == set(ids)
        home.graph.query("CALL db.awaitIndexes(60)", write=True)
        found = home.graph.query(NEAREST, {"id": "a1"}).rows
        vectors = np.asarray(home.index.vectors, dtype=np.float32)
        cosines = dict(zip(ids, vectors @ vectors[ids.index("a1")], strict=True))
    nearest = sorted(cosines, key=lambda name: -cosines[name])[:4]
    assert [entity_id for entity_id, _ in found] == nearest
    assert [score for _, score in found] == pytest.approx([(1 + cosines[i]) / 2 for i in nearest], abs=0.005)


def test_answers_do_not_show_them(config: Config) -> None:
    with Home(config) as home:
        ((node,),) = home.graph.query("MATCH (e:Entity {id: 'a1'}) RETURN e").rows
    assert not {"embedding", "embedding_key"} & set(node)


def test_only_what_differs_is_written(config: Config, world: SmallWorld) -> None:
    rows = [json.loads(line) for line in world.catalog.read_text(encoding="utf-8").splitlines()]
    rows[2]["description"] = "a painter of maps"
    world.catalog.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with Home(config) as home:
        assert sync_vectors(home) == 0
        before = graph_of(home).vector_keys()
        ingest_catalog(home, CatalogInput([str(world.catalog)], (), "main"))
        after = graph_of(home).vector_keys()
        assert {entity_id for entity_id in before if before[entity_id] != after[entity_id]} == {"a3"}
        assert sync_vectors(home) == 0
        home.graph.query("MATCH (e:Entity {id: 'b1'}) REMOVE e.embedding_key", write=True)
        assert sync_vectors(home) == 1


def test_who_wants_none_has_none(config: Config) -> None:
    without = replace(config, neo4j=replace(config.neo4j, vectors=False))
    with Home(without) as home:
        assert sync_vectors(home) == 0
        assert graph_of(home).vector_keys() == {}
        names = home.graph.query("SHOW INDEXES YIELD name, type WHERE type = 'VECTOR' RETURN name", write=True).rows
    assert names == []
