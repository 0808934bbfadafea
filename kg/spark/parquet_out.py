"""What a resolve decided, as Parquet beside the stores."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import fs

from kg.home import Home
from kg.spark.cluster import DOCUMENTS_AN_ITEM, Cluster, parts
from kg.spark.session import cluster_failures
from kg.spark.shipping import WorkerRecipe, opened_home
from schemas.batches import MENTIONS, STORED_DECISIONS

Read = Callable[[Home, Sequence[str]], pa.Table]


def mentions_of(home: Home, doc_ids: Sequence[str]) -> pa.Table:
    """Return the MENTIONS of documents."""
    return home.mentions.mentions(doc_ids)


def decisions_of(home: Home, doc_ids: Sequence[str]) -> pa.Table:
    """Return the STORED_DECISIONS of documents."""
    return pa.concat_tables([STORED_DECISIONS.empty_table(), *home.mentions.decisions(doc_ids)])


_TABLES: dict[str, tuple[pa.Schema, Read]] = {
    "mentions": (MENTIONS, mentions_of),
    "decisions": (STORED_DECISIONS, decisions_of),
}


def write_parquet(cluster: Cluster, home: Home, doc_ids: Sequence[str], out: str, *, stored_there: bool) -> None:
    """Write `out`/documents, mentions and decisions of documents; what a former resolve left there is replaced.

    stored_there: the workers read the store and write, each a file; else the driver does, to a folder or a URI that
    pyarrow knows. Documents are without texts.
    """
    rows = home.mentions.document_rows()
    _write(f"{out}/documents", rows.schema, [rows.filter(pc.is_in(rows["id"], pa.array(doc_ids, pa.string())))])
    for name, (schema, read) in _TABLES.items():
        if stored_there:
            _write_there(cluster, doc_ids, f"{out}/{name}", schema, read)
        else:
            _write(f"{out}/{name}", schema, (read(home, part) for part in parts(doc_ids)))


def _write_there(cluster: Cluster, doc_ids: Sequence[str], out: str, schema: pa.Schema, read: Read) -> None:
    from pyspark.sql.pandas.types import from_arrow_schema

    items = cluster.items(pickle.dumps(list(part)) for part in parts(doc_ids, DOCUMENTS_AN_ITEM))
    target = out if "://" in out else Path(out).absolute().as_uri()
    with cluster_failures(cluster.master):
        rows = cluster.spread(items, partial(_read_there, read), from_arrow_schema(schema))
        rows.write.mode("overwrite").parquet(target)


def _read_there(read: Read, recipe: WorkerRecipe, payload: bytes) -> pa.Table:
    return read(opened_home(recipe), pickle.loads(payload))


def _write(out: str, schema: pa.Schema, tables: Iterator[pa.Table] | Sequence[pa.Table]) -> None:
    system, folder = fs.FileSystem.from_uri(out if "://" in out else Path(out).absolute().as_uri())
    system.create_dir(folder, recursive=True)
    system.delete_dir_contents(folder)
    with (
        system.open_output_stream(f"{folder}/part-00000.parquet") as stream,
        pq.ParquetWriter(stream, schema) as writer,
    ):
        for table in tables:
            writer.write_table(table)
