"""`kg resolve`: records become canonical entities, mentions become links, reviews or NIL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pyarrow as pa

from kg import runs
from kg.catalog import is_current, mark_stale, note_compared, pairs_are_current, refresh_catalog
from kg.extraction import refresh_extraction
from kg.home import Home
from kg.pair_decisions import PairOptions, decide_pairs
from kg.projection import sync_graph
from kg.provisional import Clustering, cluster_unknown, clusters_are_current, count_unknown
from linkers.linking import link
from schemas.batches import STORED_DECISIONS
from schemas.identity import content_id

KINDS = ("link", "review", "nil")
PERSON = "person"


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
    dry_run: bool = False
    run_id: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def mentions(self) -> int:
        """How many mentions were decided."""
        return sum(self.decisions.values())


def resolve(home: Home, options: ResolveOptions | None = None) -> ResolveSummary:
    """Decide what every undecided or outdated mention means, and which records are the same thing.

    A document is decided again when its text, its mentions, the catalog, the model or the settings changed;
    otherwise its decisions stay. Raises IndexMissingError before a catalog was ingested, StoreError, ModelError.
    """
    options = options or ResolveOptions()
    summary = ResolveSummary(dry_run=options.dry_run)
    with home.writing(), _precision(home, options.precision):
        if options.dry_run:
            _decide(home, None, summary)
            return summary
        run = _open_run(home, options)
        if run is None:
            return summary
        if options.records:
            _compare(home, run, options, summary)
        if options.records or not is_current(home):
            mark_stale(home, compared=True)
            change = refresh_catalog(home, run)
            summary.entities, summary.records_joined = change.entities, change.joined
        if options.mentions:
            with run.stage("extract"):
                summary.read_again = refresh_extraction(home)
            _decide(home, run, summary)
        with run.stage("graph"):
            sync_graph(home, catalog=True, documents=True, mentions=True)
        for kind, number in summary.decisions.items():
            run.count(kind, number)
        run.count("documents", summary.documents)
        run.count("changed", summary.changed)
        finished = runs.finish(home.mentions, run, index_version=home.index.version, model_version=home.model.version)
        summary.run_id, summary.seconds = finished.run_id, dict(finished.seconds)
    return summary


def _compare(home: Home, run: runs.OpenRun, options: ResolveOptions, summary: ResolveSummary) -> None:
    """Decide about pairs of records; entities follow when the catalog is refreshed."""
    done = decide_pairs(home, run, options.pairs)
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
    return runs.begin(home.mentions, "resolve", fingerprint, {"halves": halves})


def _mentions_wait(home: Home) -> bool:
    """Whether a document must be decided, or what is unknown must be clustered again since documents are gone."""
    return bool(_stale(home)) or not clusters_are_current(home)


def _catalog_rows(home: Home) -> list[str]:
    return sorted(f"{f.kind}|{f.source}={f.content_hash}" for f in home.mentions.files() if f.kind != "documents")


def _stale(home: Home) -> list[tuple[str, str]]:
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
    for keys, mentions in _batches(home, _stale(home)):
        with timer.stage("link"):
            decided = link(mentions, home.index, home.model, encoder=home.encoder, settings=home.link_settings)
        before = former_decisions(home, keys)
        free = [not is_kept(home, before.get(mention)) for mention in decided["mention_id"].to_pylist()]
        decided = decided.filter(pa.array(free, pa.bool_()))
        summary.documents += len(keys)
        _count(before, decided, summary, clustering)
        clustering.decided.update(keys)
        if run:
            with run.stage("store"):
                home.mentions.append_decisions(stored(home, decided, run), keys)
        else:
            clustering.add(decided)
    with timer.stage("cluster"):
        summary.provisional = cluster_unknown(home, run, clustering) if run else count_unknown(home, clustering)
    summary.changed += clustering.changed
    summary.seconds = dict(timer.seconds)


def former_decisions(home: Home, keys: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return what was decided of the mentions of documents until now, by mention."""
    columns = ["mention_id", "decision", "entity_id", "provisional_id", "decided_by"]
    batches = home.mentions.decisions(list(keys))
    return {row["mention_id"]: row for batch in batches for row in batch.select(columns).to_pylist()}


def is_kept(home: Home, before: dict[str, str] | None) -> bool:
    """Whether a person decided it, which no run overrules as long as the entity exists."""
    if before is None or before["decided_by"] != PERSON:
        return False
    return before["decision"] != "link" or bool(home.index.row_of([before["entity_id"]])[0] >= 0)


def _count(
    before: dict[str, dict[str, str]], decided: pa.Table, summary: ResolveSummary, clustering: Clustering
) -> None:
    for entry in decided["decision"].value_counts().to_pylist():
        summary.decisions[entry["values"]] += entry["counts"]
    for row in decided.select(["mention_id", "decision", "entity_id"]).to_pylist():
        past = before.get(row["mention_id"])
        if past and past["decision"] == row["decision"] == "nil":
            clustering.former[row["mention_id"]] = past["provisional_id"]
        else:
            summary.changed += not past or (past["decision"], past["entity_id"]) != (row["decision"], row["entity_id"])


def stored(home: Home, decided: pa.Table, run: runs.OpenRun) -> pa.Table:
    """Return DECISIONS as STORED_DECISIONS of a run."""
    rows = decided.num_rows
    return (
        decided.append_column("run_id", pa.array([run.run_id] * rows, pa.string()))
        .append_column("sequence", pa.array([run.sequence] * rows, pa.int64()))
        .append_column("decided_by", pa.array([home.model.version] * rows, pa.string()))
        .cast(STORED_DECISIONS)
    )


def undecided(home: Home) -> int:
    """Return how many documents wait for `kg resolve`."""
    return len(_stale(home))
