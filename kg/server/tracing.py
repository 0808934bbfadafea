"""Endpoints: how things changed over time: the mentions of an entity by date, the decisions since a run."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from kg.drift import drift
from kg.server.contract import FOUND, Id, Told, needs
from kg.server.desk import AskedDesk
from kg.timeline import timeline

router = APIRouter(dependencies=[needs("reader")], tags=["tracing"])
SinceRun = Annotated[str, Query(pattern="^([0-9a-f]{4,64})?$", description="a run; the newest that decided without")]


class PeriodTold(Told):
    """Documents published in a period that mention the entity: YYYY, YYYY-MM or YYYY-MM-DD."""

    period: str
    documents: int
    mentions: int


class TimelineTold(Told):
    """Mentions by date of publication; undated: in documents without one."""

    entity_id: str
    step: Literal["day", "month", "year"]
    periods: list[PeriodTold]
    undated: int


class StandingTold(Told):
    """Decisions at one time; bins: mentions by probability in ten bins of equal width."""

    mentions: int
    decisions: dict[str, int]
    probability: float | None
    bins: list[int]


class FlowTold(Told):
    """How many mentions went from one decision to another; before is "" for those that had none."""

    before: str
    now: str
    mentions: int


class DriftTold(Told):
    """The decisions now beside those before a run; stability: population stability index of the probabilities."""

    run_id: str
    kind: str
    complete: bool = Field(description="false when only the first mentions were compared, for there are too many")
    now: StandingTold
    before: StandingTold
    changed: int
    flows: list[FlowTold]
    stability: float | None


@router.get("/entity/timeline", responses=FOUND)
async def entity_timeline(desk: AskedDesk, id: Id) -> TimelineTold:
    """Count the mentions of an entity by the date of their documents."""
    return TimelineTold.model_validate(await desk.read(lambda home: timeline(home, id)))


@router.get("/drift", responses=FOUND)
async def decisions_drift(desk: AskedDesk, since: SinceRun = "") -> DriftTold:
    """Compare the decisions now with those before a run."""
    return DriftTold.model_validate(await desk.read_long(lambda home: drift(home, since)))
