import time
from pathlib import Path

import pyarrow as pa
import pytest

from loaders.stores.graph.embedded import EmbeddedGraph
from loaders.stores.graph.embedded_file import EmbeddedSettings
from loaders.stores.graph.embedded_reading import refuse_unless_about_the_graph
from schemas.errors import QueryError
from tests.loaders.stores.embedded_graphs import entities, ids_of, opened


@pytest.mark.parametrize(
    "cypher",
    [
        "LOAD FROM '{csv}' RETURN *",
        "MATCH (e:Entity) LOAD FROM '{csv}' RETURN *",
        "LOAD/**/FROM '{csv}' RETURN *",
        "load with headers (a STRING) from '{csv}' return *",
        "// it's a comment\nLOAD FROM '{csv}' RETURN *",
        "/* ' */ LOAD FROM '{csv}' /* ' */ RETURN *",
        "RETURN '\\'' AS a LOAD FROM '{csv}' RETURN *",
        "COPY (MATCH (e:Entity) RETURN e.id) TO '{out}'",
        "PROFILE COPY (MATCH (e:Entity) RETURN e.id) TO '{out}'",
        "COPY Entity FROM '{csv}'",
        "EXPORT DATABASE '{out}'",
        "IMPORT DATABASE '{out}'",
        "ATTACH '{out}' AS other (dbtype lbug)",
        "INSTALL json",
        "LOAD EXTENSION json",
        "CALL threads = 1",
        "CALL read_csv_serial('{csv}') RETURN *",
        "CALL clear_warnings() RETURN *",
        "CREATE NODE TABLE other (id STRING PRIMARY KEY)",
        "DROP TABLE ABOUT",
        "ALTER TABLE Entity ADD x STRING",
        "CHECKPOINT",
        "COMMIT",
        "MATCH (e) RETURN e.id; COPY (MATCH (e) RETURN e.id) TO '{out}'",
        "BEGIN TRANSACTION",
        "EXPLAIN COPY (MATCH (e:Entity) RETURN e.id) TO '{out}'; MATCH (e) RETURN e",
    ],
)
def test_what_is_more_than_reading_is_refused(graph: EmbeddedGraph, tmp_path: Path, cypher: str) -> None:
    secret, out = tmp_path / "secret.csv", tmp_path / "out.csv"
    secret.write_text("a,b\n1,2\n")
    graph.put_nodes("Entity", entities("a"))
    with pytest.raises(QueryError):
        graph.query(cypher.replace("{csv}", str(secret)).replace("{out}", str(out)))
    assert not out.exists()
    assert ids_of(graph) == ["a"]


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (e:Entity) WHERE e.name = 'LOAD FROM x; COPY' RETURN e.id",
        'RETURN "CALL threads = 1" AS text',
        "MATCH (load:Entity) RETURN load.id AS copy",
        "MATCH (e:Entity) // LOAD FROM 'x'\nRETURN e.id;",
        "CALL show_tables() RETURN name",
        "EXPLAIN MATCH (e:Entity) RETURN e",
        "WITH 1 AS x UNWIND [x, 2] AS y RETURN y UNION ALL RETURN 3 AS y",
        "OPTIONAL MATCH (e:Entity)-[:ABOUT* SHORTEST 1..3]->(f:Entity) RETURN count(f)",
        "MATCH (a:Entity), (c:Entity) WHERE EXISTS { MATCH (c)-[:ABOUT]->(a) } RETURN count(*)",
    ],
)
def test_reading_is_not_refused(graph: EmbeddedGraph, cypher: str) -> None:
    refuse_unless_about_the_graph(cypher, write=False)
    graph.query(cypher)


@pytest.mark.parametrize(
    "cypher",
    [
        "LOAD FROM secret RETURN *",
        "MATCH (e:Entity) LOAD FROM secret RETURN *",
        "COPY Entity FROM secret",
        "DROP TABLE ABOUT",
        "CALL threads = 1",
    ],
)
def test_a_write_too_is_about_the_graph(graph: EmbeddedGraph, cypher: str) -> None:
    secret = pa.table({"a": [1]})  # the engine would find it in this frame
    with pytest.raises(QueryError):
        graph.query(cypher, write=True)
    assert secret.num_rows == 1


def test_a_long_query_is_given_up(path: Path) -> None:
    graph = opened(path, settings=EmbeddedSettings(query_timeout_s=0.3))
    started = time.monotonic()
    with pytest.raises(QueryError, match=r"longer than 0\.3 seconds"):
        graph.query("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(a + b)")
    assert time.monotonic() - started < 10
    assert graph.query("RETURN 1").rows == [(1,)]
    graph.close()


def test_the_parameters_of_a_write_are_values_of_json(graph: EmbeddedGraph) -> None:
    with pytest.raises(QueryError):
        graph.query("MATCH (e:Entity) SET e.name = $x", {"x": b"bytes"}, write=True)


def test_a_mistake_is_placed_in_the_query_as_it_was_written(graph: EmbeddedGraph) -> None:
    with pytest.raises(QueryError, match=r"line: 1, offset: 10"):
        graph.query("MATCH (e) RETRUN e")
