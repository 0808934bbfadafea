"""`kg export`: the graph, the records and the decisions as files that others read.

JSONL is sorted and has fixed keys: the same home gives the same bytes, whichever stores hold it.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import networkx as nx
import orjson

from kg.home import Home
from schemas.batches import NODES, edge_labels
from schemas.errors import ConfigError, InputError

DECISION_FIELDS = (
    "doc_id",
    "start",
    "end",
    "surface",
    "type",
    "decision",
    "entity_id",
    "best_entity_id",
    "probability",
    "provisional_id",
    "start_ms",
)
"""Fields of an exported decision, in order."""

Row = dict[str, Any]


def graph_rows(home: Home) -> Iterator[Row]:
    """Yield nodes (label as `node`) by label and id, then edges (type as `edge`) by type and ends."""
    for label in sorted(NODES):
        for batch in home.graph.nodes(label).to_batches():  # type: ignore[arg-type]
            for row in batch.to_pylist():
                yield {"node": label, **row}
    for edge_type in edge_types(home):
        for batch in home.graph.edges(edge_type).to_batches():
            for row in batch.to_pylist():
                yield {"edge": edge_type, **row}


def edge_types(home: Home) -> list[str]:
    """Return the types of edges that a graph of this home can hold, sorted."""
    return sorted({"MENTIONS", "RESOLVED_TO", "CO_MENTIONED", *home.config.ontology.relation_names})


def decision_rows(home: Home, doc_id: str | None = None) -> Iterator[Row]:
    """Yield the current decision of every mention, ordered by document and place."""
    for batch in home.mentions.decisions(None if doc_id is None else [doc_id]):
        yield from batch.select(list(DECISION_FIELDS)).to_pylist()


def record_rows(home: Home) -> Iterator[Row]:
    """Yield source, record_id, entity_id and probability of every record, ordered by source and id."""
    resolutions = home.mentions.resolutions()
    for record in home.mentions.records():
        resolution = resolutions.get(record.key)
        yield {
            "source": record.source,
            "record_id": record.record_id,
            "entity_id": resolution.entity_id if resolution else None,
            "probability": resolution.probability if resolution else None,
        }


def write_jsonl(rows: Iterable[Row], out: IO[bytes]) -> int:
    """Write one JSON object a line; returns how many."""
    written = 0
    for row in rows:
        out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        written += 1
    return written


def write_csv(rows: Iterable[Row], out: IO[bytes]) -> int:
    """Write a header and one line a row, null as nothing; returns how many rows."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer: csv.DictWriter[str] | None = None
    written = 0
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, fieldnames=list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
        written += 1
    text.detach()
    return written


def write_graphml(rows: Iterable[Row], out: IO[bytes]) -> int:
    """Write GraphML (directed, several edges between two nodes allowed); returns nodes and edges written.

    Lists are joined by "|", null values are left out. The graph is held in memory.
    """
    graph = nx.MultiDiGraph()
    for row in rows:
        values = {key: _flat(value) for key, value in row.items() if value is not None}
        if "node" in row:
            graph.add_node(f"{row['node']}:{row['id']}", **values)
        else:
            ends = (values.pop("from_id"), values.pop("to_id"))
            labels = edge_labels(row["edge"])
            graph.add_edge(f"{labels[0]}:{ends[0]}", f"{labels[1]}:{ends[1]}", **values)
    nx.write_graphml(graph, out, prettyprint=False)
    return int(graph.number_of_nodes() + graph.number_of_edges())


def _flat(value: object) -> object:
    return "|".join(map(str, value)) if isinstance(value, list) else value


_ROWS: dict[str, Callable[[Home], Iterator[Row]]] = {
    "graph": graph_rows,
    "decisions": decision_rows,
    "records": record_rows,
}
_FORMATS: dict[str, dict[str, Callable[[Iterable[Row], IO[bytes]], int]]] = {
    "graph": {"jsonl": write_jsonl, "graphml": write_graphml},
    "decisions": {"jsonl": write_jsonl, "csv": write_csv},
    "records": {"jsonl": write_jsonl, "csv": write_csv},
}


def export(home: Home, what: str, file_format: str, out: IO[bytes]) -> int:
    """Write what is asked for; returns how many rows were written.

    what: "graph", "decisions" or "records". Raises ConfigError for a format that it does not have.
    """
    formats = _FORMATS.get(what)
    if formats is None:
        raise ConfigError("export", f"{what!r} is not known; known: {', '.join(sorted(_FORMATS))}")
    write = formats.get(file_format)
    if write is None:
        raise ConfigError("format", f"{file_format!r} is not a format of {what}; known: {', '.join(sorted(formats))}")
    return write(_ROWS[what](home), out)


def export_to_file(home: Home, what: str, file_format: str, path: Path) -> int:
    """Write to a file, which appears only when it is whole; returns how many rows. Raises InputError."""
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with unfinished.open("wb") as out:
            written = export(home, what, file_format, out)
        unfinished.replace(path)
    except OSError as error:
        raise InputError(path, f"cannot be written: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return written
