"""What is unknown, across documents: NIL mentions get the id of the thing that they mean, and ids stay."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from kg.extraction import GIVEN
from kg.frames import frame
from kg.home import Home
from kg.runs import Mark, OpenRun
from linkers.clustering.provisional import PREFIX
from linkers.clustering.stable_ids import Memory, NamedLabel, assign_ids, current_id
from linkers.clustering.unknown_things import CLUSTERING_VERSION, unknown_things
from schemas.identity import content_id

BUCKETS = 64
DOCUMENTS_AT_ONCE = 256
_STATE = "provisional/"
_SLOTS = "provisional slots"
_CLUSTERED = "clustered"
_COLUMNS = ["mention_id", "doc_id", "start", "surface", "type", "provisional_id"]


@dataclass
class Clustering:
    """What a resolve tells the clustering, and what came of it.

    decided: documents that were decided by this resolve.
    former:  provisional id until now of the mentions that are NIL again, by mention.
    fresh:   NIL mentions of a dry run, which are not in the store.
    changed: how many NIL mentions have another provisional id than before.
    """

    decided: set[str] = field(default_factory=set)
    former: dict[str, str] = field(default_factory=dict)
    fresh: list[pl.DataFrame] = field(default_factory=list)
    changed: int = 0

    def add(self, decided: pa.Table) -> None:
        """Take the NIL mentions of DECISIONS that will not be stored."""
        self.fresh.append(nil_mentions(decided))


def cluster_unknown(home: Home, run: OpenRun, clustering: Clustering) -> int:
    """Give every NIL mention of the home the id of its cluster; returns how many clusters there are.

    Decisions whose id changes are appended to the log as decisions of the run; those of documents that were not
    decided again keep everything else.
    """
    nil = stored_nil(home)
    if nil.is_empty():
        note_clustered(home)
        return 0
    things = unknown_things(nil, home.config.ontology)
    naming = name_clusters(home, run, things.clusters, things.documents)
    ids = naming.ids
    named = nil.with_columns(things.labels.replace_strict(ids, return_dtype=pl.String).alias("id"))
    clustering.changed = sum(
        new != (clustering.former.get(mention, new) if doc_id in clustering.decided else old)
        for mention, doc_id, old, new in named.select("mention_id", "doc_id", "provisional_id", "id").iter_rows()
    )
    for part in by_documents(named.filter(pl.col("id") != pl.col("provisional_id"))):
        store_ids(home, run, part, naming.decision_keys)
    naming.keep(home)
    return len(set(ids.values()))


def by_documents(mentions: pl.DataFrame) -> list[pl.DataFrame]:
    """Return mentions in parts of so many documents as are stored at once; a document is in one part."""
    part = (pl.col("doc_id").rank("dense") - 1) // DOCUMENTS_AT_ONCE
    return mentions.with_columns(part.alias("part")).partition_by("part", include_key=False)


@dataclass(frozen=True)
class Naming:
    """The ids that clusters get, and what is to be remembered of them.

    ids: id by label. decision_keys: of every document, by id.
    """

    ids: dict[str, str]
    decision_keys: dict[str, str]
    _memory: Memory
    _past: Memory

    def keep(self, home: Home) -> None:
        """Remember the ids, once every decision has the one that it should have."""
        _remember(home, self._memory, self._past)
        note_clustered(home)


def name_clusters(home: Home, run: OpenRun, clusters: Mapping[str, str], documents: Mapping[str, int]) -> Naming:
    """Give clusters of labels (`UnknownThings`) the ids that they had, or new ones; nothing is stored yet."""
    past = _memory(home)
    memory = assign_ids(clusters, documents, past, run.sequence)
    rows = home.mentions.document_rows()
    keys = dict(zip(rows["id"].to_pylist(), rows["decision_key"].to_pylist(), strict=True))
    return Naming({label: memory[label].id for label in clusters}, keys, memory, past)


def store_ids(home: Home, run: Mark, changed: pl.DataFrame, decision_keys: Mapping[str, str]) -> None:
    """Append the decisions of mentions whose id changed, as decisions of a run.

    changed: mention_id, doc_id, id; of some hundred documents at most. decision_keys: of these documents at least.
    """
    new = dict(changed.select("mention_id", "id").iter_rows())
    for batch in home.mentions.decisions(changed["doc_id"].unique().sort().to_list()):
        mine = batch.filter(pc.is_in(batch["mention_id"], pa.array(list(new), pa.string())))
        columns = {
            "provisional_id": [new[mention] for mention in mine["mention_id"].to_pylist()],
            "run_id": [run.run_id] * mine.num_rows,
            "sequence": [run.sequence] * mine.num_rows,
        }
        for name, values in columns.items():
            field_of = mine.schema.field(name)
            mine = mine.set_column(mine.schema.get_field_index(name), field_of, pa.array(values, field_of.type))
        home.mentions.append_decisions(mine, {d: decision_keys[d] for d in mine["doc_id"].unique().to_pylist()})


def count_unknown(home: Home, clustering: Clustering) -> int:
    """Return how many clusters there would be, for a dry run."""
    stored = stored_nil(home).filter(~pl.col("doc_id").is_in(list(clustering.decided)))
    fresh = [part.with_columns(_given(home, part)) for part in clustering.fresh]
    nil = pl.concat([stored, *fresh])
    return len(set(unknown_things(nil, home.config.ontology).clusters.values())) if nil.height else 0


def clusters_are_current(home: Home) -> bool:
    """Whether the NIL mentions that there are were clustered as they are."""
    return home.mentions.get_state(_CLUSTERED) == _fingerprint(home)


def present_id(home: Home, provisional_id: str) -> str | None:
    """Return the id that a provisional id leads to now, itself when it stayed; None when it never was one."""
    if not provisional_id.startswith(PREFIX):
        return None
    return current_id(_memory(home), provisional_id)


def followed_id(home: Home, given: str) -> str:
    """Return where a provisional id leads that is not in the graph itself: to a cluster, or to the entity it became."""
    present = present_id(home, given)
    if present is None or present != given:
        return present or given
    became = (run for run in home.mentions.runs() if run.kind in ("promote", "assign") and run.status == "finished")
    return next((run.settings["entity_id"] for run in became if run.settings["provisional_id"] == given), given)


def nil_mentions(decisions: pa.Table) -> pl.DataFrame:
    """Return what clustering needs of those of STORED_DECISIONS that are NIL, but for `given`."""
    return frame(decisions.filter(pc.equal(decisions["decision"], "nil")).select(_COLUMNS))


def stored_nil(home: Home) -> pl.DataFrame:
    """Return the NIL mentions of the home as `unknown_things` takes them, with mention_id and provisional_id."""
    parts = [nil_mentions(batch) for batch in home.mentions.decisions(columns=[*_COLUMNS, "decision"])]
    schema = dict.fromkeys(_COLUMNS, pl.String) | {"start": pl.Int32}
    nil = pl.concat([pl.DataFrame(schema=schema), *parts])
    return nil.with_columns(_given(home, nil))


def _given(home: Home, nil: pl.DataFrame) -> pl.Series:
    """Say of each mention whether its span and type were given with the document."""
    rows = frame(home.mentions.document_rows().select(["id", "extraction_key"]))
    given = rows.filter(pl.col("extraction_key").str.starts_with(GIVEN))["id"]
    return nil["doc_id"].is_in(given.to_list()).alias("given")


def _fingerprint(home: Home) -> str:
    rows = home.mentions.document_rows()
    decided = (f"{i}={k}" for i, k in zip(rows["id"].to_pylist(), rows["decision_key"].to_pylist(), strict=True))
    return content_id("clustered", CLUSTERING_VERSION, *decided)


def note_clustered(home: Home) -> None:
    """Note that the NIL mentions that there are were clustered."""
    home.mentions.set_state(_CLUSTERED, _fingerprint(home))


def _memory(home: Home) -> Memory:
    found: Memory = {}
    for number, slot in enumerate(home.mentions.get_state(_SLOTS) or ""):
        text = home.mentions.get_state(f"{_STATE}{number}/{slot}")
        found.update({label: NamedLabel(*entry) for label, entry in orjson.loads(text or "{}").items()})
    return found


def _remember(home: Home, memory: Memory, past: Memory) -> None:
    """Write the buckets that hold something new, each into the slot that is not read, then turn to these at once.

    A run that is killed before leaves what was remembered as it was: ids do not depend on where it was killed.
    """
    buckets: dict[int, dict[str, tuple[str, str, int]]] = {}
    changed: set[int] = set()
    for label, entry in sorted(memory.items()):
        number = int(content_id("label", label)[:4], 16) % BUCKETS
        buckets.setdefault(number, {})[label] = (entry.id, entry.own, entry.born)
        if past.get(label) != entry:
            changed.add(number)
    slots = list(home.mentions.get_state(_SLOTS) or "a" * BUCKETS)
    for number in sorted(changed):
        slots[number] = "b" if slots[number] == "a" else "a"
        home.mentions.set_state(f"{_STATE}{number}/{slots[number]}", orjson.dumps(buckets[number]).decode())
    if changed:
        home.mentions.set_state(_SLOTS, "".join(slots))
