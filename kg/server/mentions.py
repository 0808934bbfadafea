"""Endpoints: why a mention is decided as it is, why not otherwise, and what a person says of it."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from kg.decide import Verdict, decide, mentions_to_review, take_back
from kg.explain import why
from kg.server.changes import RunId, UndoneTold
from kg.server.contract import ANY, CHANGED, FOUND, LOCKED, Asked, CandidateTold, Id, Row, Told, needs, plain
from kg.server.desk import AskedDesk
from kg.why_not import why_not

router = APIRouter(tags=["mentions"])
Place = Annotated[str, Query(min_length=1, max_length=1_000, description="a mention id, or DOCUMENT:START-END")]


class WhyTold(Told):
    """A mention, its decision, and what led to it: candidates best first, what was second, every decision until now."""

    mention: Row
    decision: Row | None
    candidates: list[Row]
    runner_up: Row | None
    history: list[Row]


class WhyNotTold(Told):
    """What spoke against an entity for a mention."""

    mention: Row
    decision: Row | None
    entity_id: str
    name: str
    verdict: str
    candidate: Row | None
    winner: Row | None
    contributions: list[Row]
    doubts: list[Row]
    channels: list[Row]


class ToReview(Told):
    """A mention that a person has to look at."""

    mention_id: str
    doc_id: str
    start: int
    end: int
    surface: str
    type: str
    probability: float
    title: str
    sentence: str
    sentence_start: int = Field(description="offset of the sentence in the document")
    start_ms: int | None
    reason: str
    candidates: list[CandidateTold]


class ReviewQueue(Told):
    """What waits for a person, the most doubtful first."""

    mentions: list[ToReview]


class VerdictAsked(Asked):
    """What a mention means: an entity (id, record id or exact name), or null for nothing that the catalog has."""

    mention: Annotated[str, Field(min_length=1, max_length=1_000)]
    entity: Annotated[str, Field(min_length=1, max_length=1_000)] | None


class VerdictsAsked(Asked):
    """Verdicts that are taken together, as one run; all or none."""

    verdicts: Annotated[list[VerdictAsked], Field(min_length=1, max_length=1_000)]


class DecidedTold(Told):
    """What was decided, and the run that undo takes back."""

    run_id: str
    links: int
    nils: int


@router.get("/mention/why", responses=FOUND, dependencies=[needs("reader")])
async def why_mention(desk: AskedDesk, mention: Place) -> WhyTold:
    """Explain the decision about a mention: candidates with their evidence, the runner-up, the history."""
    return WhyTold.model_validate(plain(await desk.read(lambda home: why(home, mention))))


@router.get("/mention/why-not", responses=FOUND, dependencies=[needs("reader")])
async def why_not_mention(desk: AskedDesk, mention: Place, entity: Id) -> WhyNotTold:
    """Say what spoke against an entity for a mention, or why it was never a candidate."""
    found = await desk.read_with_models(lambda home: why_not(home, mention, entity))
    return WhyNotTold.model_validate(plain(found))


@router.get("/review/queue", responses=ANY, dependencies=[needs("reader")])
async def queue(desk: AskedDesk, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> ReviewQueue:
    """List the mentions in review, those nearest to a toss-up first."""
    rows = await desk.read(lambda home: mentions_to_review(home, limit=limit))
    return ReviewQueue(mentions=[ToReview.model_validate(row) for row in rows])


@router.post("/review/decisions", responses=CHANGED, dependencies=[needs("reviewer")], openapi_extra=LOCKED)
async def decisions(asked: VerdictsAsked, desk: AskedDesk) -> DecidedTold:
    """Decide mentions as a person; no later run overrules it. Needs the role reviewer."""
    verdicts = [Verdict(verdict.mention, verdict.entity) for verdict in asked.verdicts]
    return DecidedTold.model_validate(await desk.change(lambda home: decide(home, verdicts)))


@router.post(
    "/review/decisions/{run_id}/undo", responses=CHANGED, dependencies=[needs("reviewer")], openapi_extra=LOCKED
)
async def undo_decisions(run_id: RunId, desk: AskedDesk) -> UndoneTold:
    """Take back verdicts that were given together; needs the role reviewer, as giving them does."""
    return UndoneTold.model_validate(await desk.change(lambda home: take_back(home, run_id)))
