"""The graph written by Neo4j's offline importer: the fastest way into an empty database, its server stopped."""

import os
import shlex
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl

from kg import graph_image
from kg.config import EMBEDDED
from kg.export.graph_image import GraphImage, GraphTable
from kg.export.neo4j_csv import ARGUMENTS, write_neo4j_csv
from kg.home import Home
from kg.projection import GraphChange, MentionSide, mention_side
from schemas.batches import NODES, edge_schema
from schemas.errors import ConfigError, StoreRejected

_BOLT = 7687
_SAID = 2_000


def bulk_load(home: Home, *, admin: str = "", overwrite: bool = False) -> GraphChange:
    """Make the graph from the mention store by `neo4j-admin database import full`; returns what was written.

    admin:     the command, with arguments of its own if need be; "" looks in NEO4J_HOME and on the path.
    overwrite: replace a database that holds something; without it the importer refuses.
    Indexes, empty lists and vectors are what the importer cannot make: the next command of kg makes the first two, the
    next synchronisation the vectors. Raises ConfigError when the graph is no Neo4j or there is no importer,
    StoreRejected when the server still runs or the importer refuses; then the database is as it was.
    """
    command = _importer(home, admin)
    _refuse_running(home.config.graph)
    change = GraphChange()
    more = ["--overwrite-destination=true"] if overwrite else []
    with home.writing(), tempfile.TemporaryDirectory(prefix="bulk-", dir=home.folder) as scratch:
        folder = Path(scratch)
        write_neo4j_csv(GraphImage(_tables(home, change), home.config.ontology, home.config.export.base_iri), folder)
        home.progress("import", 0, None)
        import_csv(
            [*command, "database", "import", "full", home.config.neo4j.database, *more], folder, home.config.graph
        )
    return change


def _importer(home: Home, admin: str) -> list[str]:
    if home.config.graph == EMBEDDED:
        raise ConfigError("graph", "'embedded' has no offline importer; --bulk needs neo4j://HOST:PORT")
    if admin:
        return shlex.split(admin)
    places = (Path(os.environ.get("NEO4J_HOME", "")) / "bin" / "neo4j-admin", Path("neo4j-admin"))
    found = next((path for place in places if (path := shutil.which(place))), None)
    if found is None:
        problem = "is neither in NEO4J_HOME/bin nor on the path; name it by --admin COMMAND, on the server's machine"
        raise ConfigError("neo4j-admin", problem)
    return [found]


def _refuse_running(url: str) -> None:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "localhost", parts.port or _BOLT), timeout=5).close()
    except OSError:
        return
    problem = "answers, but the importer needs it stopped; stop it, or rebuild without --bulk"
    raise StoreRejected(url, problem)


def import_csv(command: list[str], folder: Path, store: str) -> None:
    """Run the importer on what `write_neo4j_csv` wrote into a folder; raises as `bulk_load` does, naming the store."""
    try:
        done = subprocess.run([*command, f"@{ARGUMENTS}"], cwd=folder, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ConfigError("neo4j-admin", f"{command[0]!r} cannot be run: {error.strerror}") from error
    if done.returncode:
        said = " ".join((done.stdout + done.stderr).split())[-_SAID:]
        raise StoreRejected(store, f"the importer ended with {done.returncode}: {said}")


def _tables(home: Home, change: GraphChange) -> Iterator[GraphTable]:
    """Yield every table of the graph, nodes first."""
    side = mention_side(home)
    for label, nodes in _nodes(home, side):
        change.written[label] = nodes.height
        yield GraphTable("node", label, nodes.select(NODES[label].names).to_arrow().cast(NODES[label]))
    for edge_type, edges in _edges(home, side):
        if edges.height:
            change.written[edge_type] = edges.height
            schema = edge_schema(edge_type)
            yield GraphTable("edge", edge_type, edges.select(schema.names).to_arrow().cast(schema))


def _nodes(home: Home, side: MentionSide) -> Iterator[tuple[str, pl.DataFrame]]:
    yield "Entity", pl.concat([graph_image.catalog_entities(home), side.provisional]).sort("id")
    yield "Document", graph_image.documents(home)
    yield "Record", graph_image.records(home)


def _edges(home: Home, side: MentionSide) -> Iterator[tuple[str, pl.DataFrame]]:
    resolutions = home.mentions.resolutions()
    yield "RESOLVED_TO", graph_image.resolved_to(resolutions)
    yield from graph_image.relations(home, resolutions).items()
    yield "MENTIONS", side.mentions
    yield "CO_MENTIONED", side.co_mentioned
