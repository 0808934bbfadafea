"""One measured job; prints its figures as one line of JSON."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.naive_twin import NameTwin
from kg import CatalogInput, DocumentInput, Home, ingest_catalog, ingest_documents, load_config
from kg.demo import DATA, run_demo
from kg.evaluate import evaluate
from kg.resolve import resolve
from linkers.evaluation import Evaluation
from linkers.peak_memory import peak_memory


def peak_mb() -> float:
    """Return the most memory this process has held, in MB (10^6 bytes)."""
    return peak_memory() / 1e6


def figures(found: Evaluation) -> dict[str, Any]:
    return {
        "gold": found.all.gold,
        "right": found.all.right,
        "wrong": found.all.wrong,
        "review": found.all.review,
        "missed": found.all.missed,
        "spurious": found.spurious,
        "in_catalog_accuracy": found.in_catalog.accuracy,
        "accuracy_with_nil": found.all.accuracy,
        "f1": found.f1,
    }


def link_set(catalog: str, documents: str, spans: str, home: str) -> dict[str, Any]:
    began = time.perf_counter()
    gold = Path(documents) / "gold.jsonl"
    with Home(load_config(home=home)) as opened:
        ingest_catalog(opened, CatalogInput([catalog], (), "benchmark"))
        given = str(gold) if spans == "gold" else None
        ingest_documents(opened, DocumentInput([str(Path(documents) / "documents.jsonl")], given))
        resolve(opened)
        seconds = time.perf_counter() - began
        found = evaluate(opened, gold, spans="gold" if spans == "gold" else "system")
    return figures(found) | {"seconds": seconds, "peak_mb": peak_mb()}


def twin_set(catalog: str, documents: str) -> dict[str, Any]:
    rows = [json.loads(line) for line in (Path(documents) / "gold.jsonl").open(encoding="utf-8")]
    began = time.perf_counter()
    twin = NameTwin.of_catalog(Path(catalog))
    answers = twin.link([row["surface"] for row in rows])
    seconds = time.perf_counter() - began
    right = [answer == row["entity_id"] for answer, row in zip(answers, rows, strict=True)]
    inside = [ok for ok, row in zip(right, rows, strict=True) if row["entity_id"]]
    return {
        "in_catalog_accuracy": sum(inside) / len(inside),
        "accuracy_with_nil": sum(right) / len(right),
        "seconds": seconds,
        "peak_mb": peak_mb(),
    }


def demo(home: str) -> dict[str, Any]:
    began = time.perf_counter()
    with Home(load_config(home=home)) as opened:
        run_demo(opened, tell=lambda _: None)
        seconds = time.perf_counter() - began
        found = evaluate(opened, DATA / "gold.jsonl")
    return figures(found) | {"seconds": seconds, "peak_mb": peak_mb()}


def repeated_demo(folder: Path, copies: int) -> Path:
    """Write the demo documents `copies` times under new ids as JSONL; returns the file."""
    from loaders.readers.documents import DocumentOptions, read_documents
    from loaders.readers.source import discover
    from schemas.document import Document

    path = folder / "repeated.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for found in discover([str(DATA / "documents")]):
            for document in read_documents(found, DocumentOptions({}, "", "")):
                if not isinstance(document, Document):
                    raise document
                for number in range(copies):
                    row = {"id": f"{document.id}-{number:04}", "title": document.title, "text": document.text}
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def throughput(mentions: str, home: str) -> dict[str, Any]:
    with Home(load_config(home=home)) as opened:
        relations = str(DATA / "relations.jsonl")
        ingest_catalog(opened, CatalogInput([str(DATA / "catalog-music.jsonl")], (), "discography"))
        ingest_catalog(opened, CatalogInput([str(DATA / "catalog-podcasts.csv")], [relations], "directory"))
        once = repeated_demo(opened.folder, 1)
        per_copy = ingest_documents(opened, DocumentInput([str(once)])).rows["mentions"]
        copies = repeated_demo(opened.folder, -(-int(mentions) // per_copy))
        began = time.perf_counter()
        ingested = ingest_documents(opened, DocumentInput([str(copies)]))
        ingest_s = time.perf_counter() - began
        began = time.perf_counter()
        summary = resolve(opened)
        resolve_s = time.perf_counter() - began
        surfaces = [row["surface"] for batch in opened.mentions.decisions() for row in batch.to_pylist()]
        began = time.perf_counter()
        NameTwin.of_entities(opened.index.entities.to_pylist()).link(surfaces)
        twin_s = time.perf_counter() - began
    return {
        "mentions": ingested.rows["mentions"],
        "ingest_s": ingest_s,
        "resolve_s": resolve_s,
        "stages": summary.seconds,
        "twin_s": twin_s,
        "peak_mb": peak_mb(),
    }


JOBS = {"link-set": link_set, "twin-set": twin_set, "demo": demo, "throughput": throughput}

if __name__ == "__main__":
    job: Any = JOBS[sys.argv[1]]
    sys.stdout.write(json.dumps(job(*sys.argv[2:])) + "\n")
