"""`kg resolve`: records become canonical entities, mentions become links, reviews or NIL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

import pyarrow as pa

from kg import runs
from kg.catalog import is_current, mark_stale, note_compared, pairs_are_current, refresh_catalog
from kg.decided_batch import DecidedBatch, link_mentions
from kg.extraction import refresh_extraction
from kg.home import Home
from kg.pair_decisions import PairOptions, decide_pairs
from kg.projection import sync_graph
from kg.provisional import Clustering, cluster_unknown, clusters_are_current, count_unknown
from kg.recall_probes import recall_probes
from linkers.deciding import KINDS
from linkers.decision_figures import decision_figures
from linkers.records.workforce import THREADS, Workforce
from schemas.identity import content_id


@dataclass(frozen=True, slots=True)
class ResolveOptions:
    """What to resolve.

    records, mentions: which halves are done.
    precision: share of links that shall be right, in (0, 1); None takes the configuration's.
    dry_run:   decide about mentions, count and write nothing; records are left as they are.
    pairs:     how records are compared.
    """

    records: bool = True
    mentions: bool = True
    precision: float | None = None
    dry_run: bool = False
    pairs: PairOptions = field(default_factory=PairOptions)


@dataclass
class ResolveSummary:
    """What a resolve did.

    decisions: decisions made by kind (link, review, nil).
    changed:   how many of them differ from what was current.
    documents: how many documents were decided; the others had not changed.
    provisional: how many unknown things the NIL mentions of the home mean.
    records_compared: records that were new, changed or near these. pairs: pairs of records that are decided otherwise
    than before, by decision (join, review, apart, withdrawn).
    taken, bad_rows, errors: what was taken in first, by an engine that was given documents; as in IngestSummary.
    run_id:    the run, "" when nothing had to be decided or nothing was written.
    """

    decisions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    changed: int = 0
    documents: int = 0
    read_again: int = 0
    entities: int = 0
    records_joined: int = 0
    records_compared: int = 0
    pairs: dict[str, int] = field(default_factory=dict)
    provisional: int = 0
    taken: dict[str, int] = field(default_factory=dict)
    bad_rows: int = 0
    errors: list[str] = field(default_factory=list)
    dry_run: bool = False
    run_id: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def mentions(self) -> int:
        """How many mentions were decided."""
        return sum(self.decisions.values())


class Engine(Protocol):
    """Who does the part of the work that grows with the texts; what comes out is the same whoever does it."""

    def take_documents(self, home: Home, summary: ResolveSummary) -> None:
        """Take in the documents that this engine was given to read, before anything is decided."""

    def workforce(self) -> Workforce:
        """Return who searches and compares the records of a kind."""

    def extract_again(self, home: Home) -> int:
        """Find the mentions again of documents whose mentions are outdated; returns how many documents."""

    def decide(self, home: Home, run: runs.OpenRun, summary: ResolveSummary) -> None:
        """Link the mentions of all stale documents, cluster what is unknown, and store both."""

    def draw(self, home: Home, run: runs.OpenRun) -> int:
        """Make the graph equal to what is stored; returns how many nodes and edges were written or deleted."""


class HereEngine:
    """The process of the command, and for extraction the other cores of its machine."""

    def take_documents(self, home: Home, summary: ResolveSummary) -> None:
        """Take none: `kg ingest documents` does."""

    def workforce(self) -> Workforce:
        """Return the threads of this process."""
        return THREADS

    def extract_again(self, home: Home) -> int:
        """Read outdated documents again."""
        return refresh_extraction(home)

    def decide(self, home: Home, run: runs.OpenRun, summary: ResolveSummary) -> None:
        """Decide batch by batch."""
        _decide(home, run, summary)

    def draw(self, home: Home, run: runs.OpenRun) -> int:
        """Write what differs."""
        return sync_graph(home, catalog=True, documents=True, mentions=True).rows


def resolve(home: Home, options: ResolveOptions | None = None, engine: Engine | None = None) -> ResolveSummary:
    """Decide what every undecided or outdated mention means, and which records are the same thing.

    A document is decided again when its text, its mentions, the catalog, the model or the settings changed;
    otherwise its decisions stay. engine: who compares, extracts and links; None does it here. Raises IndexMissingError
    before a catalog was ingested, StoreError, ModelError, WorkerError.
    """
    options = options or ResolveOptions()
    summary = ResolveSummary(dry_run=options.dry_run)
    engine = engine or HereEngine()
    with home.writing(), _precision(home, options.precision):
        if options.dry_run:
            _decide(home, None, summary)
            return summary
        engine.take_documents(home, summary)
        run = _open_run(home, options)
        if run is None:
            return summary
        if options.records:
            _compare(home, run, options.pairs, summary, by=engine.workforce())
        if options.records or not is_current(home):
            mark_stale(home, compared=True)
            change = refresh_catalog(home, run)
            summary.entities, summary.records_joined = change.entities, change.joined
        if options.mentions:
            with run.stage("extract"):
                summary.read_again = engine.extract_again(home)
            engine.decide(home, run, summary)
        with run.stage("probe"):
            run.figures.put("probes", recall_probes(home))
        with run.stage("graph"):
            drawn = engine.draw(home, run)
        run.count_rows("graph", drawn)
        for kind, number in summary.decisions.items():
            run.count(kind, number)
        run.count("documents", summary.documents)
        run.count("changed", summary.changed)
        run.count_rows("extract", summary.read_again)
        run.count_rows("cluster", summary.decisions["nil"])
        finished = runs.finish(home.mentions, run, index_version=home.index.version, model_version=home.model.version)
        summary.run_id, summary.seconds = finished.run_id, dict(finished.seconds)
    return summary


def _compare(home: Home, run: runs.OpenRun, options: PairOptions, summary: ResolveSummary, *, by: Workforce) -> None:
    """Decide about pairs of records; entities follow when the catalog is refreshed."""
    done = decide_pairs(home, run, options, by=by)
    note_compared(home)
    summary.records_compared, summary.pairs = done.compared, done.decided
    run.count("records_compared", done.compared)
    for decision, number in done.decided.items():
        run.count(f"pairs_{decision}", number)


@contextmanager
def _precision(home: Home, precision: float | None) -> Iterator[None]:
    """Let a home decide with another precision for the length of a block."""
    configured = home.config
    if precision is not None:
        home.config = replace(configured, resolve=replace(configured.resolve, precision=precision))
    try:
        yield
    finally:
        home.config = configured


def decision_key(home: Home, content_hash: str, extraction_key: str) -> str:
    """Return what the decisions of a document depend on."""
    encoder = home.encoder.version if home.encoder else "none"
    return content_id(
        "decision",
        content_hash,
        extraction_key,
        home.index.version,
        home.model.version,
        encoder,
        home.link_settings.version,
    )


def _open_run(home: Home, options: ResolveOptions) -> runs.OpenRun | None:
    """Begin the run; None when everything is decided already and no killed run waits to be ended."""
    rows = home.mentions.document_rows()
    contents = [f"{i}={h}" for i, h in zip(rows["id"].to_pylist(), rows["content_hash"].to_pylist(), strict=True)]
    halves = f"records={options.records},mentions={options.mentions}"
    plans = [f"{kind}={plan.to_toml()}" for kind, plan in sorted(options.pairs.plans.items())]
    pairs = content_id("pairs", str(options.pairs.refit), *plans)
    # named by what it will depend on, not by what the home holds midway: a killed run must find its own name again
    fingerprint = content_id(
        "resolve", halves, pairs, *_catalog_rows(home), home.model.version, home.link_settings.version, *contents
    )
    pending = runs.interrupted(home.mentions)
    records = options.records and (bool(plans) or options.pairs.refit or not pairs_are_current(home))
    if pending is None and is_current(home) and not records and not (options.mentions and _mentions_wait(home)):
        return None
    return runs.begin(home.mentions, "resolve", fingerprint, {"halves": halves, **_settings(home)})


def _settings(home: Home) -> dict[str, str]:
    """Return what a person wants to know of the settings; what else decides is in the fingerprint."""
    precision = home.config.resolve.precision
    return {
        "precision": "the model's" if precision is None else f"{precision:g}",
        "link_settings": home.link_settings.version,
        "encoder": home.encoder.version if home.encoder else "none",
    }


def _mentions_wait(home: Home) -> bool:
    """Whether a document must be decided, or what is unknown must be clustered again since documents are gone."""
    return bool(stale_documents(home)) or not clusters_are_current(home)


def _catalog_rows(home: Home) -> list[str]:
    return sorted(f"{f.kind}|{f.source}={f.content_hash}" for f in home.mentions.files() if f.kind != "documents")


def stale_documents(home: Home) -> list[tuple[str, str]]:
    """Return (document id, decision key it should have) of the documents that must be decided."""
    rows = home.mentions.document_rows()
    columns = [rows[name].to_pylist() for name in ("id", "content_hash", "extraction_key", "decision_key")]
    wanted = [
        (doc_id, decision_key(home, content_hash, extraction_key), present)
        for doc_id, content_hash, extraction_key, present in zip(*columns, strict=True)
    ]
    return [(doc_id, key) for doc_id, key, present in wanted if key != present]


def _batches(home: Home, stale: list[tuple[str, str]]) -> Iterator[tuple[dict[str, str], pa.Table]]:
    size = home.config.resolve.batch_documents
    for start in range(0, len(stale), size):
        keys = dict(stale[start : start + size])
        home.progress("resolve", start, len(stale))
        yield keys, home.mentions.mentions(list(keys))
    if stale:
        home.progress("resolve", len(stale), len(stale))


def _decide(home: Home, run: runs.OpenRun | None, summary: ResolveSummary) -> None:
    """Link all stale documents and cluster what is unknown; with a run, store what was decided."""
    clustering = Clustering()
    timer = run or runs.Stages()
    for keys, mentions in _batches(home, stale_documents(home)):
        with timer.stage("link", mentions.num_rows):
            decided = link_mentions(home, mentions)
        batch = DecidedBatch.of(home, keys, decided)
        summary.documents += len(keys)
        batch.count(summary, clustering)
        if run:
            with run.stage("store", batch.decided.num_rows):
                batch.store(home, run)
            run.figures.add(decision_figures(batch.decided, home.index))
        else:
            clustering.add(batch.decided)
    with timer.stage("cluster"):
        summary.provisional = cluster_unknown(home, run, clustering) if run else count_unknown(home, clustering)
    summary.changed += clustering.changed
    summary.seconds = dict(timer.seconds)


def undecided(home: Home) -> int:
    """Return how many documents wait for `kg resolve`."""
    return len(stale_documents(home))
