"""Mentions that a person has to look at, and what the person says that they mean."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from kg import runs
from kg.decided_batch import PERSON
from kg.entities import entity_id_of
from kg.explain import find_mention
from kg.gold_file import catalog_ids
from kg.home import Home
from kg.link import names_of
from kg.projection import sync_graph
from kg.provisional import Clustering, cluster_unknown
from kg.undo import UndoSummary, undo
from linkers.clustering.provisional import NilMentions, provisional_ids
from schemas.batches import STORED_DECISIONS
from schemas.errors import NotFoundError, RunError
from schemas.identity import content_id

_SHOWN = ("entity_id", "name", "alias", "channels", "score", "probability")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of a mention.

    mention: its id, or a place as ``DOCUMENT:START-END``.
    entity:  what it means: an entity id, a record id or an exact name; None: nothing that the catalog has.
    """

    mention: str
    entity: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided: how many links and NILs, and the run that `kg undo` takes back."""

    run_id: str
    links: int
    nils: int


def mentions_to_review(home: Home, *, limit: int = 50) -> list[dict[str, Any]]:
    """Return the decisions "review", the most doubtful first: place, sentence, candidates with names, reason."""
    rows = home.mentions.review_queue(limit).to_pylist()
    names = names_of(home, (candidate["entity_id"] for row in rows for candidate in row["candidates"]))
    found = []
    for row in rows:
        mention = home.mentions.mention(row["mention_id"]).to_pylist()
        named = [{**c, "name": names.get(c["entity_id"], "")} for c in row["candidates"]]
        candidates = [{key: candidate[key] for key in _SHOWN} for candidate in named]
        kept = {key: row[key] for key in ("mention_id", "doc_id", "start", "end", "surface", "type", "probability")}
        said = mention[0] if mention else {"sentence": "", "sentence_start": row["start"], "title": ""}
        about = {key: said[key] for key in ("sentence", "sentence_start", "title")}
        found.append({**kept, **about, "start_ms": row["start_ms"], "reason": row["reason"], "candidates": candidates})
    return found


def decide(home: Home, verdicts: Sequence[Verdict]) -> Decided:
    """Decide mentions as a person says, as one run; no later resolve overrules it as long as the entity exists.

    Raises NotFoundError for a mention or an entity that does not exist, or an entity that is provisional (`kg promote`
    makes it one of the catalog); RunError for a mention that no run has decided yet. Then nothing is decided.
    """
    with home.writing():
        decided = {}
        for verdict in verdicts:
            mention = find_mention(home, verdict.mention)
            decided[mention["mention_id"]] = _decision(home, mention, verdict)
        rows = list(decided.values())
        said = sorted(f"{row['mention_id']}={row['entity_id'] or ''}" for row in rows)
        run = runs.begin(home.mentions, "decide", content_id("decide", *said), {"mentions": str(len(rows))})
        with run.stage("decide"):
            _store(home, run, rows)
        with run.stage("graph"):
            sync_graph(home, catalog=False, documents=False, mentions=True)
        links = sum(row["decision"] == "link" for row in rows)
        run.count("link", links)
        run.count("nil", len(rows) - links)
        finished = runs.finish(home.mentions, run, index_version=home.index.version)
    return Decided(finished.run_id, links, len(rows) - links)


def take_back(home: Home, given: str) -> UndoSummary:
    """Undo verdicts that people gave together, by the id of their run or its first digits, and nothing else.

    Raises RunError when there is no such run, when it is of another kind, or undone already.
    """
    run = runs.find(home.mentions, given)
    if run.kind != "decide":
        raise RunError(run.run_id, f"is a run of {run.kind}, not of verdicts about mentions")
    return undo(home, run.run_id)


def _decision(home: Home, mention: Mapping[str, Any], verdict: Verdict) -> dict[str, Any]:
    stored = home.mentions.decision(mention["mention_id"]).to_pylist()
    if not stored:
        raise RunError("decide", f"mention {verdict.mention!r} is not decided yet; run `kg resolve` first")
    entity_id = None if verdict.entity is None else _catalog_entity(home, verdict.entity)
    said = f"a person says that it means {entity_id}" if entity_id else "a person says that the catalog has it not"
    row: dict[str, Any] = stored[0]
    return row | {
        "decision": "link" if entity_id else "nil",
        "entity_id": entity_id,
        "best_entity_id": entity_id,
        "probability": 1.0,
        "provisional_id": None if entity_id else _provisional(home, mention),
        "reason": said,
        "decided_by": PERSON,
    }


def _catalog_entity(home: Home, given: str) -> str:
    entity_id = catalog_ids(home, [given]).get(given) or entity_id_of(home, given)
    if home.index.row_of([entity_id])[0] < 0:
        raise NotFoundError("catalog entity", given, hint="it is provisional; `kg promote` makes it one")
    return entity_id


def _provisional(home: Home, mention: Mapping[str, Any]) -> str:
    row = pa.table({name: [mention[name]] for name in ("doc_id", "start", "surface", "type")})
    return provisional_ids(NilMentions.of(row, home.config.ontology))[0]


def _store(home: Home, run: runs.OpenRun, rows: Iterable[dict[str, Any]]) -> None:
    """Append the decisions, then cluster what is unknown, for a NIL more or less may join or part others."""
    decided = [{**row, "run_id": run.run_id, "sequence": run.sequence} for row in rows]
    documents = home.mentions.document_rows()
    keys = dict(zip(documents["id"].to_pylist(), documents["decision_key"].to_pylist(), strict=True))
    touched = {row["doc_id"] for row in decided}
    table = pa.Table.from_pylist(decided, schema=STORED_DECISIONS)
    home.mentions.append_decisions(table, {doc_id: keys[doc_id] for doc_id in touched})
    cluster_unknown(home, run, Clustering(decided=touched))
