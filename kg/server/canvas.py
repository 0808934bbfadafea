"""Endpoints: a part of the graph as it is drawn, and what there is to draw."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field

from kg.home import Home
from kg.keys import Role
from kg.server.contract import ANY, Asked, Row, Told, needs
from kg.server.desk import AskedDesk
from kg.subgraph import MOST_ENTITIES, Subgraph, foremost, subgraph
from kg.version import VERSION

router = APIRouter(dependencies=[needs("reader")], tags=["graph"])
Ids = list[Annotated[str, Field(min_length=1, max_length=1_000)]]


class DrawnEntity(Told):
    """An entity; mentions and documents: how many speak of it."""

    id: str
    name: str
    type: str
    status: str
    popularity: float | None
    description: str | None
    mentions: int
    documents: int


class DrawnEdge(Told):
    """An edge between two of the entities."""

    relation: str
    from_id: str
    to_id: str
    properties: Row


class SubgraphTold(Told):
    """Entities and every edge between two of them; complete is false when there are more edges than are told."""

    entities: list[DrawnEntity]
    edges: list[DrawnEdge]
    complete: bool


class SubgraphAsked(Asked):
    """Canonical ids of entities; those that are not there are left out."""

    ids: Annotated[Ids, Field(max_length=MOST_ENTITIES)]


class TypeTold(Told):
    """A type of entity; family: agent, work, place, event or concept."""

    name: str
    family: str


class RelationTypeTold(Told):
    """A relation from a subject to an object, and its name read backwards."""

    name: str
    inverse: str


class AboutTold(Told):
    """The server as its caller sees it: the types of the home, ways to search, and the role of the caller's key."""

    version: str
    entity_types: list[TypeTold]
    relation_types: list[RelationTypeTold]
    ways: list[Literal["exact", "fuzzy", "vector"]]
    role: Role | None


@router.get("/about", responses=ANY)
async def about(request: Request, desk: AskedDesk) -> AboutTold:
    """Tell the types of entities and relations, the ways to search, and what the caller's key may do."""
    ontology = desk.config.ontology
    return AboutTold(
        version=VERSION,
        entity_types=[TypeTold.model_validate(kind) for kind in ontology.entity_types],
        relation_types=[RelationTypeTold.model_validate(kind) for kind in ontology.relation_types],
        ways=["exact", "fuzzy", "vector"] if desk.served.encodes else ["exact", "fuzzy"],
        role=desk.gate.role(request),
    )


@router.post("/graph/subgraph", responses=ANY)
async def graph_between(asked: SubgraphAsked, desk: AskedDesk) -> SubgraphTold:
    """Show given entities and every edge between two of them."""
    return SubgraphTold.model_validate(await desk.read(lambda home: subgraph(home, asked.ids)))


@router.get("/graph/foremost", responses=ANY)
async def graph_of_the_foremost(
    desk: AskedDesk, limit: Annotated[int, Query(ge=1, le=MOST_ENTITIES, description="entities")] = 100
) -> SubgraphTold:
    """Show the entities that texts speak of most, then the most popular, and the edges between them."""
    return SubgraphTold.model_validate(await desk.read(lambda home: _foremost(home, limit)))


def _foremost(home: Home, limit: int) -> Subgraph:
    return subgraph(home, foremost(home, limit=limit))
