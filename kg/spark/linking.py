"""Extraction and linking on the workers, by the functions that the local run calls."""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from kg.decided_batch import DecidedBatch, link_mentions
from kg.extraction import find_mentions, read_otherwise
from kg.home import Home
from kg.provisional import Clustering
from kg.resolve import ResolveSummary, stale_documents
from kg.runs import OpenRun
from kg.spark.cluster import Cluster, packed, parts, unpacked
from kg.spark.session import cluster_failures
from kg.spark.shipping import WorkerRecipe, opened_home
from linkers.deciding import KINDS
from linkers.decision_figures import decision_figures

_FORMER = pa.schema([pa.field("mention_id", pa.string()), pa.field("former", pa.string())])
DECIDED = "link long, review long, nil long, changed long, former binary, figures binary"
_EXTRACTED = "documents long"


@dataclass(frozen=True, slots=True)
class RunMark:
    """What a worker must know of the run."""

    run_id: str
    sequence: int


def extract_again(cluster: Cluster, home: Home, *, stored_there: bool) -> int:
    """Find the mentions of outdated documents again; returns how many documents.

    stored_there: whether workers reach the mention store; else texts go to them, and mentions come back.
    """
    outdated = read_otherwise(home)
    if not outdated:
        return 0
    if stored_there:
        items = cluster.items(pickle.dumps(list(ids)) for ids in parts(outdated))
        with cluster_failures(cluster.master):
            cluster.worked(items, _extract_there, _EXTRACTED).agg({"documents": "sum"}).collect()
        return len(outdated)
    texts = ((ids, pickle.dumps(home.mentions.documents(ids))) for ids in parts(outdated))
    for number, (_, answer) in enumerate(cluster.rounds(texts, _extract_here), 1):
        keys, table = pickle.loads(answer)
        home.mentions.put_mentions(keys, unpacked(table))
        home.progress("extract", number, None)
    return len(outdated)


def _extract_there(recipe: WorkerRecipe, payload: bytes) -> dict[str, Any]:
    home = opened_home(recipe)
    documents = home.mentions.documents(pickle.loads(payload))
    found = find_mentions(home, documents, None, home.extractor.extract)
    home.mentions.put_mentions(found.keys, found.table)
    return {"documents": len(documents)}


def _extract_here(recipe: WorkerRecipe, payload: bytes) -> bytes:
    home = opened_home(recipe)
    found = find_mentions(home, pickle.loads(payload), None, home.extractor.extract)
    return pickle.dumps((found.keys, packed(found.table)))


def link_stale(
    cluster: Cluster, home: Home, run: OpenRun, summary: ResolveSummary, *, stored_there: bool
) -> Clustering:
    """Link the mentions of all stale documents and store what is decided; returns what the clustering must know.

    `stored_there` as in `extract_again`. With it, `changed` counts against what the last attempt at a task found.
    """
    stale, clustering = stale_documents(home), Clustering()
    clustering.decided.update(doc_id for doc_id, _ in stale)
    summary.documents += len(stale)
    if not stale:
        return clustering
    if not stored_there:
        texts = ((dict(keys), packed(home.mentions.mentions([i for i, _ in keys]))) for keys in parts(stale))
        for number, (keys, answer) in enumerate(cluster.rounds(texts, _link_here), 1):
            batch = DecidedBatch.of(home, keys, unpacked(answer))
            batch.count(summary, clustering)
            batch.store(home, run)
            run.figures.add(decision_figures(batch.decided, home.index))
            home.progress("resolve", number, None)
        return clustering
    mark = RunMark(run.run_id, run.sequence)
    items = cluster.items(link_items(mark, stale))
    with cluster_failures(cluster.master):
        done = cluster.worked(items, link_there, DECIDED).toArrow()
    for kind in KINDS:
        summary.decisions[kind] += sum(done[kind].to_pylist())
    summary.changed += sum(done["changed"].to_pylist())
    for figures in done["figures"]:
        run.figures.add(pickle.loads(figures.as_py()))
    for former in _tables(done["former"]):
        clustering.former.update(zip(former["mention_id"].to_pylist(), former["former"].to_pylist(), strict=True))
    return clustering


def _tables(payloads: pa.ChunkedArray) -> Iterator[pa.Table]:
    return (unpacked(payload.as_py()) for payload in payloads)


def _link_here(recipe: WorkerRecipe, payload: bytes) -> bytes:
    return packed(link_mentions(opened_home(recipe), unpacked(payload)))


def link_items(mark: RunMark, stale: Sequence[tuple[str, str]]) -> list[bytes]:
    """Return items for `link_there`. stale: document id and the decision key that it should have."""
    return [pickle.dumps((mark, dict(keys))) for keys in parts(stale)]


def link_there(recipe: WorkerRecipe, payload: bytes) -> dict[str, Any]:
    """Link the documents of an item and store what is decided; returns DECIDED. Doing it again changes nothing."""
    mark, keys = pickle.loads(payload)
    home = opened_home(recipe)
    batch = DecidedBatch.of(home, keys, link_mentions(home, home.mentions.mentions(list(keys))))
    batch.store(home, mark)
    former = pa.table({"mention_id": list(batch.former), "former": list(batch.former.values())}, schema=_FORMER)
    figures = pickle.dumps(decision_figures(batch.decided, home.index))
    return {**batch.kinds(), "changed": batch.changed, "former": packed(former), "figures": figures}
