"""Extraction measured: its speed beside bare spaCy, and its spans beside gold spans. Jobs print one line of JSON each."""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

from benchmarks.job import peak_mb
from benchmarks.name_maker import NameMaker, entities
from kg import CatalogInput, Home, ingest_catalog, load_config
from kg.config import ModelConfig
from kg.demo import DATA
from linkers.extraction import ExtractionSettings, Extractor
from linkers.extraction.spacy_entities import load
from linkers.extraction.worker_pool import ExtractionPool, usable_cores
from linkers.index import CatalogIndex
from loaders.readers.documents import DocumentOptions, read_documents
from loaders.readers.source import discover
from schemas.document import Document
from schemas.entity import Entity

SPACY = ModelConfig().spacy
ALIASES = 1_000_000
TEXT_CHARS = 700_000  # about 140,000 tokens: ten seconds of bare spaCy
ROUNDS = 3


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.open(encoding="utf-8")]


def documents_in(path: Path) -> list[Document]:
    read = (row for found in discover([str(path)]) for row in read_documents(found, DocumentOptions({}, "", "")))
    return [row for row in read if isinstance(row, Document)]


def speed(data: str) -> dict[str, Any]:
    """Measure tokens per second against a catalog of a million aliases; the best of several rounds each."""
    once = documents_in(Path(data) / "el/news-fair/documents.jsonl" if data else DATA / "documents")
    copies = -(-TEXT_CHARS // sum(len(document.text) for document in once))
    documents = [Document(f"{d.id}-{n}", d.text, cues=d.cues) for n in range(copies) for d in once]
    nlp = load(SPACY)
    settings = ExtractionSettings()
    with tempfile.TemporaryDirectory() as folder:
        index = CatalogIndex.build(Path(folder), entities(NameMaker().make(ALIASES)), [], encoder=None)
        extractor = Extractor(nlp, index, settings)
        workers = usable_cores()
        tokens = sum(len(nlp.make_doc(document.text)) for document in documents)
        with ExtractionPool(SPACY, Path(folder), index.version, settings, workers=workers) as pool:
            pool.mentions(pool.submit(documents[: len(once)]))  # opens the workers' models, which is told apart
            spans = {
                "bare": lambda: sum(1 for _ in nlp.pipe([d.text for d in documents], batch_size=16)),
                "ours": lambda: extractor.extract(documents).num_rows,
                "pool": lambda: pool.mentions(pool.submit(documents)).num_rows,
            }
            seconds = best_of(spans)
            workers_mb = sum(p.memory_info().rss for p in psutil.Process().children(recursive=True)) / 1e6
    return {
        "tokens": tokens,
        "workers": workers,
        "seconds": seconds,
        "peak_mb": peak_mb(),
        "workers_mb": workers_mb,
        "text": "news-fair" if data else "demo",
    }


def best_of(jobs: dict[str, Callable[[], int]]) -> dict[str, float]:
    """Return the least seconds of each job; the jobs take turns, so that load of the machine meets all of them."""
    best = dict.fromkeys(jobs, float("inf"))
    for _ in range(ROUNDS):
        for name, work in jobs.items():
            began = time.perf_counter()
            work()
            best[name] = min(best[name], time.perf_counter() - began)
    return best


def spans(data: str) -> dict[str, Any]:
    """Measure precision and recall of extracted spans: the demo, the demo without case, and the sets in `data`."""
    nlp = load(SPACY)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        extractor = Extractor(nlp, demo_index(Path(folder) / "demo"), ExtractionSettings())
        documents, gold = documents_in(DATA / "documents"), rows_of(DATA / "gold.jsonl")
        spoken = {document.id for document in documents if document.id.startswith("asr-")}
        written = [document for document in documents if document.id not in spoken]
        found["demo, with case"] = shares(extractor, written, gold)
        found["demo, speech recognition"] = shares(extractor, [d for d in documents if d.id in spoken], gold)
        found["demo, its case taken away"] = shares(extractor, list(map(lowered, written)), gold)
        for name, catalog in (
            ("mhercl", "mhercl/catalog"),
            ("kore50", "general-catalog"),
            ("news-fair", "general-catalog"),
        ):
            if data:
                path = Path(data) / "el"
                entities = [
                    Entity(row["id"], row["name"], row.get("type") or "", tuple(row.get("aliases") or ()))
                    for row in rows_of(path / f"{catalog}.jsonl")
                ]
                index = CatalogIndex.build(Path(folder) / name, entities, [], encoder=None)
                extractor = Extractor(nlp, index, ExtractionSettings())
                read = documents_in(path / name / "documents.jsonl")
                found[name] = shares(extractor, read, rows_of(path / name / "gold.jsonl"))
    return found


def demo_index(home: Path) -> CatalogIndex:
    config = home.with_suffix(".toml")
    config.write_text('[models]\nencoder = "none"\n', encoding="utf-8")
    with Home(load_config(config, home=home)) as opened:
        ingest_catalog(opened, CatalogInput([str(DATA / "catalog-music.jsonl")], (), "discography"))
        relations = [str(DATA / "relations.jsonl")]
        ingest_catalog(opened, CatalogInput([str(DATA / "catalog-podcasts.csv")], relations, "directory"))
        return opened.index


def lowered(document: Document) -> Document:
    """Return a document without capitals and without punctuation, every character in its place."""
    kept = [c.lower() if len(c.lower()) == 1 else c for c in document.text]
    return Document(document.id, "".join(" " if c in '.,!?:;"“”()–—' else c for c in kept), cues=document.cues)


def shares(extractor: Extractor, documents: Sequence[Document], gold: Sequence[dict[str, Any]]) -> dict[str, Any]:
    ids = {document.id for document in documents}
    truth = {(row["doc_id"], row["start"], row["end"]) for row in gold if row["doc_id"] in ids}
    rows = extractor.extract(documents).select(["doc_id", "start", "end"]).to_pylist()
    found = {(row["doc_id"], row["start"], row["end"]) for row in rows}
    right = len(truth & found)
    return {"gold": len(truth), "found": len(found), "precision": right / len(found), "recall": right / len(truth)}


def table(run: Callable[..., dict[str, Any]], data: str | None) -> str:
    """Run both jobs, each in its own process by `run`, and tell their figures as Markdown."""
    fast, quality = (run(name, data or "", module="benchmarks.extraction") for name in ("speed", "spans"))
    bare = fast["seconds"]["bare"]
    memory = {"bare": "", "ours": f"{fast['peak_mb']:.0f}", "pool": f"{fast['workers_mb']:.0f} in all workers"}
    names = {
        "bare": "bare spaCy: `nlp.pipe` with what its entities need",
        "ours": "extraction, one process",
        "pool": f"extraction, {fast['workers']} processes",
    }
    lines = [
        "## Speed\n",
        f"Catalog of {ALIASES:,} aliases; the texts of {fast['text']}, repeated to {fast['tokens']:,} tokens; the best of",
        f"{ROUNDS} rounds in which the three take turns. The processes of the pool are open already.\n",
        "| job | seconds | tokens/s | time against bare spaCy | MB |",
        "|---|---|---|---|---|",
        *(
            f"| {names[job]} | {s:.1f} | {fast['tokens'] / s:,.0f} | {s / bare:.2f} | {memory[job]} |"
            for job, s in fast["seconds"].items()
        ),
        "\n## Spans\n",
        "A span is right when both ends are. news-fair marks only some of its mentions: its precision says nothing.\n",
        "| set | gold | found | precision | recall | F1 |",
        "|---|---|---|---|---|---|",
    ]
    for name, share in quality.items():
        p, r = share["precision"], share["recall"]
        f1 = 2 * p * r / (p + r) if p + r else 0.0
        lines.append(f"| {name} | {share['gold']} | {share['found']} | {p:.3f} | {r:.3f} | {f1:.3f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    measured = {"speed": speed, "spans": spans}[sys.argv[1]](sys.argv[2])
    sys.stdout.write(json.dumps(measured) + "\n")
