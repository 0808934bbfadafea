"""Endpoints outside the API: health, readiness, measures."""

from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response

from kg.home import Home
from kg.server.contract import ANY, Told, needs
from kg.server.desk import AskedDesk
from kg.server.metrics import MEDIA_TYPE
from kg.server.problems import busy, responses
from kg.version import VERSION

router = APIRouter(tags=["status"])


class Health(Told):
    """The process answers."""

    status: Literal["ok"]
    version: str


class Ready(Told):
    """The stores answer and there is a catalog."""

    status: Literal["ready"]
    graph: str
    mentions: str
    index_version: str


@router.get("/health")
async def health() -> Health:
    """Say that the process answers."""
    return Health(status="ok", version=VERSION)


@router.get("/ready", responses=responses(500, 503, 504))
async def ready(desk: AskedDesk) -> Ready:
    """Say whether requests can be answered: the stores answer, and there is a catalog."""
    graph, mentions = await desk.read(_stores)
    if not desk.served.index_version:
        raise busy("there is no catalog yet", name="no-catalog", after_s=30)
    return Ready(status="ready", graph=graph, mentions=mentions, index_version=desk.served.index_version)


@router.get(
    "/metrics",
    responses={**ANY, 200: {"description": "measures", "content": {"text/plain": {"schema": {"type": "string"}}}}},
    response_class=Response,
    dependencies=[needs("reader")],
)
async def metrics(desk: AskedDesk) -> Response:
    """Tell the measures in the text format of Prometheus."""
    return Response(desk.measure(), media_type=MEDIA_TYPE)


def _stores(home: Home) -> tuple[str, str]:
    return home.graph.check(), home.mentions.check()
