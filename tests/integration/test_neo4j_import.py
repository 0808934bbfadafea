"""What `kg export graph --format neo4j-csv` writes, loaded by neo4j-admin into a server of its own."""

from collections.abc import Iterator

import pytest

from kg.export.neo4j_csv import write_neo4j_csv
from loaders.stores.graph.neo4j import Neo4jGraph
from tests.kg.export.images import ONTOLOGY, ROWS, image, tables
from tests.servers import Neo4jServer
from tests.servers.session import Access

pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture(scope="module")
def imported(neo4j_server: Access, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jGraph]:
    """A server whose database was made by the importer, while it was stopped."""
    if not neo4j_server.ours:
        pytest.skip("a server was given: starting others is not asked for")
    folder = tmp_path_factory.mktemp("neo4j-csv")
    write_neo4j_csv(image(), folder)
    server = Neo4jServer(tmp_path_factory.mktemp("imported"))
    server.administer(["database", "import", "full", "neo4j", "@import.args"], folder)
    try:
        server.start()
        store = Neo4jGraph(server.url, ONTOLOGY, user=server.user, password=server.password)
        yield store
        store.close()
    finally:
        server.kill()


def test_the_imported_graph_is_the_exported_one(imported: Neo4jGraph) -> None:
    for table in tables(ROWS):
        found = imported.nodes(table.name) if table.kind == "node" else imported.edges(table.name)  # type: ignore[arg-type]
        assert found.to_pylist() == table.rows.to_pylist(), table.name


def test_types_are_labels(imported: Neo4jGraph) -> None:
    found = imported.query("MATCH (n) RETURN n.id AS id, labels(n) AS labels ORDER BY id").rows
    labels = {node_id: set(names) for node_id, names in found}
    assert labels["a1"] == {"Entity", "Artist"}
    assert labels["r1"] == {"Entity", "RadioShow"}
    assert labels["u1"] == {"Entity"}
    assert labels["d1"] == {"Document"}


def test_what_is_empty_is_not_missing(imported: Neo4jGraph) -> None:
    """But for lists, which kg makes when it first opens the graph."""
    asked = "MATCH (n:Entity {id: 'u1'}) RETURN n.name, n.aliases, n.popularity"
    assert imported.query(asked).rows == [("", None, None)]
    imported.prepare()
    assert imported.query(asked).rows == [("", [], None)]


def test_kg_goes_on_with_it(imported: Neo4jGraph) -> None:
    (entities,) = (table.rows for table in tables(ROWS) if table.name == "Entity")
    imported.put_nodes("Entity", entities)
    assert imported.query("MATCH (n:Entity) RETURN count(n)").rows == [(4,)]
