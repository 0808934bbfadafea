"""Endpoints that change the catalog, and the one that takes a run back; all need the role editor."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from kg.assign import assign
from kg.promote import promote
from kg.server.contract import CHANGED, LOCKED, Asked, Told, needs
from kg.server.desk import AskedDesk
from kg.undo import undo

router = APIRouter(dependencies=[needs("editor")], tags=["changes"])
RunId = Annotated[str, Path(pattern="^[0-9a-f]{4,64}$", description="id of a run, or its first digits")]
Name = Annotated[str, Field(min_length=1, max_length=1_000)]


class PromoteAsked(Asked):
    """A provisional entity that becomes one of the catalog; what is null is taken from its mentions."""

    provisional_id: Name
    type: Annotated[str, Field(max_length=64)] | None = None
    name: Name | None = None
    entity_id: Name | None = None
    dry_run: bool = False


class AssignAsked(Asked):
    """A provisional entity that is an entity of the catalog."""

    provisional_id: Name
    entity_id: Name
    dry_run: bool = False


class IdentifiedTold(Told):
    """What an unknown thing became; run_id is "" for a dry run."""

    provisional_id: str
    entity_id: str
    name: str
    type: str
    aliases: list[str]
    mentions: int
    documents: int
    dry_run: bool
    run_id: str


class UndoneTold(Told):
    """What an undo did: mentions that have their former decision again, and those that are undecided again."""

    undone: str
    run_id: str
    restored: int
    withdrawn: int


@router.post("/entities/promote", responses=CHANGED, openapi_extra=LOCKED)
async def promote_entity(asked: PromoteAsked, desk: AskedDesk) -> IdentifiedTold:
    """Make a provisional entity an entity of the catalog; its mentions link to it at once."""
    done = await desk.change(lambda home: promote(home, **asked.model_dump()))
    return IdentifiedTold.model_validate(done)


@router.post("/entities/assign", responses=CHANGED, openapi_extra=LOCKED)
async def assign_entity(asked: AssignAsked, desk: AskedDesk) -> IdentifiedTold:
    """Give a provisional entity to an entity of the catalog; its names become aliases."""
    done = await desk.change(lambda home: assign(home, asked.provisional_id, asked.entity_id, dry_run=asked.dry_run))
    return IdentifiedTold.model_validate(done)


@router.post("/runs/{run_id}/undo", responses=CHANGED, openapi_extra=LOCKED)
async def undo_run(run_id: RunId, desk: AskedDesk) -> UndoneTold:
    """Take back what a run decided; the log keeps all."""
    return UndoneTold.model_validate(await desk.change(lambda home: undo(home, run_id)))
