"""Endpoints: the reconciliation API 0.2 of the W3C community group, which OpenRefine speaks."""

from functools import partial
from html import escape
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from pydantic import Field, JsonValue, TypeAdapter, ValidationError
from starlette.responses import HTMLResponse

from kg.entities import show
from kg.find import find
from kg.home import Home
from kg.server.contract import ANY, FOUND, PREFIX, Asked, Id, Row, Told, needs
from kg.server.desk import AskedDesk, Desk
from kg.server.problems import ApiError
from schemas.ontology import Ontology

MOST_QUERIES = 1_000
AT_ONCE = 50
MOST_CHARACTERS = 4 << 20
_BASE = f"{PREFIX}/reconcile"

router = APIRouter(prefix="/reconcile", dependencies=[needs("reader")], tags=["reconcile"])


class ReconcileProperty(Asked):
    """A value of another column; kg goes by the name and the type alone, so it is read and not used."""

    pid: str
    v: JsonValue


class ReconcileQuery(Asked):
    """A cell to reconcile."""

    query: Annotated[str, Field(min_length=1, max_length=1_000)]
    type: Annotated[str, Field(max_length=64)] | Annotated[list[str], Field(max_length=10)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 5
    properties: Annotated[list[ReconcileProperty], Field(max_length=100, default_factory=list)]
    type_strict: str | None = None


class Named(Told):
    """A type."""

    id: str
    name: str


class Candidate(Told):
    """An entity that a cell may mean; score in [0, 100]; match: the only one of exactly that name."""

    id: str
    name: str
    type: list[Named]
    score: float
    match: bool


class Candidates(Told):
    """What a cell may mean, the likeliest first."""

    result: list[Candidate]


class Suggestion(Told):
    """Something whose name begins like what is typed."""

    id: str
    name: str
    description: str = ""


class Suggestions(Told):
    """Suggestions, the likeliest first."""

    result: list[Suggestion]


Answer = dict[str, Candidates]
_QUERIES: TypeAdapter[dict[str, ReconcileQuery]] = TypeAdapter(
    Annotated[dict[str, ReconcileQuery], Field(min_length=1, max_length=MOST_QUERIES)]
)
Queries = Annotated[str, Query(max_length=8_192, description="a JSON object of queries by name")]


@router.get("", responses=ANY)
async def service(request: Request, desk: AskedDesk, queries: Queries = "") -> Row | Answer:
    """Describe the service, or reconcile: with `queries` as POST does."""
    if queries:
        return await _reconciled(desk, queries)
    base = str(request.base_url).rstrip("/") + _BASE
    types: list[JsonValue] = [dict(named) for named in _types(desk.config.ontology)]
    manifest: Row = {
        "versions": ["0.2"],
        "name": "kg",
        "identifierSpace": "urn:kg:entity",
        "schemaSpace": "urn:kg:type",
        "defaultTypes": types,
        "batchSize": AT_ONCE,
        "view": {"url": base.removesuffix("/reconcile") + "/entity?id={{id}}"},
        "preview": {"url": base + "/preview?id={{id}}", "width": 400, "height": 160},
        "suggest": {
            "entity": {"service_url": base, "service_path": "/suggest/entity"},
            "type": {"service_url": base, "service_path": "/suggest/type"},
        },
    }
    return manifest


@router.post("", responses=ANY)
async def reconcile(desk: AskedDesk, queries: Annotated[str, Form(max_length=MOST_CHARACTERS)]) -> Answer:
    """Reconcile cells with the catalog: `queries` is a JSON object of queries by name, each answered by its name."""
    return await _reconciled(desk, queries)


@router.get("/suggest/entity", responses=ANY)
async def suggest_entity(desk: AskedDesk, prefix: Annotated[str, Query(min_length=1, max_length=200)]) -> Suggestions:
    """Suggest entities for what is typed."""
    hits = await desk.read(lambda home: find(home, prefix, limit=10))
    return Suggestions(result=[Suggestion(id=hit.id, name=hit.name, description=hit.type) for hit in hits])


@router.get("/suggest/type", responses=ANY)
async def suggest_type(desk: AskedDesk, prefix: Annotated[str, Query(max_length=64)] = "") -> Suggestions:
    """Suggest types of entities for what is typed."""
    wanted = prefix.casefold()
    found = [named for named in _types(desk.config.ontology) if named.id.startswith(wanted)]
    return Suggestions(result=[Suggestion(id=named.id, name=named.name) for named in found])


@router.get("/preview", responses=FOUND, response_class=HTMLResponse)
async def preview(desk: AskedDesk, id: Id) -> HTMLResponse:
    """Show an entity in a small page."""
    facts = (await desk.read(lambda home: show(home, id, limit=1))).facts
    lines = (facts["type"], facts["description"], " · ".join(facts["aliases"][:10]))
    told = "".join(f"<p>{escape(str(line))}</p>" for line in lines if line)
    name = escape(str(facts["name"]))
    return HTMLResponse(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{name}</title></head>'
        f"<body><h1>{name}</h1>{told}</body></html>\n",
        headers={"Content-Security-Policy": "default-src 'none'"},
    )


async def _reconciled(desk: Desk, queries: str) -> Answer:
    try:
        asked = list(_QUERIES.validate_json(queries).items())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = "".join(f"{part}: " for part in first["loc"])
        raise ApiError(
            400, "queries", f"queries are no JSON object of queries by name: {where}{first['msg']}"
        ) from error
    answer: Answer = {}
    for start in range(0, len(asked), AT_ONCE):
        part = asked[start : start + AT_ONCE]
        answer |= await desk.read(partial(_answers, asked=part))
    return answer


def _answers(home: Home, asked: list[tuple[str, ReconcileQuery]]) -> Answer:
    return {name: _candidates(home, query) for name, query in asked}


def _candidates(home: Home, query: ReconcileQuery) -> Candidates:
    types = [query.type] if isinstance(query.type, str) else query.type or [""]
    hits = [hit for name in types for hit in find(home, query.query, type_name=name, limit=query.limit)]
    hits = sorted(dict.fromkeys(hits), key=lambda hit: -hit.score)[: query.limit]
    exact = [hit.id for hit in hits if hit.score == 1.0]
    return Candidates(
        result=[
            Candidate(
                id=hit.id,
                name=hit.name,
                type=[Named(id=hit.type, name=hit.type.replace("_", " "))] if hit.type else [],
                score=round(100 * hit.score, 2),
                match=exact == [hit.id],
            )
            for hit in hits
        ]
    )


def _types(ontology: Ontology) -> list[Named]:
    return [Named(id=known.name, name=known.name.replace("_", " ")) for known in ontology.entity_types]
