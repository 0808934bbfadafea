"""Endpoints: search entities, one entity with what hangs on it, its mentions."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from kg.entities import mentions_of_entity, show
from kg.entity_records import entity_records
from kg.find import Way, find
from kg.home import Home
from kg.search import search_many
from kg.server.contract import ANY, FOUND, After, Asked, Id, MentionPage, MentionTold, PageSize, Row, Told, needs, plain
from kg.server.desk import AskedDesk

NAMES_AT_ONCE = 100
MOST_RELATIONS = 100
"""Relations of each kind and direction that an entity is shown with; /entity/neighbours has all, page by page."""

router = APIRouter(dependencies=[needs("reader")], tags=["entities"])


class Hit(Told):
    """An entity of the catalog that a name may mean; score in [0, 1]."""

    id: str
    name: str
    type: str
    alias: str
    score: float


class Hits(Told):
    """Hits, the likeliest first."""

    results: list[Hit]


class NamesAsked(Asked):
    """Names to look up."""

    names: Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(min_length=1, max_length=10_000)]
    limit: Annotated[int, Field(ge=1, le=50)] = 10


class HitsOfNames(Told):
    """The hits of each name, in order."""

    results: list[list[Hit]]


class RecordTold(Told):
    """A record that the entity is made of, and the decision that it is."""

    id: str
    source: str
    name: str
    probability: float
    run_id: str
    decided_by: str


class RelationTold(Told):
    """A relation to another entity; source joins several by |."""

    relation: str
    direction: str
    id: str
    name: str
    type: str
    source: str


class EntityTold(Told):
    """An entity: its own values, the records it is made of, relations, documents, what is mentioned with it."""

    id: str
    facts: Row
    records: list[RecordTold]
    relations: list[RelationTold]
    documents: list[Row]
    co_mentions: list[Row]


@router.get("/entities", responses=ANY)
async def search_entities(
    desk: AskedDesk,
    q: Annotated[str, Query(min_length=1, max_length=1_000, description="a name, or with vector any text")],
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    way: Way = "fuzzy",
    type: Annotated[str, Query(max_length=64, description="only entities of this type")] = "",
) -> Hits:
    """Search entities of the catalog by exact name, by names alike, or by meaning."""
    job = desk.read_with_models if way == "vector" else desk.read
    hits = await job(lambda home: find(home, q, way=way, type_name=type, limit=limit))
    return Hits(results=[Hit.model_validate(hit) for hit in hits])


@router.post("/entities/search", responses=ANY)
async def search_names(asked: NamesAsked, desk: AskedDesk) -> HitsOfNames:
    """Search many names at once, typing and hearing errors included."""
    results: list[list[Hit]] = []
    for start in range(0, len(asked.names), NAMES_AT_ONCE):
        part = asked.names[start : start + NAMES_AT_ONCE]
        found = await desk.read(partial(search_many, names=part, limit=asked.limit))
        results += [[Hit.model_validate(hit) for hit in hits] for hits in found]
    return HitsOfNames(results=results)


@router.get("/entity", responses=FOUND)
async def entity(desk: AskedDesk, id: Id, limit: Annotated[int, Query(ge=1, le=100)] = 10) -> EntityTold:
    """Show an entity: facts, records with provenance, 100 relations of a kind at most, `limit` documents, co-mentions.

    `id` is an entity id, a record id, source:record_id or an exact name.
    """
    return await desk.read(lambda home: _entity(home, id, limit))


@router.get("/entity/mentions", responses=FOUND)
async def entity_mentions(desk: AskedDesk, id: Id, limit: PageSize = 50, after: After = "") -> MentionPage:
    """List mentions that mean an entity, ordered by document and place, page by page."""
    rows, token = await desk.read(lambda home: mentions_of_entity(home, id, limit=limit, after=after))
    return MentionPage(mentions=[MentionTold.model_validate(row) for row in rows], next=token)


def _entity(home: Home, given: str, limit: int) -> EntityTold:
    view = plain(show(home, given, limit=limit, relations=MOST_RELATIONS))
    entity_id = view["facts"]["id"]
    return EntityTold.model_validate(view | {"id": entity_id, "records": entity_records(home, entity_id)})
