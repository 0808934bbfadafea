"""What all endpoints share in the description of the API: strict models, roles, the statuses that may come."""

from typing import Annotated, Any

import orjson
from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from kg.keys import Role
from kg.server.problems import responses

PREFIX = "/api/v1"
KEY_SCHEME = "key"
ANY = responses(400, 401, 413, 422, 429, 500, 503, 504)
"""Problems that any request may meet."""
FOUND = ANY | responses(404)
CHANGED = FOUND | responses(403, 409)
LOCKED: dict[str, Any] = {"security": [{KEY_SCHEME: []}]}
"""OpenAPI of an endpoint that always needs a key."""

Row = dict[str, JsonValue]
Id = Annotated[str, Query(min_length=1, max_length=1_000)]
After = Annotated[str, Query(max_length=8_192, description="token `next` of the page before; none for the first")]
PageSize = Annotated[int, Query(ge=1, le=1_000)]


class Asked(BaseModel):
    """Part of a request: exact types, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class CandidateTold(Told):
    """An entity that a mention may mean."""

    entity_id: str
    name: str
    alias: str = Field(description="the entity's name that matched best")
    channels: list[str] = Field(description="the ways of blocking that found it")
    score: float = Field(description="of the ranker, any number; higher is better")
    probability: float = Field(ge=0, le=1)


class MentionTold(Told):
    """A mention of a document with what is decided of it; decision is null before `kg resolve`."""

    mention_id: str
    doc_id: str
    start: int = Field(ge=0, description="code points, half-open")
    end: int
    surface: str
    type: str
    decision: str | None
    entity_id: str | None = None
    best_entity_id: str | None = None
    probability: float | None = None
    provisional_id: str | None = None
    time: str = Field(description="h:mm:ss, or nothing")
    start_ms: int | None = None
    speaker: str | None = None
    quote: str


class MentionPage(Told):
    """Mentions, and the token of the next page; "" after the last."""

    mentions: list[MentionTold]
    next: str


def plain(value: object) -> Any:  # noqa: ANN401 - whatever JSON has
    """Return a value of a verb, dataclasses included, as JSON has it; what is no number becomes null."""
    return orjson.loads(orjson.dumps(value, default=str, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS))


def needs(role: Role) -> Any:  # noqa: ANN401 - what FastAPI's Depends returns
    """Return the dependency that lets a request through when its key has the role."""

    async def admitted(request: Request) -> None:
        request.app.state.desk.gate.admit(request, role)

    return Depends(admitted)
