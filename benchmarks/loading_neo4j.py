"""Loading of Neo4j: by batches beside the bare driver, and by the offline importer."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import neo4j
import pyarrow as pa

from benchmarks import loading_raw as raw
from benchmarks import loading_rows as made
from benchmarks.index_size import resident
from benchmarks.loading_lines import in_parts, line
from kg.bulk_load import import_csv
from kg.export.graph_image import GraphImage, GraphTable
from kg.export.neo4j_csv import write_neo4j_csv
from loaders.stores.graph.neo4j import Neo4jGraph
from schemas.ontology import AUDIO_ONTOLOGY
from tests.servers.neo4j import Neo4jServer

CONNECTIONS = (1, 2)
WARM_UP = 20_000
SAMPLE_S = 0.1
COUNTED = {"nodes": "MATCH (n:Entity) RETURN count(n)", "edges": "MATCH ()-[r:MENTIONS]->() RETURN count(r)"}
HEAP_MB = 1024


def on_neo4j(rows: int, folder: Path) -> Iterator[str]:
    """Load nodes and edges by the driver and by kg, then both by the importer into another server."""
    server = Neo4jServer(folder / "neo4j", heap_mb=HEAP_MB)
    server.start()
    seconds = 0.0
    try:
        with (
            neo4j.GraphDatabase.driver(server.url, auth=(server.user, server.password)) as driver,
            closing(_graph(server)) as graph,
        ):
            graph.prepare()
            connections = _warmed(driver, graph)
            best = {name: spent for name, spent, _ in _loaded(rows, graph, _bare(driver, connections), driver)}
            graph.clear()
            for name, spent, memory in _loaded(rows, graph, _own(graph), driver):
                seconds += spent
                yield line("Neo4j", rows, name, spent, best[name], memory)
    finally:
        server.kill()
    yield from _imported(rows, folder, seconds)


_Write = Callable[[pa.Table], float]


def _graph(server: Neo4jServer) -> Neo4jGraph:
    return Neo4jGraph(server.url, AUDIO_ONTOLOGY, user=server.user, password=server.password)


def _own(graph: Neo4jGraph) -> dict[str, _Write]:
    return {
        "nodes": lambda table: raw.seconds_of(lambda: graph.put_nodes("Entity", table)),
        "edges": lambda table: raw.seconds_of(lambda: graph.put_edges("MENTIONS", table)),
    }


def _bare(driver: neo4j.Driver, connections: dict[str, int]) -> dict[str, _Write]:
    return {
        name: lambda table, name=name, cypher=cypher: sum(  # type: ignore[misc]
            _raw(driver, cypher, part, connections[name]) for part in in_parts(table)
        )
        for name, cypher in (("nodes", raw.NODES_CYPHER), ("edges", raw.EDGES_CYPHER))
    }


def _raw(driver: neo4j.Driver, cypher: str, part: pa.Table, connections: int) -> float:
    rows = part.to_pylist()
    if "from_id" in part.column_names:
        rows = [{"from_id": row.pop("from_id"), "to_id": row.pop("to_id"), "own": row} for row in rows]
    return raw.seconds_of(lambda: raw.neo4j_rows(driver, cypher, rows, connections))


def _warmed(driver: neo4j.Driver, graph: Neo4jGraph) -> dict[str, int]:
    """Return with how many connections the driver is faster, once the server has compiled what both use."""
    spent: dict[str, dict[int, float]] = {"nodes": {}, "edges": {}}
    for _ in range(2):
        for connections in CONNECTIONS:
            bare = _bare(driver, dict.fromkeys(spent, connections))
            for name, seconds, _ in _loaded(WARM_UP, graph, bare, driver):
                spent[name][connections] = seconds
            graph.clear()
    for _ in _loaded(WARM_UP, graph, _own(graph), driver):
        pass
    graph.clear()
    return {name: min(each, key=each.__getitem__) for name, each in spent.items()}


def _loaded(
    rows: int, graph: Neo4jGraph, write: dict[str, _Write], driver: neo4j.Driver
) -> Iterator[tuple[str, float, str]]:
    """Yield what was written, the seconds and the memory: nodes, and then edges, each given as one table."""
    for name, make in (("nodes", made.entities), ("edges", made.mention_edges)):
        if name == "edges":
            graph.put_nodes("Document", made.documents(rows // made.A_DOCUMENT))
        table = make(rows)
        with _Watch(driver, COUNTED[name], rows) as watch:
            seconds = write[name](table)
        yield name, seconds, f"{watch.first:,.0f}, {resident():,.0f}"


class _Watch:
    """Looks at the memory when the server holds a tenth of the rows; its counts are kept, so that asking is cheap."""

    def __init__(self, driver: neo4j.Driver, counting: str, rows: int) -> None:
        self.first = 0.0
        self._driver, self._counting, self._tenth = driver, counting, rows / 10
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        with self._driver.session() as session:
            while not self.first:
                done = self._ended.wait(SAMPLE_S)
                if done or session.run(self._counting).single(strict=True)[0] >= self._tenth:
                    self.first = resident()


def _imported(rows: int, folder: Path, batched: float) -> Iterator[str]:
    """Time the offline importer on the same nodes and edges, from Arrow to a stopped server's database."""
    server = Neo4jServer(folder / "imported", heap_mb=HEAP_MB)
    tables = [
        GraphTable("node", "Document", made.documents(rows // made.A_DOCUMENT)),
        GraphTable("node", "Entity", made.entities(rows)),
        GraphTable("edge", "MENTIONS", made.mention_edges(rows)),
    ]
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        began = time.perf_counter()
        write_neo4j_csv(GraphImage(tables, AUDIO_ONTOLOGY, "https://example.org/"), Path(scratch))
        written = time.perf_counter() - began
        import_csv([*server.admin_command(), "database", "import", "full", "neo4j"], Path(scratch), server.url)
        seconds = time.perf_counter() - began
    try:
        server.start()
        with closing(_graph(server)) as graph:
            indexed = raw.seconds_of(graph.prepare)
            held = [graph.query(counting).rows[0][0] for counting in COUNTED.values()]
    finally:
        server.kill()
    if held != [rows, rows]:
        raise SystemExit(f"the importer left {held} nodes and edges of {rows} each")
    told = (
        f"{seconds:.1f} s ({written:.1f} s of it CSV) and {indexed:.1f} s for the indexes; by batches {batched:.1f} s"
    )
    yield f"| Neo4j | {rows:,} | nodes and edges by the importer | {2 * rows / seconds:,.0f} | | | {told} |"
