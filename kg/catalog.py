"""From records to the index: which canonical entities there are, and under which names they are found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.home import Home
from kg.runs import OpenRun
from linkers.clustering.records import RecordSettings, canonical_entities, cluster_records
from linkers.index import CatalogIndex
from schemas.errors import IndexMissingError
from schemas.record import Record
from schemas.resolution import Resolution

CATALOG_STATE = "catalog"
STALE = "stale"


@dataclass(frozen=True, slots=True)
class CatalogChange:
    """What a refresh of the catalog found.

    entities: canonical entities in the index.
    joined:   records that stand for an entity beside another record.
    dangling: relations with an end that no record has.
    refused:  joins that were stated and contradict each other, one sentence each.
    """

    entities: int
    joined: int
    dangling: int
    refused: tuple[str, ...] = ()


def mark_stale(home: Home) -> None:
    """Note, before records or relations change, that the index no longer follows them."""
    home.mentions.set_state(CATALOG_STATE, STALE)


def is_current(home: Home) -> bool:
    """Whether the index that is here was built from the records that are in the store."""
    try:
        return home.mentions.get_state(CATALOG_STATE) == home.index.version
    except IndexMissingError:
        return False


def refresh_catalog(home: Home, run: OpenRun) -> CatalogChange:
    """Resolve the records, build the index of the canonical entities and take it into use.

    Does nothing that was done before: resolutions that stay keep the run that made them, vectors of unchanged
    entities are taken from the former index.
    """
    records = list(home.mentions.records())
    with run.stage("resolve records"):
        resolutions, refused = _store_resolutions(home, records, run.run_id)
    entities = canonical_entities(records, resolutions.values())
    relations, dangling = canonical_relations(home, resolutions)
    try:
        previous = home.index
    except IndexMissingError:
        previous = None
    with run.stage("index"):
        index = CatalogIndex.build(
            home.index_folder,
            entities,
            relations,
            encoder=home.encoder,
            previous=previous,
            progress=home.progress,
        )
    home.use_index(index)
    home.mentions.set_state(CATALOG_STATE, index.version)
    return CatalogChange(len(entities), len(records) - len(entities), dangling, refused)


def _store_resolutions(
    home: Home, records: Sequence[Record], run_id: str
) -> tuple[dict[str, Resolution], tuple[str, ...]]:
    """Store what has changed; returns the resolution of every record by key, and what was refused."""
    clusters = cluster_records(
        records,
        RecordSettings(
            identifiers=home.config.resolve.identifiers,
            source_priority=home.config.resolve.source_priority,
            ontology=home.config.ontology,
        ),
    )
    stored = home.mentions.resolutions()
    current = {}
    for found in clusters.resolutions:
        past = stored.get(found.record_key)
        same = past is not None and replace(past, run_id="") == replace(found, run_id="")
        current[found.record_key] = past if past and same else replace(found, run_id=run_id)
    home.mentions.put_resolutions(row for key, row in current.items() if stored.get(key) != row)
    home.mentions.remove_resolutions(sorted(stored.keys() - current.keys()))
    refused = (f"{r.join.left} and {r.join.right} stay apart: they differ in {r.conflict}" for r in clusters.refused)
    return current, tuple(refused)


def canonical_relations(home: Home, resolutions: dict[str, Resolution]) -> tuple[list[tuple[str, str, str, str]], int]:
    """Return (subject, relation, object, sources) between canonical entities, sorted, and how many dangle.

    Sources that state the same are joined by "|". A relation with an end that no record has is left out until
    the record comes.
    """
    entity_of = entity_by_raw_id(resolutions)
    stated: dict[tuple[str, str, str], set[str]] = {}
    dangling = 0
    for relation in home.mentions.relations():
        subject, target = entity_of.get(relation.subject), entity_of.get(relation.object)
        if subject is None or target is None:
            dangling += 1
        elif subject != target:
            stated.setdefault((subject, relation.relation, target), set()).add(relation.source)
    return [(*key, "|".join(sorted(sources))) for key, sources in sorted(stated.items())], dangling


def entity_by_raw_id(resolutions: dict[str, Resolution]) -> dict[str, str]:
    """Return the canonical id of every raw record id, and of every record key."""
    by_id: dict[str, str] = {}
    for key, resolution in sorted(resolutions.items()):
        by_id.setdefault(key.partition(":")[2], resolution.entity_id)
        by_id[key] = resolution.entity_id
    return by_id
