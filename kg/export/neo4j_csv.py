"""CSV in the form that `neo4j-admin database import full` loads into an empty database."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from kg.export.graph_image import GraphImage, GraphTable
from schemas.batches import edge_labels
from schemas.ontology import Ontology

FOLDERS = {"node": "nodes", "edge": "relationships"}
"""Where the files of either kind lie."""

ARGUMENTS = "import.args"
"""Name of the file that tells neo4j-admin what to import."""

_BETWEEN = "\x1f"
_SETTINGS = ("--array-delimiter=U+001F", "--multiline-fields=true")
_ENDS = {"from_id": "START_ID", "to_id": "END_ID"}


def write_neo4j_csv(graph: GraphImage, folder: Path) -> int:
    """Write nodes/LABEL.csv, relationships/TYPE.csv and import.args; returns how many rows.

    In that folder, `neo4j-admin database import full neo4j @import.args` makes the graph that kg itself would write,
    second labels included; but the importer leaves empty lists out, and indexes are made by the next command of kg.
    Lists are joined by U+001F, for which a blank stands where a name holds it.
    """
    arguments: list[str] = []
    written = 0
    for part in FOLDERS.values():
        (folder / part).mkdir()
    for table in graph.tables:
        path = f"{FOLDERS[table.kind]}/{table.name}.csv"
        of_type = "" if table.kind == "node" else f"{table.name}="
        arguments.append(f"--{FOLDERS[table.kind]}={of_type}{path}")
        written += _write(table, graph.ontology, folder / path)
    (folder / ARGUMENTS).write_text("\n".join([*arguments, *_SETTINGS, ""]), encoding="utf-8")
    return written


def _write(table: GraphTable, ontology: Ontology, path: Path) -> int:
    header = [_heading(table, column) for column in table.rows.schema]
    if table.kind == "node":
        header.append(":LABEL")
    with path.open("wb") as out:
        out.write((",".join(header) + "\n").encode())
        plain = pa_csv.WriteOptions(include_header=False, quoting_style="all_valid")
        for batch in table.batches():
            columns = [_flat(column) for column in batch.columns]
            if table.kind == "node":
                columns.append(_labels(table.name, batch, ontology))
            pa_csv.write_csv(pa.RecordBatch.from_arrays(columns, names=header), out, plain)
    return int(table.rows.num_rows)


def _heading(table: GraphTable, column: pa.Field) -> str:
    """Return a column as the importer wants it: its name and its type."""
    if table.kind == "node" and column.name == "id":
        return f"id:ID({table.name})"
    if column.name in _ENDS:
        label = edge_labels(table.name)[list(_ENDS).index(column.name)]
        return f":{_ENDS[column.name]}({label})"
    if pa.types.is_list(column.type):
        return f"{column.name}:string[]"
    kinds = {pa.int64(): ":long", pa.float64(): ":double", pa.string(): ":string"}
    return f"{column.name}{kinds[column.type]}"


def _flat(column: pa.Array) -> pa.Array:
    """Return a list as one text, anything else as it is."""
    if not pa.types.is_list(column.type):
        return column
    parts = pc.replace_substring(column.flatten(), _BETWEEN, " ")
    starts = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(pc.list_value_length(column))])
    return pc.binary_join(pa.ListArray.from_arrays(starts, parts), _BETWEEN)


def _labels(label: str, batch: pa.RecordBatch, ontology: Ontology) -> pa.Array:
    if label != "Entity":
        return pa.array([label] * batch.num_rows, pa.string())
    seconds = (ontology.label(name) for name in batch["type"].to_pylist())
    return pa.array([f"{label}{_BETWEEN}{second}" if second else label for second in seconds], pa.string())
