"""Endpoints: the neighbourhood of an entity, paths between two, and Cypher that reads."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, JsonValue

from kg.neighbourhood import Neighbours, neighbourhood, neighbours
from kg.paths import paths
from kg.server.contract import ANY, FOUND, After, Asked, Id, Row, Told, needs, plain
from kg.server.desk import AskedDesk

router = APIRouter(dependencies=[needs("reader")], tags=["graph"])


class NeighbourTold(Told):
    """A neighbour; source of a relation, documents and npmi of CO_MENTIONED."""

    id: str
    name: str
    type: str
    status: str
    popularity: float | None
    source: str | None = None
    documents: int | None = None
    npmi: float | None = None


class NeighboursTold(Told):
    """The neighbours by one relation: how many there are, the first of them, and the token of the next page."""

    relation: str
    direction: str
    count: int
    neighbours: list[NeighbourTold]
    next: str


class NeighbourhoodTold(Told):
    """What an entity is joined to, by relation and direction."""

    id: str
    groups: list[NeighboursTold]


class PageOfNeighbours(NeighboursTold):
    """One page of the neighbours by one relation."""

    id: str


class PathEntity(Told):
    """An entity on a path."""

    name: str
    type: str


class EdgeTold(Told):
    """An edge as the graph has it."""

    relation: str
    from_id: str
    to_id: str
    properties: Row


class PathsTold(Told):
    """Paths as lists of ids; complete is false when a path may be missing, for too many edges lay between."""

    start: str
    end: str
    entities: dict[str, PathEntity]
    paths: list[list[str]]
    edges: list[EdgeTold]
    complete: bool


class CypherAsked(Asked):
    """A query with its parameters; values belong into parameters, never into the query."""

    query: Annotated[str, Field(min_length=1, max_length=10_000)]
    parameters: Annotated[dict[str, JsonValue], Field(max_length=100, default_factory=dict)]
    limit: Annotated[int, Field(ge=1, le=100_000, description="rows; the server may have a lower bound")] = 1_000


class CypherTold(Told):
    """Rows of a query; truncated: there were more than were asked for."""

    columns: list[str]
    rows: list[list[JsonValue]]
    truncated: bool


@router.get("/entity/neighbourhood", responses=FOUND)
async def entity_neighbourhood(
    desk: AskedDesk, id: Id, limit: Annotated[int, Query(ge=1, le=100, description="of each relation")] = 10
) -> NeighbourhoodTold:
    """Count the neighbours of an entity by relation, and show the most popular of each."""
    entity_id, groups = await desk.read(lambda home: neighbourhood(home, id, limit=limit))
    return NeighbourhoodTold(id=entity_id, groups=[NeighboursTold.model_validate(group) for group in groups])


@router.get("/entity/neighbours", responses=FOUND)
async def entity_neighbours(
    desk: AskedDesk,
    id: Id,
    relation: Annotated[str, Query(min_length=1, max_length=64)],
    direction: Annotated[str, Query(pattern="^(out|in|both)$")] = "out",
    limit: Annotated[int, Query(ge=1, le=1_000)] = 50,
    after: After = "",
) -> PageOfNeighbours:
    """List the neighbours of an entity by one relation, page by page."""
    entity_id, page = await desk.read(lambda home: neighbours(home, id, relation, direction, limit=limit, after=after))
    return PageOfNeighbours.model_validate(_group(page) | {"id": entity_id})


@router.get("/paths", responses=FOUND)
async def paths_between(
    desk: AskedDesk,
    start: Id,
    end: Id,
    steps: Annotated[int, Query(ge=1, le=6, description="most edges of a path")] = 4,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> PathsTold:
    """Find the shortest paths between two entities."""
    found = await desk.read(lambda home: paths(home, start, end, most_steps=steps, limit=limit))
    return PathsTold.model_validate(found)


@router.post("/cypher", responses=ANY)
async def cypher(asked: CypherAsked, desk: AskedDesk) -> CypherTold:
    """Ask the graph in Cypher; reading only, within bounds of rows, time and memory."""
    limit = min(asked.limit, desk.config.serve.query_rows)
    found = await desk.cypher(asked.query, asked.parameters, limit)
    return CypherTold(columns=list(found.columns), rows=plain(found.rows), truncated=found.truncated)


def _group(page: Neighbours) -> dict[str, object]:
    return {name: getattr(page, name) for name in NeighboursTold.model_fields}
