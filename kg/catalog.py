"""From records to the index: which canonical entities there are, and under which names they are found."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from kg.following import follow
from kg.home import Home
from kg.observing import logs
from kg.raw_ids import entity_by_raw_id
from kg.record_clusters import resolve_clusters
from kg.record_settings import record_settings
from kg.runs import OpenRun
from linkers.clustering.survivorship import canonical_entities
from linkers.index import CatalogIndex
from schemas.errors import IndexMissingError
from schemas.identity import content_id
from schemas.resolution import Resolution

log = logging.getLogger(__name__)

CATALOG_STATE = "catalog"
PAIRS_STATE = "pairs"
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


def mark_stale(home: Home, *, compared: bool = False) -> None:
    """Note, before something changes, that the index no longer follows.

    compared: what records are compared by stays; only what is decided about them changes.
    """
    home.mentions.set_state(CATALOG_STATE, STALE)
    if not compared:
        home.mentions.set_state(PAIRS_STATE, STALE)


def pairs_are_current(home: Home) -> bool:
    """Whether the pairs of records were decided from what the records are now, by the present configuration."""
    return home.mentions.get_state(PAIRS_STATE) == _compared_by(home)


def note_compared(home: Home) -> None:
    """Note that they are."""
    home.mentions.set_state(PAIRS_STATE, _compared_by(home))


def _compared_by(home: Home) -> str:
    return content_id("compared", *home.config.resolve.identifiers)


def is_current(home: Home) -> bool:
    """Whether the index that is here was built from the records that are in the store."""
    try:
        return home.mentions.get_state(CATALOG_STATE) == home.index.version
    except IndexMissingError:
        return False


def refresh_catalog(home: Home, run: OpenRun, former: Mapping[str, Resolution] | None = None) -> CatalogChange:
    """Cluster the records by what is decided about them, build the index of the entities and take it into use.

    Decides nothing about pairs that was not decided before; links follow an entity whose id went into another. Does
    nothing that was done before: resolutions that stay, or are again as in `former`, keep the run that made them,
    vectors of unchanged entities are taken from the former index.
    """
    records = list(home.mentions.records())
    with run.stage("resolve records"):
        resolved = resolve_clusters(home, records, run, former)
        follow(home, run, resolved.moved)
    entities = canonical_entities(records, resolved.resolutions.values(), record_settings(home))
    relations, dangling = canonical_relations(home, resolved.resolutions)
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
    built = previous is None or previous.version != index.version
    told = {"version": index.version, "entities": index.size, "names": index.aliases.num_rows}
    logs.tell(log, logging.INFO, "index built" if built else "index is as it was", told)
    home.use_index(index)
    home.mentions.set_state(CATALOG_STATE, index.version)
    return CatalogChange(len(entities), len(records) - len(entities), dangling, resolved.refused)


def canonical_relations(home: Home, resolutions: dict[str, Resolution]) -> tuple[list[tuple[str, str, str, str]], int]:
    """Return (subject, relation, object, sources) between canonical entities, sorted, and how many dangle.

    Sources that state the same are joined by "|". A relation with an end that no record has is left out until
    the record comes.
    """
    entity_of = entity_by_raw_id(resolutions)
    stated: dict[tuple[str, str, str], set[str]] = {}
    dangling = 0
    for relation in home.mentions.relations():
        subject, target = (
            # a source means its own record; where it has none, the first that has the id
            entity_of.get(f"{relation.source}:{raw_id}") or entity_of.get(raw_id)
            for raw_id in (relation.subject, relation.object)
        )
        if subject is None or target is None:
            dangling += 1
        elif subject != target:
            stated.setdefault((subject, relation.relation, target), set()).add(relation.source)
    return [(*key, "|".join(sorted(sources))) for key, sources in sorted(stated.items())], dangling
