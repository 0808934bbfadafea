"""What can be exported in which format, to a stream, a file or a folder."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from kg.export.delimited import write_csv
from kg.export.graph_image import GraphImage, Row, graph_image
from kg.export.jsonl import write_graph_jsonl, write_jsonl
from kg.export.neo4j_csv import write_neo4j_csv
from kg.export.parquet import write_graph_parquet, write_parquet
from kg.export.rows import DECISION_ROWS, RECORD_ROWS, decision_rows, record_rows
from kg.home import Home
from schemas.errors import ConfigError, InputError


def _graphml(image: GraphImage, out: IO[bytes]) -> int:
    # the libraries of these formats are loaded when they are written: every command would wait for them
    from kg.export.graphml import write_graphml

    return write_graphml(image, out)


def _gexf(image: GraphImage, out: IO[bytes]) -> int:
    from kg.export.gexf import write_gexf

    return write_gexf(image, out)


def _json_ld(image: GraphImage, out: IO[bytes]) -> int:
    from kg.export.rdf.json_ld import write_json_ld

    return write_json_ld(image, out)


def _turtle(image: GraphImage, out: IO[bytes]) -> int:
    from kg.export.rdf.turtle import write_turtle

    return write_turtle(image, out)


_GRAPH: dict[str, Callable[[GraphImage, IO[bytes]], int]] = {
    "jsonl": write_graph_jsonl,
    "graphml": _graphml,
    "gexf": _gexf,
    "jsonld": _json_ld,
    "turtle": _turtle,
}
_GRAPH_FOLDERS: dict[str, Callable[[GraphImage, Path], int]] = {
    "parquet": write_graph_parquet,
    "neo4j-csv": write_neo4j_csv,
}
_ROWS: dict[str, Callable[[Home], Iterator[Row]]] = {"decisions": decision_rows, "records": record_rows}
_SCHEMAS = {"decisions": DECISION_ROWS, "records": RECORD_ROWS}
_ROW_FORMATS: dict[str, Callable[[Iterable[Row], IO[bytes]], int]] = {"jsonl": write_jsonl, "csv": write_csv}

FORMATS: dict[str, tuple[str, ...]] = {
    "graph": (*_GRAPH, *_GRAPH_FOLDERS),
    **{what: (*_ROW_FORMATS, "parquet") for what in sorted(_ROWS)},
}
"""Formats of everything that can be exported."""


def is_folder(what: str, file_format: str) -> bool:
    """Return whether a format is several files in a folder; raises ConfigError for one that `what` does not have."""
    if what not in FORMATS:
        raise ConfigError("export", f"{what!r} is not known; known: {', '.join(sorted(FORMATS))}")
    if file_format not in FORMATS[what]:
        known = ", ".join(sorted(FORMATS[what]))
        raise ConfigError("format", f"{file_format!r} is not a format of {what}; known: {known}")
    return what == "graph" and file_format in _GRAPH_FOLDERS


def export(home: Home, what: str, file_format: str, out: IO[bytes]) -> int:
    """Write what is asked for; returns how many rows (RDF: resources) were written.

    what: "graph", "decisions" or "records". Written as it is read: of a graph, one label or edge type at a time is in
    memory. Raises ConfigError for a format that it does not have, or that is a folder.
    """
    if is_folder(what, file_format):
        raise ConfigError("format", f"{file_format!r} is several files: name a folder to write (kg export -o FOLDER)")
    if what == "graph":
        return _GRAPH[file_format](graph_image(home), out)
    if file_format == "parquet":
        return write_parquet(_ROWS[what](home), _SCHEMAS[what], out)
    return _ROW_FORMATS[file_format](_ROWS[what](home), out)


def export_to_path(home: Home, what: str, file_format: str, path: Path) -> int:
    """Write to a file, or to a folder where the format has several; returns how many rows (RDF: resources).

    It appears only when it is whole. A file is replaced; a folder must not hold anything yet. Raises ConfigError as
    `export` does, and InputError when the place cannot be written.
    """
    if is_folder(what, file_format):
        return _to_folder(partial(_GRAPH_FOLDERS[file_format], graph_image(home)), path)
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


def _to_folder(write: Callable[[Path], int], folder: Path) -> int:
    unfinished = folder.with_name(folder.name + ".unfinished")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(folder, "holds something already; name a folder that does not exist, or an empty one")
        unfinished.mkdir()
    except OSError as error:
        raise InputError(unfinished, f"cannot be made: {error.strerror}") from error
    try:
        written = write(unfinished)
        unfinished.replace(folder)
    except OSError as error:
        raise InputError(folder, f"cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return written
