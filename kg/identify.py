"""An unknown thing becomes known: what `kg promote` and `kg assign` share."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from kg import runs
from kg.catalog import mark_stale, refresh_catalog
from kg.decided_batch import PERSON
from kg.entities import entity_id_of
from kg.files import chunks
from kg.graph_image import current_decisions, name_uses, provisional_entities
from kg.home import Home
from kg.projection import sync_graph
from kg.provisional import DOCUMENTS_AT_ONCE, present_id
from linkers.clustering.provisional import NilMentions, full_names
from linkers.normalization import normalize
from schemas.errors import NotFoundError
from schemas.identity import content_id
from schemas.record import Record
from schemas.run import RunKind


@dataclass(frozen=True, slots=True)
class Identified:
    """What an unknown thing became.

    provisional_id: its id until now. entity_id: the catalog entity that it is.
    name, type, aliases: as it was known by its mentions, or as they were given; aliases are full forms only.
    mentions, documents: how many mentions point to the entity now, and in how many documents.
    run_id: the run that `kg undo` takes back; "" for a dry run.
    """

    provisional_id: str
    entity_id: str
    name: str
    type: str
    aliases: tuple[str, ...]
    mentions: int
    documents: int
    dry_run: bool = False
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A provisional entity with the decisions that make it: doc_id, start, surface, type and more."""

    id: str
    name: str
    type: str
    aliases: tuple[str, ...]
    decisions: pl.DataFrame


def unknown(home: Home, given: str, fingerprint: str) -> Unknown:
    """Return the provisional entity of an id, of an id that went into it, or of its exact name.

    fingerprint: of the run that will take it; what a killed run of it has written still counts. Raises
    NotFoundError when there is none, when a name has several, and when `given` is a catalog entity.
    """
    decisions = current_decisions(home, ("mention_id", "run_id"))
    killed = runs.interrupted(home.mentions)
    mine = killed.run_id if killed and killed.fingerprint == fingerprint else ""
    if killed and mine:
        taken = pl.col("run_id") == mine
        decisions = decisions.with_columns(
            pl.when(taken)
            .then(pl.lit(killed.settings["provisional_id"]))
            .otherwise("provisional_id")
            .alias("provisional_id")
        )
    named = provisional_entities(name_uses(decisions))
    found = named.filter(pl.col("id") == _present(home, given))
    found = found if found.height else named.filter(pl.col("name") == given)
    if found.height > 1:
        ids = found["id"].to_list()
        raise NotFoundError("one provisional entity named", given, ids, "several have this name; give an id")
    if found.is_empty():
        _refuse(home, given)
    row = found.row(0, named=True)
    members = decisions.filter(pl.col("provisional_id") == row["id"])
    full = pl.Series(full_names(NilMentions.of(members.to_arrow(), home.config.ontology)), dtype=pl.String)
    keys = pl.Series([normalize(surface) for surface in members["surface"]], dtype=pl.String)
    names = set(members.filter(keys == full)["surface"].to_list()) | {row["name"]}
    return Unknown(row["id"], row["name"], row["type"], tuple(sorted(names - {row["name"]})), members)


def _present(home: Home, given: str) -> str:
    return present_id(home, given) or given


def _refuse(home: Home, given: str) -> None:
    """Raise the NotFoundError that says most."""
    try:
        entity_id = entity_id_of(home, given)
    except NotFoundError as error:
        hint = "`kg query \"MATCH (e:Entity {status: 'provisional'}) RETURN e.id, e.name\"` lists them"
        raise NotFoundError("provisional entity", given, error.nearest, hint) from None
    raise NotFoundError("provisional entity", given, hint=f"it is the catalog entity {entity_id}")


def identify(home: Home, kind: RunKind, fingerprint: str, what: Unknown, record: Record, entity_id: str) -> str:
    """Make a record of an unknown thing and point its mentions to an entity, as a run; returns the run's id.

    The decisions are a person's: no later resolve overrules them as long as the entity exists.
    """
    settings = {"provisional_id": what.id, "entity_id": entity_id, "source": record.source, "record": record.record_id}
    run = runs.begin(home.mentions, kind, fingerprint, settings)
    mark_stale(home)
    home.mentions.put_records(content_id("file", record.source), [record])
    refresh_catalog(home, run)
    with run.stage("decide"):
        _decide(home, run, what, entity_id)
    with run.stage("graph"):
        sync_graph(home, catalog=True, documents=False, mentions=True)
    run.count("mentions", what.decisions.height)
    return runs.finish(home.mentions, run, index_version=home.index.version).run_id


def _decide(home: Home, run: runs.OpenRun, what: Unknown, entity_id: str) -> None:
    rows = home.mentions.document_rows()
    keys = dict(zip(rows["id"].to_pylist(), rows["decision_key"].to_pylist(), strict=True))
    ids = pa.array(what.decisions["mention_id"].to_list(), pa.string())
    for doc_ids in chunks(what.decisions["doc_id"].unique().sort().to_list(), DOCUMENTS_AT_ONCE):
        for batch in home.mentions.decisions(doc_ids):
            mine = batch.filter(pc.is_in(batch["mention_id"], ids))
            values = {
                "decision": "link",
                "entity_id": entity_id,
                "best_entity_id": entity_id,
                "probability": 1.0,
                "provisional_id": None,
                "reason": f"a person says that {what.name} is this entity",
                "run_id": run.run_id,
                "sequence": run.sequence,
                "decided_by": PERSON,
            }
            decided = pa.Table.from_pylist([{**row, **values} for row in mine.to_pylist()], schema=batch.schema)
            home.mentions.append_decisions(decided, {d: keys[d] for d in mine["doc_id"].unique().to_pylist()})


def take_back(home: Home, settings: Mapping[str, str]) -> None:
    """Remove the record that a promote or an assign made; the caller refreshes the catalog."""
    mark_stale(home)
    home.mentions.remove_records([(settings["source"], settings["record"])])


def summary(what: Unknown, entity_id: str, record: Record, *, run_id: str) -> Identified:
    """Return what is told of it; without a run it is a dry one."""
    decisions = what.decisions
    return Identified(
        provisional_id=what.id,
        entity_id=entity_id,
        name=record.name,
        type=record.type,
        aliases=record.aliases,
        mentions=decisions.height,
        documents=decisions["doc_id"].n_unique(),
        dry_run=not run_id,
        run_id=run_id,
    )
